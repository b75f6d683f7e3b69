import Community
import LyceumProtocol

/// `room.invite`: brings a member into the room, or makes a code for whoever holds it.
struct InviteToRoom: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .optional("member", .number), .optional("expires_s", .integer(60...31_536_000)),
        .optional("uses", .integer(1...100_000)),
    ]
    static let answer: [Field] = [.optional("invite", .string(1...100)), .optional("expires_at", .number)]

    let room: RoomID?
    private let member: MemberID?
    private let terms: InviteTerms

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        member = fields.optionalInteger("member").map(MemberID.init)
        terms = InviteTerms(fields)
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let actor = try context.requireActor()
        let room = try context.room(room)
        guard room.kind != .direct else { throw Refusal(.forbidden, "Nobody is invited into a direct room.") }
        guard let member else {
            return try terms.makeInvite(room: room.id, role: .guest, by: actor.id, in: context)
        }
        guard let invited = context.community.members[member], !invited.isBanned(at: context.now) else {
            throw Refusal.notFound
        }
        if context.community.membership(of: member, in: room.id) != nil { return emptyObject }
        try context.checkMayEnter(member, room.id)
        try context.join(invited, room.id)
        try context.tell(.roomAdded, to: member) { json in
            json.field("room", room.id.rawValue)
            json.field("by", actor.id.rawValue)
        }
        return emptyObject
    }
}

/// `community.invite`: a code with which somebody may register.
struct InviteToCommunity: Command, WriteCommand {
    static let fields: [Field] = [
        .optional("role", .word(["mentor", "member", "guest"])), .optional("expires_s", .integer(60...31_536_000)),
        .optional("uses", .integer(1...100_000)),
    ]
    static let answer: [Field] = [.required("invite", .string(1...100)), .required("expires_at", .number)]

    var room: RoomID? { nil }
    private let role: Role
    private let terms: InviteTerms

    init(_ fields: CommandFields) throws(JSONError) {
        role = fields.optionalString("role").flatMap(Role.init(rawValue:)) ?? .member
        terms = InviteTerms(fields)
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        try terms.makeInvite(room: nil, role: role, by: try context.requireActor().id, in: context)
    }
}

/// How long and how often an invite works.
private struct InviteTerms {
    let lifetimeSeconds: Int64
    let uses: Int64

    init(_ fields: CommandFields) {
        lifetimeSeconds = fields.optionalInteger("expires_s") ?? 7 * 24 * 3600
        uses = fields.optionalInteger("uses") ?? 1
    }

    func makeInvite(room: RoomID?, role: Role, by: MemberID, in context: WriteContext) throws -> [UInt8] {
        let code = Secrets.makeInviteCode()
        let expiry = context.now + lifetimeSeconds * 1000
        try context.transaction.put(
            Invite(
                code: Secrets.hash(code), room: room, role: role, createdBy: by, expiresAt: expiry, usesLeft: uses))
        return object { json in
            json.field("invite", code)
            json.field("expires_at", expiry)
        }
    }
}
