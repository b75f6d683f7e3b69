import Community
import LyceumProtocol

/// `session.open`: signs a connection in by name and password, by token or by ticket, and resumes where it left off.
struct OpenSession: Command, LiveCommand {
    static let fields: [Field] = [
        .optional("name", .string(1...128)), .optional("password", .string(1...1024)),
        .optional("token", .string(1...100)), .optional("ticket", .string(1...100)),
        .optional("label", .string(0...100)), .optional("cookie", .boolean),
        .optional("intents", .array(.word(BotIntents.names.map(\.name)), atMost: 10)),
        .optional(
            "resume",
            .array(.object("{\"room\",\"epoch\",\"seq\"}, or {\"stream\":\"me\",\"epoch\",\"seq\"}"), atMost: 10_000)),
    ]
    static let answer: [Field] = [
        .required("session", .number), .optional("token", .string(43...43)),
        .required("member", .object("id, name, role, roles")), .optional("me", .object("epoch, seq")),
        .optional("rooms", .array(.object(RoomEntry.fields), atMost: 100_000)),
        .optional("resumed", .array(.object("room or stream, and replay or reset"), atMost: 10_000)),
        .optional("appeal_only", .boolean),
        .optional("bot", .object("owner, scopes, intents, per_minute: how it stands with a bot that signs in")),
    ]

    /// How the member shows who they are.
    private enum Proof: Sendable {
        case password(name: String, password: String)
        case token(String)
        case ticket(String)
    }

    var room: RoomID? { nil }
    private let proof: Proof
    private let label: String
    private let resume: ResumeRequest
    /// What a bot wants to be told on this connection, if not what it is set to.
    private let intents: BotIntents?

    init(_ fields: CommandFields) throws(JSONError) {
        label = fields.optionalString("label") ?? ""
        resume = try ResumeRequest(fields.json["resume"])
        intents = fields.json["intents"]?.elements.map { BotIntents(wireNames: $0.compactMap(\.string)) }
        if let token = fields.optionalString("token") {
            proof = .token(token)
        } else if let ticket = fields.optionalString("ticket") {
            proof = .ticket(ticket)
        } else {
            proof = .password(name: try fields.string("name"), password: try fields.string("password"))
        }
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        if let client = call.client, client.session != nil {
            throw Refusal(.conflict, "This connection is signed in already.")
        }
        switch proof {
        case .token(let token):
            guard let session = call.server.session(forToken: token) else {
                throw Refusal(.unauthenticated, "This token opens no session.")
            }
            try proceed(session, token: nil, in: call)
        case .ticket(let ticket):
            let now = call.server.now()
            guard let id = call.server.tickets.redeem(ticket, at: now),
                let session = call.server.committed.withLock({ $0.session(id) })
            else { throw Refusal(.unauthenticated, "This ticket opens no session.") }
            try proceed(session, token: nil, in: call)
        case .password(let name, let password): try verify(name, password, in: call)
        }
        return nil
    }

    private func proceed(_ session: Session, token: String?, in call: LiveCall) throws(Refusal) {
        try call.hub.signIn(session, token: token, resume: resume, intents: intents, call)
    }

    /// Checks the password off the loop. Unknown names take as long and are refused alike (A15).
    private func verify(_ name: String, _ password: String, in call: LiveCall) throws(Refusal) {
        let server = call.server
        let (account, address) = (NameRules.key(of: name), call.actor.address)
        let wait = server.loginLimiter.withLock { $0.delay(account: account, address: address, at: server.now()) }
        guard wait == 0 else {
            throw Refusal(.rateLimited, "Too many failed sign-ins; wait a moment.", retryAfterMilliseconds: wait)
        }
        // Counted before it is known, so that many guesses under way at once count as many.
        server.loginLimiter.withLock { $0.failed(account: account, address: address, at: server.now()) }
        let (reply, loop, isSocket) = (call.address, call.address.loop, call.client != nil)
        try server.hashPool.submit { [self] in
            guard let member = server.verify(name: name, password: password) else {
                server.tell([(reply, .refused(Refusal(.unauthenticated, "Name or password is wrong.")))])
                return
            }
            server.loginLimiter.withLock { $0.succeeded(account: account, address: address, at: server.now()) }
            let token = Secrets.makeToken()
            let creation = CreateSession(member: member, token: token, label: label)
            server.write(creation, as: Actor(member: member, address: address)) { outcome in
                server.onHub(loop) { hub in
                    hub.finishSignIn(outcome, token: token, resume: resume, reply: reply, isSocket: isSocket)
                }
            }
        }
    }
}

/// The part of signing in by password that changes the record.
struct CreateSession: WriteCommand {
    let member: MemberID
    let token: String
    let label: String
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        _ = try context.open(token, for: member, label: label)
        return emptyObject
    }
}

extension ServerState {
    /// The session a token opens. A ban ends those that are open; who signs in while it lasts may object to it, and the
    /// gate admits nothing else.
    func session(forToken token: String) -> Session? {
        let hash = Secrets.hash(token)
        return committed.withLock { $0.sessions[hash] }
    }

    func isBanned(_ member: MemberID) -> Bool {
        let now = now()
        return committed.withLock { $0.members[member]?.isBanned(at: now) ?? true }
    }

    /// Whose name and password these are. Runs on the hash pool.
    ///
    /// A name that nobody has takes the same way: the same question to the store, and a hash of the same cost that no
    /// password has. Whether an account exists is then told by neither answer nor time.
    func verify(name: String, password: String) -> MemberID? {
        let member = committed.withLock { $0.member(named: name)?.id }
        let stored = try? store.read { try $0.passwordHash(of: member ?? MemberID(0)) }
        let isRight = PasswordHash.verify(password, against: stored ?? decoyHash)
        return isRight && stored != nil ? member : nil
    }

    /// Hands a command to the writer on somebody's behalf; the outcome answers `address` by itself.
    func write(
        _ command: any WriteCommand, needs requirement: Requirement, as actor: Actor, answering address: ReplyAddress
    ) {
        tryToSubmit(Submission(command, needs: requirement, as: actor, reply: address, through: self))
    }

    /// As above, with an outcome that `completion` passes on.
    func write(
        _ command: any WriteCommand, needs requirement: Requirement, as actor: Actor, byteCount: Int,
        completion: @escaping @Sendable (Outcome) -> Void
    ) {
        tryToSubmit(
            Submission(
                command, needs: requirement, as: actor, byteCount: byteCount, through: self, completion: completion))
    }

    /// Hands a command to the writer on somebody's behalf, and calls `completion` on its thread after the commit.
    func write(_ command: any WriteCommand, as actor: Actor, completion: (@Sendable (Outcome) -> Void)? = nil) {
        tryToSubmit(Submission(command, needs: .anyone, as: actor, through: self, completion: completion))
    }

    private func tryToSubmit(_ submission: Submission) {
        do {
            try submit(submission)
        } catch {
            if let address = submission.reply { tell([(address, .refused(error))]) }
            submission.completion?(.refused(error))
        }
    }
}
