import Community
import LyceumProtocol

/// `account.password`: a new password; every other session of the member ends.
struct ChangePassword: Command, LiveCommand {
    static let fields: [Field] = [
        .required("password", .string(1...1024)), .required("new_password", .string(1...1024)),
    ]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    private let password: String
    private let newPassword: String

    init(_ fields: CommandFields) throws(JSONError) {
        password = try fields.string("password")
        newPassword = try fields.string("new_password")
        try RegisterAccount.check(newPassword)
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let server = call.server
        guard let id = call.actor.member, let member = server.committed.withLock({ $0.members[id] }) else {
            throw Refusal(.unauthenticated, "Sign in first.")
        }
        let account = NameRules.key(of: member.name)
        let wait = server.loginLimiter.withLock { limiter in
            limiter.delay(account: account, address: call.actor.address, at: server.now())
        }
        guard wait == 0 else {
            throw Refusal(.rateLimited, "Too many failed tries; wait a moment.", retryAfterMilliseconds: wait)
        }
        let (actor, address) = (call.actor, call.address)
        // Counted before it is known, so that many guesses under way at once count as many.
        server.loginLimiter.withLock { $0.failed(account: account, address: actor.address, at: server.now()) }
        try server.hashPool.submit { [self] in
            guard server.verify(name: member.name, password: password) == member.id else {
                server.tell([(address, .refused(Refusal(.forbidden, "The password is wrong.")))])
                return
            }
            server.loginLimiter.withLock { $0.succeeded(account: account, address: actor.address, at: server.now()) }
            guard let hash = server.settings.accounts.passwordHash.hash(newPassword) else {
                server.tell([(address, .refused(Refusal(.internal, "The password could not be hashed.")))])
                return
            }
            server.write(StorePassword(hash: hash), needs: .signedIn, as: actor, answering: address)
        }
        return nil
    }
}

/// The part of a password change that changes the record.
private struct StorePassword: WriteCommand {
    let hash: String
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        try context.transaction.setPasswordHash(hash, of: member.id)
        let others = context.community.sessions(of: member.id).filter { $0.id != context.actor.session }
        try context.end(others, code: .revoked)
        return emptyObject
    }
}
