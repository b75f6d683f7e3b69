import Community
import LyceumProtocol

/// `member.get`: names and roles of members by id; those that do not exist, or that are none of a guest's business, are
/// left out.
struct GetMembers: Command, ReadCommand {
    static let fields: [Field] = [.required("members", .array(.number, atMost: 200))]
    static let answer: [Field] = [.required("members", .array(.object("id, name, role"), atMost: 200))]

    var room: RoomID? { nil }
    private let members: [MemberID]

    init(_ fields: CommandFields) throws(JSONError) {
        members = (fields.optionalIntegers("members") ?? []).map(MemberID.init)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let strangers = try strangers(in: context)
        let found = context.community { community in
            members.filter { !strangers.contains($0) }.compactMap { community.members[$0] }
        }
        return object { json in
            json.field("members", array: found) { json, member in
                json.object { json in
                    json.field("id", member.id.rawValue)
                    json.field("name", member.name)
                    json.field("role", member.role.rawValue)
                }
            }
        }
    }

    /// Those whom the asking member never shared a room with. Who has left one still stands in its history.
    private func strangers(in context: ReadContext) throws -> Set<MemberID> {
        let (rooms, absent) = context.community { community in
            (
                community.roomIDs(of: context.member),
                Set(members).filter { !Gate.mayName($0, to: context.member, of: community) }
            )
        }
        return try absent.filter { member in
            try !context.reader.events(naming: member).contains { $0.kind == .memberJoined && rooms.contains($0.room) }
        }
    }
}

/// `member.set_role`: what a member is in the community; below one's own role only.
struct SetMemberRole: Command, WriteCommand {
    static let fields: [Field] = [
        .required("member", .number),
        .required("role", .word(["owner", "admin", "moderator", "mentor", "member", "guest"])),
    ]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    private let member: MemberID
    private let role: Role

    init(_ fields: CommandFields) throws(JSONError) {
        member = MemberID(try fields.integer("member"))
        role = Role(rawValue: try fields.string("role")) ?? .guest
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let actor = try context.requireActor()
        guard var target = context.community.members[member] else { throw Refusal.notFound }
        guard target.role != .bot else { throw Refusal.botHasNoRole }
        // An owner may make another owner; everybody else stays below their own rank, themselves included.
        let ceiling = actor.role == .owner ? Role.owner.rank + 1 : actor.role.rank
        guard target.role.rank < ceiling, role.rank < ceiling, target.id != actor.id else {
            throw Refusal(.forbidden, "You may not give or take a role at or above your own.")
        }
        target.role = role
        try context.apply(.member(target))
        try context.tell(.roleChanged, to: member) { $0.field("role", role.rawValue) }
        try context.audit("member.set_role", member: member) { $0.field("role", role.rawValue) }
        return emptyObject
    }
}

/// `me.history`: a page of one's own stream.
struct GetMeHistory: Command, ReadCommand {
    static let fields: [Field] = [.optional("after", .position), .optional("limit", .integer(1...200))]
    static let answer: [Field] = [
        .required("events", .array(.object("an event of the me stream"), atMost: 200)), .optional("next", .number),
    ]

    var room: RoomID? { nil }
    private let after: SequenceNumber
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        after = fields.optionalInteger("after") ?? 0
        limit = Int(fields.optionalInteger("limit") ?? 50)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let events = try context.reader.meEvents(of: context.member, after: after, limit: limit + 1)
        return object { json in
            json.field("events", array: events.prefix(limit)) { $0.raw($1.body) }
            if events.count > limit { json.field("next", events[limit - 1].seq) }
        }
    }
}
