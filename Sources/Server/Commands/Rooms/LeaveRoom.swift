import Community
import LyceumProtocol

/// `room.leave`.
struct LeaveRoom: Command, WriteCommand {
    static let fields: [Field] = [.required("room", .number)]
    static let answer: [Field] = []

    let room: RoomID?
    var freesSpace: Bool { true }

    init(_ fields: CommandFields) throws(JSONError) { room = try fields.room() }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        try context.leave(member.id, room.id, by: member.id, reason: "left")
        return emptyObject
    }
}

/// `room.remove`: a moderator of the room takes somebody out of it.
struct RemoveFromRoom: Command, WriteCommand {
    static let fields: [Field] = [.required("room", .number), .required("member", .number)]
    static let answer: [Field] = []

    let room: RoomID?
    var freesSpace: Bool { true }
    private let member: MemberID

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        member = MemberID(try fields.integer("member"))
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let actor = try context.requireActor()
        let room = try context.room(room)
        let remover = try context.requirePerson()
        guard let target = context.community.members[member],
            context.community.membership(of: member, in: room.id) != nil
        else { throw Refusal.notFound }
        guard room.kind != .direct else { throw Refusal(.forbidden, "Nobody is removed from a direct room.") }
        guard context.rank(of: target, in: room) < context.rank(of: remover, in: room) else {
            throw Refusal(.forbidden, "You may not remove somebody of your own rank or above.")
        }
        try context.leave(member, room.id, by: actor.id, reason: "removed")
        try context.tell(.roomRemoved, to: member) { $0.field("room", room.id.rawValue) }
        try context.audit("room.remove", room: room.id, member: member)
        return emptyObject
    }
}

extension WriteContext {
    /// A member's rank where a room role counts: in the room.
    func rank(of member: Member, in room: Room) -> Int {
        if member.role.rank >= Role.admin.rank { return member.role.rank }
        return (community.membership(of: member.id, in: room.id)?.role ?? member.role).rank
    }
}
