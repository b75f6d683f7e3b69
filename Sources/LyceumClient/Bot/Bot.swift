import LyceumProtocol
import Transport

/// A bot: commands with what answers them, and what to do with messages and buttons.
///
/// ```swift
/// let bot = try Bot(url: "ws://127.0.0.1:8080/v1/socket", token: token)
/// await bot.command("roll", "Rolls dice", chinese: ("掷骰子", "掷骰子")) { try await $0.answer("🎲 \(Int.random(in: 1...6))") }
/// try await bot.run()
/// ```
///
/// What members asked while it was away is handled after it has come back. It never hears other bots.
public actor Bot {
    public typealias Handler = @Sendable (Invocation) async throws -> Void
    public typealias MessageHandler = @Sendable (BotMessage) async throws -> Void

    public nonisolated let client: Client
    private let token: String
    private var declared: [CommandDeclaration] = []
    private var commands: [String: Handler] = [:]
    private var components: [(prefix: String, handler: Handler)] = []
    private var onMessage: MessageHandler?
    private var onMention: MessageHandler?
    private var onSignIn: (@Sendable (SignIn) async throws -> Void)?
    private var onEvent: (@Sendable (Event) async throws -> Void)?
    private var onFailure: @Sendable (any Error) -> Void = { _ in }
    /// Invocations that are being handled, or were.
    private var taken: Set<Int64> = []
    private var member = MemberID(0)

    /// - Parameter loop: The event loop it runs on; by default one of its own.
    public init(url: String, token: String, on loop: EventLoop? = nil) throws {
        client = Client(Client.Options(url: url), on: try loop ?? EventLoop.forClients())
        self.token = token
    }

    /// A bot on a client that has not signed in.
    public init(client: Client, token: String) {
        self.client = client
        self.token = token
    }

    /// Declares a command. To be called before ``run()``.
    public func command(
        _ name: String, _ description: String, chinese: (name: String, description: String)? = nil,
        options: [CommandOption] = [], _ handler: @escaping Handler
    ) {
        declared.append(
            CommandDeclaration(
                name: name, description: description, chineseName: chinese?.name,
                chineseDescription: chinese?.description, options: options))
        commands[name] = handler
    }

    /// Handles buttons and selects whose `id` begins so.
    public func component(_ prefix: String, _ handler: @escaping Handler) { components.append((prefix, handler)) }

    /// Handles what people write in its rooms.
    public func message(_ handler: @escaping MessageHandler) { onMessage = handler }

    /// Handles messages in which people name it. Where ``message(_:)`` is set as well, such a message comes to both.
    public func mention(_ handler: @escaping MessageHandler) { onMention = handler }

    /// Is called whenever it has signed in, before anything that comes after is handled.
    public func signedIn(_ handler: @escaping @Sendable (SignIn) async throws -> Void) { onSignIn = handler }

    /// Sees every event besides, one after the other.
    public func event(_ handler: @escaping @Sendable (Event) async throws -> Void) { onEvent = handler }

    /// Is told of what handlers throw; nothing by default.
    public func failure(_ handler: @escaping @Sendable (any Error) -> Void) { onFailure = handler }

    /// Signs in, declares its commands and handles what comes, reconnecting as often as it takes.
    /// - Throws: ``ClientError`` if the server does not want it.
    public func run() async throws {
        let events = await client.events()
        _ = try await client.signIn(token: token)
        for await event in events {
            switch event {
            case .connected(let signIn): await connected(signIn)
            case .event(let event): await take(event)
            case .disconnected, .reset: break
            }
        }
        throw ClientError.stopped(.signedOut(code: nil))
    }

    /// A failure here passes, as with a connection that breaks again at once; the next sign-in repeats it all.
    private func connected(_ signIn: SignIn) async {
        do {
            member = signIn.member
            try await onSignIn?(signIn)
            try await declare()
        } catch {
            onFailure(error)
        }
    }

    private func declare() async throws {
        let declared = declared
        if !declared.isEmpty {
            try await client.send("bot.commands.set", isRepeatable: true) { json in
                json.field("commands", array: declared) { $1.write(to: &$0) }
            }
        }
        guard !commands.isEmpty || !components.isEmpty else { return }
        for waiting in try await client.send("bot.pending", isRepeatable: true).objects("invocations") {
            if let event = waiting.object("event") { take(Invocation(event, client)) }
        }
    }

    private func take(_ event: Event) async {
        switch event.name {
        case "bot.invoked", "component.invoked": take(Invocation(event.json, client))
        case "message.posted": takePost(event)
        case "me.mentioned": takeMention(event.json)
        default: break
        }
        guard let onEvent else { return }
        do { try await onEvent(event) } catch { onFailure(error) }
    }

    private func take(_ invocation: Invocation) {
        guard let handler = handler(of: invocation), taken.insert(invocation.id).inserted else { return }
        attempt { try await handler(invocation) }
    }

    private func handler(of invocation: Invocation) -> Handler? {
        if let command = invocation.command { return commands[command] }
        return components.first { invocation.component?.hasPrefix($0.prefix) ?? false }?.handler
    }

    private func takePost(_ event: Event) {
        guard let onMessage, let message = BotMessage(event.json, client), message.by != member else { return }
        attempt { try await onMessage(message) }
    }

    /// Only the place of the message is told; its text is asked for.
    private func takeMention(_ json: JSONText) {
        guard let onMention, let room = json.integer("room"), let seq = json.integer("message") else { return }
        let client = client
        attempt {
            let page = try await client.history(of: RoomID(room), after: seq - 1, limit: 1)
            guard let event = page.elements.first, let message = BotMessage(event.json, client) else { return }
            try await onMention(message)
        }
    }

    /// A handler that takes long keeps no other waiting.
    private func attempt(_ work: @escaping @Sendable () async throws -> Void) {
        let onFailure = onFailure
        Task {
            do { try await work() } catch { onFailure(error) }
        }
    }
}
