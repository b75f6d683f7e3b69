import Community
import LyceumProtocol

/// `webhook.post`, or `POST /v1/hooks/{secret}`: a post by whoever knows an incoming webhook's secret.
///
/// The body is that of Slack's incoming webhooks, `{"text": …}`; of its other fields only `name` (for `username`) has a
/// meaning, and it stands before the text instead of hiding who speaks: the hook's own account does. The text is judged
/// as a bot's.
struct PostThroughWebhook: Command, LiveCommand {
    static let fields: [Field] = [
        .required("secret", .string(1...1000)), .required("text", .string(1...32_000)),
        .optional("name", .string(1...64)), .optional("nonce", .string(1...64)),
    ]
    static let answer: [Field] = PostMessage.answer

    var room: RoomID? { nil }
    private let token: TokenHash
    private let text: String
    private let nonce: String

    init(_ fields: CommandFields) throws(JSONError) {
        token = Secrets.hash(try fields.string("secret"))
        let text = try fields.string("text")
        self.text = fields.optionalString("name").map { "\($0): \(text)" } ?? text
        nonce = fields.optionalString("nonce") ?? Secrets.base64URL(Secrets.randomBytes(16))
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let (server, now) = (call.server, call.server.now())
        let hook = server.committed.withLock { community in
            community.webhook(token: token).flatMap { Gate.mayPost($0, of: community, at: now) ? $0 : nil }
        }
        guard let hook, let incoming = hook.incoming else {
            guard server.webhookGuessLimiter.withLock({ $0.admit(call.actor.address, at: now) }) else {
                throw Refusal(.rateLimited, "Too many requests; slow down.", retryAfterMilliseconds: 2000)
            }
            throw .notFound
        }
        guard server.webhookLimiter.withLock({ $0.admit("\(hook.id)", at: now) }) else {
            throw Refusal(.rateLimited, "This webhook posts too often; slow down.", retryAfterMilliseconds: 1000)
        }
        let post = PostFromOutside(hook: hook.id, post: PostMessage(text, in: incoming.room, nonce: nonce))
        let actor = Actor(member: incoming.member, address: call.actor.address)
        try server.submit(
            Submission(
                post, needs: .anyone, as: actor, reply: call.address, byteCount: text.utf8.count + 512, through: server)
        )
        return nil
    }
}

/// The post itself, where nothing can come between the question whether the hook may and what it does.
private struct PostFromOutside: WriteCommand {
    let hook: WebhookID
    let post: PostMessage
    var room: RoomID? { post.room }
    var texts: [SubmittedText] { post.texts }
    var nonce: String? { post.nonce }

    func perform(in context: WriteContext) throws -> [UInt8] {
        guard let hook = context.community.webhooks[hook], Gate.mayPost(hook, of: context.community, at: context.now),
            context.community.membership(of: context.actor.member ?? MemberID(0), in: post.room ?? RoomID(0)) != nil
        else { throw Refusal.notFound }
        try context.require(.within(.post), in: post.room)
        return try post.perform(in: context)
    }
}
