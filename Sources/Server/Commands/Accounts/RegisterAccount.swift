import Community
import LyceumProtocol

/// `account.register`: makes an account and signs it in.
struct RegisterAccount: Command, LiveCommand {
    static let fields: [Field] = [
        .required("name", .string(1...128)), .required("password", .string(1...1024)),
        .optional("invite", .string(1...100)), .optional("label", .string(0...100)), .optional("cookie", .boolean),
    ]
    static let answer: [Field] = [
        .required("member", .number), .required("token", .string(43...43)), .required("session", .number),
    ]

    var room: RoomID? { nil }
    private let name: String
    private let password: String
    private let invite: String?
    private let label: String

    init(_ fields: CommandFields) throws(JSONError) {
        name = try fields.string("name")
        password = try fields.string("password")
        invite = fields.optionalString("invite")
        label = fields.optionalString("label") ?? ""
        guard NameRules.isValidForMember(name) else { throw .field("name", NameRules.description) }
        try Self.check(password)
    }

    static func check(_ password: String) throws(JSONError) {
        let range = PasswordHash.passwordLength
        guard range.contains(password.utf8.count) else {
            throw .field("password", "\(range.lowerBound) to \(range.upperBound) bytes long")
        }
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let server = call.server
        try checkMode(server.settings.accounts.registration)
        let now = server.now()
        guard server.registrationLimiter.withLock({ $0.admit(call.actor.address, at: now) }) else {
            throw Refusal(
                .rateLimited, "Too many new accounts from your network; try again later.",
                retryAfterMilliseconds: 60_000)
        }
        let (actor, address) = (call.actor, call.address)
        try server.hashPool.submit { [self] in
            guard let hash = server.settings.accounts.passwordHash.hash(password) else {
                server.tell([(address, .refused(Refusal(.internal, "The password could not be hashed.")))])
                return
            }
            let creation = CreateAccount(
                name: name, passwordHash: hash, invite: invite, label: label,
                isClosed: server.settings.accounts.registration == .closed)
            server.write(creation, needs: .anyone, as: actor, answering: address)
        }
        return nil
    }

    private func checkMode(_ mode: AccountSettings.Registration) throws(Refusal) {
        switch mode {
        case .open: return
        case .invite where invite != nil: return
        // The link that makes the first owner works whatever the mode is.
        case .closed where invite != nil: return
        case .invite: throw Refusal(.forbidden, "An invite is needed to register here.")
        case .closed: throw Refusal(.forbidden, "Registration is closed.")
        }
    }
}

/// The part of a registration that changes the record.
struct CreateAccount: WriteCommand {
    let name: String
    let passwordHash: String?
    let invite: String?
    let label: String
    /// What the account becomes without an invite.
    var role: Role = .member
    /// Whether only the invite of the first owner opens the door.
    var isClosed = false
    var room: RoomID? { nil }
    var texts: [SubmittedText] { [SubmittedText(kind: .name, text: name)] }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let invite = try invite.map { try context.openInvite($0) }
        if isClosed, invite?.role != .owner {
            throw Refusal(.forbidden, "Registration is closed.")
        }
        try context.claimName(name)
        if let invite { try context.use(invite) }
        let member = Member(
            id: try context.transaction.makeMemberID(), name: name, role: invite?.role ?? role, createdAt: context.now)
        try context.apply(.member(member))
        try context.noteForReview(context.judgement(on: .name), .init(subject: .name, text: name, member: member.id))
        if let passwordHash { try context.transaction.setPasswordHash(passwordHash, of: member.id) }
        if let room = invite?.room { try context.join(member, room) }
        let token = Secrets.makeToken()
        let session = try context.open(token, for: member.id, label: label)
        return object { json in
            json.field("member", member.id.rawValue)
            json.field("token", token)
            json.field("session", session.id.rawValue)
        }
    }
}

extension WriteContext {
    /// Starts a session for `token`. A member's oldest sessions end beyond the limit.
    func open(_ token: String, for member: MemberID, label: String) throws -> Session {
        let excess = community.sessions(of: member).count - settings.sessionsPerMember + 1
        if excess > 0 { try end(Array(community.sessions(of: member).prefix(excess)), code: .revoked) }
        let session = Session(
            id: try transaction.makeSessionID(), member: member, token: Secrets.hash(token), createdAt: now,
            label: label)
        try apply(.session(session))
        return session
    }
}
