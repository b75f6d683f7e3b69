import Community
import LyceumProtocol

/// `room.join`: enters a public room, or with an invite code the room it opens.
struct JoinRoom: Command, WriteCommand {
    static let fields: [Field] = [.optional("room", .number), .optional("invite", .string(1...100))]
    static let answer: [Field] = [.required("room", .number), .required("entry", .object(RoomEntry.fields))]

    let room: RoomID?
    private let invite: String?

    init(_ fields: CommandFields) throws(JSONError) {
        room = fields.optionalInteger("room").map(RoomID.init)
        invite = fields.optionalString("invite")
        guard room != nil || invite != nil else { throw .field("room", "given where \"invite\" is not") }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let id = try target(in: context)
        guard context.community.membership(of: member.id, in: id) == nil else { return try context.entry(of: id) }
        try context.checkMayEnter(member.id, id)
        if let invite { try context.use(try context.openInvite(invite)) }
        try context.join(member, id)
        return try context.entry(of: id)
    }

    private func target(in context: WriteContext) throws -> RoomID {
        if let invite {
            guard let id = try context.openInvite(invite).room, room == nil || room == id else {
                throw Refusal.notFound
            }
            return id
        }
        try context.require(.seeing([]), in: room)
        let room = try context.room(room)
        if context.community.membership(of: try context.requireActor().id, in: room.id) == nil {
            try context.require(.community(.join))
        }
        return room.id
    }
}

extension WriteContext {
    /// The invite behind a code that may still be used. Unknown, expired and used-up codes are refused alike.
    func openInvite(_ code: String) throws -> Invite {
        guard let invite = try transaction.invite(Secrets.hash(code)), invite.usesLeft > 0, invite.expiresAt > now
        else {
            throw Refusal(.notFound, "This invite does not exist or is no longer valid.")
        }
        return invite
    }

    func use(_ invite: Invite) throws {
        var invite = invite
        invite.usesLeft -= 1
        try transaction.put(invite)
    }
}
