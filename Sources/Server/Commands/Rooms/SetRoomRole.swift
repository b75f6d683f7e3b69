import Community
import LyceumProtocol

/// `room.set_role`: what a member is in this room, whatever they are elsewhere.
struct SetRoomRole: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("member", .number),
        .required("role", .word(["moderator", "mentor", "member", "guest", "none"])),
    ]
    static let answer: [Field] = []

    let room: RoomID?
    private let member: MemberID
    /// `nil` takes the override away.
    private let role: Role?

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        member = MemberID(try fields.integer("member"))
        role = Role(rawValue: try fields.string("role"))
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let actor = try context.requireActor()
        let room = try context.room(room)
        guard let target = context.community.members[member],
            var membership = context.community.membership(of: member, in: room.id)
        else { throw Refusal.notFound }
        guard target.role != .bot else { throw Refusal.botHasNoRole }
        let ceiling = context.rank(of: actor, in: room)
        guard context.rank(of: target, in: room) < ceiling, (role?.rank ?? 0) < ceiling else {
            throw Refusal(.forbidden, "You may not give or take a role at or above your own.")
        }
        membership.role = role
        try context.apply(.joined(room.id, member, membership))
        try context.tell(.roleChanged, to: member) { json in
            json.field("room", room.id.rawValue)
            json.field("role", (role ?? target.role).rawValue)
        }
        try context.audit("room.set_role", room: room.id, member: member) { $0.field("role", role?.rawValue) }
        return emptyObject
    }
}
