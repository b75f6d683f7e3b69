import LyceumProtocol
import Transport

/// A member's connection to a Lyceum server that heals itself.
///
/// After the connection broke it connects again with full jitter, signs in with the same token, and resumes every room
/// from what it has seen; a post that was not answered is sent again under its nonce, so it is posted once. Holes in a
/// room's numbers, and heads in heartbeats that never came as events, are filled from history. What is left to the
/// caller stands in ``ClientEvent``.
///
/// It runs on the thread of its event loop; many clients may share one.
public actor Client {
    public struct Options: Sendable {
        /// `ws://host:port/v1/socket`, or `wss://…`.
        public var url: String
        /// Further fields of the upgrade request.
        public var headers: [(name: String, value: String)] = []
        public var backoff = Backoff()
        /// How long a command may wait for its answer, reconnecting included.
        public var patience = Duration.seconds(30)
        /// How many events wait for a slow reader of ``Client/events()``.
        public var eventLimit = 10_000

        public init(url: String) { self.url = url }
    }

    enum Phase: Equatable {
        case stopped(StopReason)
        /// Between two attempts.
        case waiting
        case connecting
        /// Open, but the server has not said `hello`.
        case greeting
        /// Commands may be sent, those that need no session.
        case open
        case signingIn
        case signedIn
        /// Closed until the reader of events has caught up.
        case paused
    }

    nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.unownedExecutor }

    let options: Options
    var phase = Phase.stopped(.asked)
    var link: ClientLink?
    var backoff: Backoff
    var credentials: Credentials?
    var positions = StreamPositions()
    var pending = PendingCommands()
    /// Held by whoever reads it, and holding this client: as long as somebody may read, there is something to read.
    weak var queue: EventQueue?
    /// Who waits for the client to be open or signed in.
    var arrivals: [(wanted: Arrival, continuation: CheckedContinuation<Void, any Error>)] = []
    var heartbeat = Duration.seconds(25)
    /// When the server was last heard.
    var lastHeard = ContinuousClock.now
    var watcher: Task<Void, Never>?
    /// Counts connections, so that a timer of an earlier one does nothing.
    var generation = 0

    enum Arrival { case open, signedIn }

    /// By what the client signs in again: by the token while the server takes it, else by the password.
    struct Credentials {
        var token: String?
        var password: (name: String, password: String)?
    }

    /// What the server said of itself.
    public internal(set) var hello: JSONText?
    /// The newest answer to signing in.
    public internal(set) var signIn: SignIn?

    /// - Parameter loop: The event loop that it runs on.
    public init(_ options: Options, on loop: EventLoop) {
        self.options = options
        self.loop = loop
        backoff = options.backoff
    }

    /// Connects, trying again until it succeeds, and waits for the server's `hello`.
    /// - Throws: ``ClientError/stopped(_:)`` if the server does not want this client.
    public func connect() async throws {
        if case .stopped = phase {
            beginConnecting()
            startWatching()
        }
        try await arrive(.open)
    }

    /// Signs in with a name and a password, and again with them whenever the server ends the session.
    public func signIn(name: String, password: String) async throws -> SignIn {
        try await signIn(with: Credentials(password: (name, password)))
    }

    /// Signs in with a token.
    public func signIn(token: String) async throws -> SignIn { try await signIn(with: Credentials(token: token)) }

    private func signIn(with credentials: Credentials) async throws -> SignIn {
        try await connect()
        self.credentials = credentials
        openSession()
        try await arrive(.signedIn)
        guard let signIn else { throw ClientError.disconnected }
        return signIn
    }

    /// The events from now on, in order. There is one reader at a time: a later call ends the earlier sequence.
    ///
    /// The sequence keeps the client, and so its connection; a client that nobody holds in either way ends.
    public func events() -> EventQueue {
        queue?.end()
        let queue = EventQueue(limit: options.eventLimit) { Task { await self.readerCaughtUp() } }
        self.queue = queue
        return queue
    }

    /// Closes the connection for good; commands without an answer throw.
    public func stop() { stop(.asked) }

    /// Breaks the connection as a failing network would; the client then heals itself.
    public func breakConnection() {
        guard link != nil else { return }
        dropLink()
        connectionEnded(code: nil)
    }

    /// Whether it is signed in just now.
    public var isSignedIn: Bool { phase == .signedIn }

    /// Where it has got to in a room; `nil` if it is not in the room.
    public func position(in room: RoomID) -> SequenceNumber? { positions.rooms[room]?.seq }

    /// Sends a command and waits for its answer.
    ///
    /// - Parameters:
    ///   - name: Such as `message.post`.
    ///   - isRepeatable: Whether it may be sent again on a new connection when the old one ended before the answer.
    ///   - fields: Writes the command's own fields.
    /// - Returns: The object under `"ok"`.
    /// - Throws: ``ClientError``.
    @discardableResult
    public func send(
        _ name: String, isRepeatable: Bool = false, _ fields: @Sendable (inout JSONWriter) -> Void = { _ in }
    ) async throws -> JSONText {
        if case .stopped(let reason) = phase { throw ClientError.stopped(reason) }
        let id = pending.makeID()
        var json = JSONWriter()
        json.object { json in
            json.field("id", id)
            json.field("do", name)
            fields(&json)
        }
        let command = PendingCommands.Command(
            text: json.bytes, isRepeatable: isRepeatable, deadline: .now + options.patience,
            isForSession: name != "account.register" && name != "session.open")
        return try await withCheckedThrowingContinuation { continuation in
            pending.add(command, id: id, continuation)
            if mayTransmit(command) { transmit(id) }
        }
    }

    private func arrive(_ wanted: Arrival) async throws {
        if hasArrived(wanted) { return }
        if case .stopped(let reason) = phase { throw ClientError.stopped(reason) }
        try await withCheckedThrowingContinuation { arrivals.append((wanted, $0)) }
    }

    private func hasArrived(_ wanted: Arrival) -> Bool {
        switch phase {
        case .signedIn: true
        case .open, .signingIn: wanted == .open
        default: false
        }
    }

    func resumeArrivals() {
        let arrived = arrivals.filter { hasArrived($0.wanted) }
        arrivals.removeAll { hasArrived($0.wanted) }
        for arrival in arrived { arrival.continuation.resume() }
    }

    func mayTransmit(_ command: PendingCommands.Command) -> Bool {
        switch phase {
        case .signedIn: true
        // Without credentials nobody is about to sign in, so the server may as well answer.
        case .open: !command.isForSession || credentials == nil
        case .signingIn: !command.isForSession
        default: false
        }
    }
}
