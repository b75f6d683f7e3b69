import Community
import LyceumProtocol

/// `member.block`: neither is recommended to the other any more, nor named to them as a reason.
struct BlockMember: Command, WriteCommand {
    static let fields: [Field] = [.required("member", .number)]
    static let answer: [Field] = []
    /// Whom one member can block.
    private static let limit = 10_000

    var room: RoomID? { nil }
    private let member: MemberID

    init(_ fields: CommandFields) throws(JSONError) { member = MemberID(try fields.integer("member")) }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let actor = try context.requireActor()
        guard context.community.members[member] != nil, member != actor.id else { throw Refusal.notFound }
        let blocked = context.community.blocked(by: actor.id)
        guard blocked.count < Self.limit else { throw Refusal(.conflict, "You have blocked too many members.") }
        if !blocked.contains(member) { try context.apply(.blocked(actor.id, member)) }
        return emptyObject
    }
}

/// `member.unblock`.
struct UnblockMember: Command, WriteCommand {
    static let fields = BlockMember.fields
    static let answer: [Field] = []

    var room: RoomID? { nil }
    private let member: MemberID

    init(_ fields: CommandFields) throws(JSONError) { member = MemberID(try fields.integer("member")) }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let actor = try context.requireActor()
        if context.community.isBlocked(member, by: actor.id) { try context.apply(.unblocked(actor.id, member)) }
        return emptyObject
    }
}
