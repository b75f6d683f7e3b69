import Community
import LyceumProtocol

/// `raid.set`: from now on, and for a time, posts of newcomers wait for a moderator; in a room or everywhere.
struct SetRaidMode: Command, WriteCommand {
    static let fields: [Field] = [
        .optional("room", .number), .required("on", .boolean), .optional("seconds", .integer(60...604_800)),
    ]
    static let answer: [Field] = [.optional("until", .number)]

    var room: RoomID? { nil }
    private let place: RoomID?
    private let isOn: Bool
    private let seconds: Int64

    init(_ fields: CommandFields) throws(JSONError) {
        place = fields.optionalInteger("room").map { RoomID($0) }
        isOn = fields.optionalBool("on") ?? false
        seconds = fields.optionalInteger("seconds") ?? 3600
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let until = isOn ? context.now + seconds * 1000 : nil
        if let place {
            try context.require(.seeing(.moderate), in: place)
            var room = try context.room(place)
            room.rules.moderation.raidUntil = until
            try context.apply(.room(room))
        } else {
            try context.require(.community(.moderate))
            try context.apply(.raid(until: until))
        }
        try context.tellReview(.raid, about: place) { json in
            json.field("room", place?.rawValue)
            json.field("until", until)
            json.field("by", context.actor.member?.rawValue)
        }
        try context.audit("raid.set", room: place) { $0.field("until", until) }
        return object { $0.field("until", until) }
    }
}

/// `raid.list`: where newcomers' posts wait at the moment, among the places that the asking moderator reviews.
struct ListRaidModes: Command, ReadCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [
        .required("modes", .array(.object("room?, absent for everywhere; until"), atMost: 100_000))
    ]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func answer(in context: ReadContext) throws -> [UInt8] {
        let modes = context.community { community in
            let rooms = community.rooms.values.map { ($0.id as RoomID?, $0.rules.moderation.raidUntil) }
            return ([(nil, community.raidUntil)] + rooms.sorted { ($0.0?.rawValue ?? 0) < ($1.0?.rawValue ?? 0) })
                .compactMap { room, until in until.map { (room: room, until: $0) } }
                .filter { $0.until > context.now && Gate.mayReview($0.room, context.member, of: community) }
        }
        return object { json in
            json.field("modes", array: modes) { json, mode in
                json.object { json in
                    json.field("room", mode.room?.rawValue)
                    json.field("until", mode.until)
                }
            }
        }
    }
}
