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
        try context.audit("raid.set", room: place) { $0.field("until", until) }
        return object { $0.field("until", until) }
    }
}
