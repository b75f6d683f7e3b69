import Community
import LyceumProtocol

/// `room.update`: changes what is given and leaves the rest.
struct UpdateRoom: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .optional("title", .string(0...200)), .optional("topic", .string(0...1000)),
        .optional("slow_mode_s", .integer(0...21_600)), .optional("members_only_post", .boolean),
        .optional("archived", .boolean),
        .optional("moderation", .object("flag, hold, block: scores; first_posts; null or absent: as the community")),
        .optional("permissions", .object("role → {\"allow\": [permission], \"deny\": [permission]}")),
    ]
    static let answer: [Field] = [.optional("seq", .number)]

    let room: RoomID?
    private let title: String?
    private let topic: String?
    private let slowModeSeconds: Int64?
    private let isAnnouncement: Bool?
    private let isArchived: Bool?
    private let overrides: [Role: RoomRules.Override]?
    private let moderation: ModerationChange?
    var texts: [SubmittedText] {
        [title.map { SubmittedText(kind: .title, text: $0) }, topic.map { SubmittedText(kind: .topic, text: $0) }]
            .compactMap { $0 }
    }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        title = fields.optionalString("title")
        topic = fields.optionalString("topic")
        slowModeSeconds = fields.optionalInteger("slow_mode_s")
        isAnnouncement = fields.optionalBool("members_only_post")
        isArchived = fields.optionalBool("archived")
        moderation = try fields.json["moderation"].map { value throws(JSONError) in try ModerationChange(value) }
        overrides = try Self.overrides(fields.json["permissions"])
    }

    private static func overrides(_ value: JSONValue?) throws(JSONError) -> [Role: RoomRules.Override]? {
        guard let value else { return nil }
        let object = try JSONObject(value)
        var overrides: [Role: RoomRules.Override] = [:]
        for key in object.keys {
            guard let role = Role(rawValue: key), let entry = object[dynamic: key] else {
                throw .field("permissions", "an object whose names are roles")
            }
            let sides = try JSONObject(entry)
            overrides[role] = RoomRules.Override(
                allow: try permissions(sides["allow"]), deny: try permissions(sides["deny"]))
        }
        return overrides
    }

    private static func permissions(_ value: JSONValue?) throws(JSONError) -> Permission {
        var permissions: Permission = []
        for element in value?.elements ?? [] {
            guard let name = element.string, let permission = Permission(roomScopedName: name) else {
                throw .field("permissions", "made of \(Permission.roomScopedNames.joined(separator: ", "))")
            }
            permissions.insert(permission)
        }
        return permissions
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let actor = try context.requireActor()
        var room = try context.room(room)
        guard room.kind != .direct else { throw Refusal(.forbidden, "A direct room has no settings.") }
        let before = room
        if let title { room.title = try context.admit(title, as: .title) }
        if let topic { room.topic = try context.admit(topic, as: .topic) }
        if let slowModeSeconds { room.rules.slowModeSeconds = slowModeSeconds }
        if let isAnnouncement { room.rules.isAnnouncement = isAnnouncement }
        if let isArchived { room.isArchived = isArchived }
        moderation?.apply(to: &room.rules.moderation)
        if let overrides { room.rules.overrides = overrides }
        guard room != before else { return emptyObject }
        try context.apply(.room(room))
        let event = try context.append(.roomUpdated, in: room.id, by: actor.id) { json in
            if room.title != before.title { json.field("title", room.title) }
            if room.topic != before.topic { json.field("topic", room.topic) }
            if room.rules.slowModeSeconds != before.rules.slowModeSeconds {
                json.field("slow_mode_s", room.rules.slowModeSeconds)
            }
            if room.rules.isAnnouncement != before.rules.isAnnouncement {
                json.field("members_only_post", room.rules.isAnnouncement)
            }
            if room.isArchived != before.isArchived { json.field("archived", room.isArchived) }
        }
        try note(room, before, event, by: actor.id, in: context)
        return object { $0.field("seq", event.seq) }
    }

    private func note(
        _ room: Room, _ before: Room, _ event: RoomEvent, by actor: MemberID, in context: WriteContext
    ) throws {
        if let title, room.title != before.title {
            try context.noteForReview(
                context.judgement(on: .title),
                .init(
                    subject: .title, text: title, room: room.id, member: actor, seq: event.seq, shown: room.title))
        }
        if let topic, room.topic != before.topic {
            try context.noteForReview(
                context.judgement(on: .topic),
                .init(
                    subject: .topic, text: topic, room: room.id, member: actor, seq: event.seq, shown: room.topic))
        }
    }
}

/// The field `moderation`: what stands in it replaces what the room says, `null` takes it away.
private struct ModerationChange: Sendable {
    private let flag, hold, block: Double?
    private let firstPosts: Int64?

    init(_ value: JSONValue) throws(JSONError) {
        let json = try JSONObject(value)
        flag = try Self.score("flag", json)
        hold = try Self.score("hold", json)
        block = try Self.score("block", json)
        firstPosts = json["first_posts"]?.integer
        if let firstPosts, !(0...100).contains(firstPosts) {
            throw .field("moderation.first_posts", "an integer in 0...100")
        }
    }

    private static func score(_ name: String, _ json: JSONObject) throws(JSONError) -> Double? {
        guard let value = json[dynamic: name] else { return nil }
        guard let score = value.number, (0...1000).contains(score) else {
            throw .field("moderation.\(name)", "a number in 0...1000")
        }
        return score
    }

    func apply(to moderation: inout RoomModeration) {
        (moderation.flag, moderation.hold, moderation.block) = (flag, hold, block)
        moderation.firstPosts = firstPosts
    }
}
