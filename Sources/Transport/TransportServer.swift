import Glibc

/// Event loops that carry WebSocket and HTTP/1.1 on the same ports.
///
/// Every loop has a socket of its own on each port (`SO_REUSEPORT`), so the kernel spreads the connections.
public final class TransportServer: Sendable {
    public let loops: [EventLoop]
    private let listeners: [ListenerConfiguration]
    private let makeDelegate: @Sendable (EventLoop, Int) -> any LoopDelegate

    /// - Parameters:
    ///   - loops: How many event loops and threads, at least 1.
    ///   - log: Gets the errors and warnings of libwebsockets, for all servers of the process, on any thread.
    ///   - makeDelegate: Called once on each loop's thread before its first connection.
    /// - Throws: ``TransportError/contextFailed`` if libwebsockets cannot start.
    public init(
        loops: Int, listeners: [ListenerConfiguration], limits: TransportLimits = .init(),
        log: @escaping @Sendable (String) -> Void = { _ in },
        makeDelegate: @escaping @Sendable (EventLoop, Int) -> any LoopDelegate
    ) throws(TransportError) {
        precondition(loops > 0, "a server needs an event loop")
        signal(SIGPIPE, SIG_IGN)
        LWSLog.start(log)
        let admission = Admission(limits: limits)
        var made: [EventLoop] = []
        for index in 0..<loops {
            made.append(try EventLoop(index: index, limits: limits, admission: admission))
        }
        self.loops = made
        self.listeners = listeners
        self.makeDelegate = makeDelegate
    }

    /// Binds every listener and starts the threads.
    ///
    /// - Returns: Where the listeners can be reached, in their order.
    /// - Throws: ``TransportError`` if an address or a certificate cannot be used; nothing is left open then.
    public func start() throws(TransportError) -> [BoundAddress] {
        for listener in listeners { if let tls = listener.tls { _ = try TLSCredentials(tls) } }
        var bound: [BoundListener] = []
        do {
            for listener in listeners { bound.append(try BoundListener(listener, loops: loops.count)) }
        } catch {
            for listener in bound { listener.close() }
            throw error
        }
        for (index, loop) in loops.enumerated() { run(loop, with: bound.map { ($0.configuration, $0.sockets[index]) }) }
        return bound.map(\.address)
    }

    private func run(_ loop: EventLoop, with sockets: [(ListenerConfiguration, Int32)]) {
        let makeDelegate = makeDelegate
        loop.startThread { loop in
            loop.install(makeDelegate(loop, loop.index))
            for (listener, socket) in sockets {
                do {
                    try loop.listen(socket, as: listener)
                } catch {
                    LWSLog.write("listener \(listener.label): \(error)")
                    close(socket)
                }
            }
        }
    }

    /// Takes no further connections on any listener; those that are open stay.
    public func stopListening() {
        for loop in loops { loop.perform { $0.stopListening() } }
    }

    /// Closes everything and waits until all loops have ended. Must not be called on a loop's thread.
    ///
    /// - Parameters:
    ///   - grace: Most time for peers to answer their close frames and for answers under way.
    ///   - code: The close code for WebSocket peers.
    ///   - jitter: Connections are closed at random moments within this time.
    public func stop(grace: Duration, code: UInt16 = 1001, reason: String = "", jitter: Duration = .zero) {
        for loop in loops { loop.stop(grace: grace, code: code, reason: reason, jitter: jitter) }
        for loop in loops { loop.waitUntilEnded() }
    }

    /// Reads the certificates again and shows them to new connections.
    ///
    /// - Throws: ``TransportError/badCertificate(_:)``; the listener then goes on with what it had.
    public func reloadTLS() throws(TransportError) {
        for listener in listeners {
            guard let tls = listener.tls else { continue }
            let credentials = try TLSCredentials(tls)
            for loop in loops { loop.perform { $0.replaceCertificates(credentials, label: listener.label) } }
        }
    }

    /// The sum over all loops, at most a tick (250 ms) old.
    public var statistics: TransportStatistics {
        loops.map(\.statistics).reduce(TransportStatistics(), +)
    }
}
