/// One thread with its own libwebsockets context on its own libuv loop, which owns its connections for life.
///
/// The actor's executor is that thread, so the compiler checks what may touch the loop's state.
public actor EventLoop {
    private nonisolated let executor: LoopExecutor
    private nonisolated let published: PublishedStatistics
    private nonisolated let ended = ThreadEnd()
    private let core: LoopCore

    /// Which of the server's loops this is, from 0.
    public nonisolated let index: Int

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Throws: ``TransportError/contextFailed`` if libwebsockets or its libuv plugin cannot be used.
    init(
        index: Int, limits: TransportLimits, admission: Admission, trustedCertificates: String? = nil
    ) throws(TransportError) {
        let core = try LoopCore(
            index: index, limits: limits, admission: admission, trustedCertificates: trustedCertificates)
        self.index = index
        executor = core.executor
        published = core.published
        self.core = core
    }

    /// A loop of its own for client connections; ``stop(grace:)`` ends it.
    ///
    /// - Parameter trustedCertificates: Path of a PEM file to check servers against instead of the system's.
    public static func forClients(
        index: Int = 0, limits: TransportLimits = .init(), trustedCertificates: String? = nil
    ) throws(TransportError) -> EventLoop {
        LWSLog.quieten()
        let loop = try EventLoop(
            index: index, limits: limits, admission: Admission(limits: limits),
            trustedCertificates: trustedCertificates)
        loop.startThread { _ in }
        return loop
    }

    /// Runs `work` on the loop's thread after everything handed over before it, from any thread. Never waits.
    ///
    /// What the work sends is written at the end of the same turn. After the loop has ended the work is dropped.
    public nonisolated func perform(_ work: @escaping @Sendable (isolated EventLoop) -> Void) {
        executor.post(.work(work))
    }

    /// What serves the connections of this loop; nil for a loop of clients.
    public var delegate: (any LoopDelegate)? { core.delegate }

    /// The open WebSocket connections of this loop, in no order.
    public var connections: [Connection] { core.connections.filter(\.isOpen) }

    /// Counters, at most a tick (250 ms) old.
    public nonisolated var statistics: TransportStatistics { published.current }

    /// Closes everything and ends the thread, within `grace` if peers are slow to answer their close frames.
    ///
    /// - Parameters:
    ///   - code: The close code that WebSocket peers get.
    ///   - jitter: Connections are closed at random moments within this time, so that not all come back at once.
    public nonisolated func stop(
        grace: Duration, code: UInt16 = 1001, reason: String = "", jitter: Duration = .zero
    ) {
        perform { $0.core.beginStopping(grace: grace, jitter: jitter, code: code, reason: reason) }
    }

    /// Waits until the thread has ended. Must not be called on a loop's own thread.
    public nonisolated func waitUntilEnded() { ended.wait() }

    /// Starts the thread; `prepare` is the first thing that runs on it.
    nonisolated func startThread(_ prepare: @escaping @Sendable (isolated EventLoop) -> Void) {
        ended.willStart()
        let body = ThreadBody {
            self.executor.adoptCurrentThread()
            self.assumeIsolated { loop in
                prepare(loop)
                loop.core.run(on: loop)
            }
            self.ended.signal()
        }
        body.start(name: "loop-\(index)")
    }

    func install(_ delegate: any LoopDelegate) { core.delegate = delegate }

    func listen(_ descriptor: Int32, as listener: ListenerConfiguration) throws(TransportError) {
        try core.listen(descriptor, as: listener)
    }

    func stopListening() { core.stopListening() }

    func replaceCertificates(_ credentials: TLSCredentials, label: String) {
        core.replaceCertificates(credentials, label: label)
    }

    /// Opens a client connection; see ``ClientDelegate`` for what follows. Names are resolved on this thread.
    ///
    /// - Parameters:
    ///   - url: `ws://host[:port]/path` or `wss://…`.
    ///   - headers: Further request headers, such as `Origin`.
    /// - Throws: ``TransportError/badURL`` if it is none of these.
    @discardableResult
    public func connect(
        to url: String, headers: [(name: String, value: String)] = [], subprotocol: String? = nil,
        delegate: any ClientDelegate
    ) throws(TransportError) -> Connection {
        try core.connect(ClientRequest(url: url, headers: headers, subprotocol: subprotocol), delegate: delegate)
    }
}

/// Why the transport cannot start or connect.
public enum TransportError: Error, Equatable, CustomStringConvertible {
    /// The context could not be made; the usual cause is that the package `libwebsockets-evlib-uv` is missing.
    case contextFailed
    case cannotListen(address: String, reason: String)
    case badCertificate(String)
    case badURL(String)

    public var description: String {
        switch self {
        case .contextFailed: "libwebsockets cannot start its libuv loop (is libwebsockets-evlib-uv installed?)"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        case .badCertificate(let reason): "certificate or key is not usable: \(reason)"
        case .badURL(let url): "not a ws:// or wss:// URL: \(url)"
        }
    }
}
