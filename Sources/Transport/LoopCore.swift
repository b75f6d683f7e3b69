import CLibwebsockets
import Glibc

/// Milliseconds on the loop's monotonic clock, read once a turn.
typealias LoopTime = UInt64

/// Everything that one loop's thread owns. Not `Sendable`: reached through ``EventLoop`` or from C callbacks, which
/// libuv and libwebsockets make on this thread only.
final class LoopCore {
    let index: Int
    let limits: TransportLimits
    let executor: LoopExecutor
    let published = PublishedStatistics()
    let admission: Admission
    /// Bytes of chunks that go out in one write are gathered here.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: LoopCore.pieceBytes, alignment: 16)
    var delegate: (any LoopDelegate)?
    var statistics = TransportStatistics()
    var connections: [Connection] = []
    var masks = MaskSource()
    /// The value of the `Date` header, made anew each tick that asks for it.
    var dateCache = DateCache()

    private(set) var uv: UVLoop
    private(set) var lws: LWSContext
    private let trustedCertificates: String?
    private var clientTLS: ClientTLSContext?
    private var acceptors: [Acceptor] = []
    /// Connections with something to write at the end of this turn.
    private var dirty: [Connection] = []
    /// The other of two buffers that take turns, so that none is allocated per turn.
    private var flushing: [Connection] = []
    /// WebSocket connections whose end the delegate has yet to be told.
    private var ended: [Connection] = []
    /// Connections to destroy once no libwebsockets callback is on the stack.
    private var doomed: [Connection] = []
    private var sweepPosition = 0
    private var nextSerial: UInt64 = 0
    private var stopping: Stopping?
    private var isTornDown = false

    /// Most bytes handed to the socket in one call.
    static let pieceBytes = 65_536
    static let tickInterval: LoopTime = 250
    /// Ticks in which every connection is looked at once.
    private static let sweepTicks = 4

    /// How a loop ends.
    private struct Stopping {
        let deadline: LoopTime
        var closings: [(at: LoopTime, connection: Connection)]
        let code: UInt16
        let reason: String
    }

    init(
        index: Int, limits: TransportLimits, admission: Admission, trustedCertificates: String?
    ) throws(TransportError) {
        self.index = index
        self.limits = limits
        self.admission = admission
        uv = UVLoop()
        executor = LoopExecutor(wakeUp: uv.wakeUp)
        self.trustedCertificates = trustedCertificates
        lws = try LWSContext(uv: uv)
    }

    deinit {
        // A loop that never started has its handles still.
        if !isTornDown { tearDown() }
        scratch.deallocate()
    }

    var now: LoopTime { uv.now }

    // MARK: Turns

    func run(on loop: isolated EventLoop) {
        uv.startTicks(every: Self.tickInterval, owner: self)
        while !hasStopped {
            uv.runOnce()
            perform(executor.takeAll(), on: loop)
            endTurn()
        }
        perform(executor.end(), on: loop)
        endTurn()
        tearDown()
    }

    private func perform(_ items: [LoopExecutor.Item], on loop: isolated EventLoop) {
        for item in items {
            switch item {
            case .work(let work): work(loop)
            case .job(let job): job.runSynchronously(on: executor.asUnownedSerialExecutor())
            }
        }
    }

    /// Tells, writes and destroys until nothing is left, since each may cause more of the others.
    private func endTurn() {
        repeat {
            tellEnded()
            delegate?.turnEnded()
            flushDirty()
            destroyDoomed()
        } while !(dirty.isEmpty && ended.isEmpty && doomed.isEmpty)
    }

    private func tellEnded() {
        while !ended.isEmpty {
            let batch = ended
            ended = []
            for connection in batch { connection.tellClosed() }
        }
    }

    private func flushDirty() {
        swap(&dirty, &flushing)
        for connection in flushing { connection.flush() }
        flushing.removeAll(keepingCapacity: true)
    }

    private func destroyDoomed() {
        let batch = doomed
        doomed = []
        for connection in batch { connection.destroy() }
    }

    func markDirty(_ connection: Connection) { dirty.append(connection) }
    func markEnded(_ connection: Connection) { ended.append(connection) }
    func doom(_ connection: Connection) { doomed.append(connection) }

    // MARK: Ticks

    func tick() {
        delegate?.tick(now: .now)
        dateCache.isStale = true
        for acceptor in acceptors { acceptor.resume() }
        sweep()
        closeScheduled()
        statistics.connections = connections.count
        published.publish(statistics)
    }

    private func sweep() {
        var remaining = (connections.count + Self.sweepTicks - 1) / Self.sweepTicks
        while remaining > 0 {
            if sweepPosition >= connections.count { sweepPosition = 0 }
            connections[sweepPosition].checkDeadlines(now)
            sweepPosition += 1
            remaining -= 1
        }
    }

    // MARK: Connections

    func makeConnectionID() -> UInt64 {
        nextSerial += 1
        return UInt64(index) << 48 | nextSerial
    }

    func add(_ connection: Connection) {
        connection.tableIndex = connections.count
        connections.append(connection)
    }

    func remove(_ connection: Connection) {
        let hole = connection.tableIndex
        connections.swapAt(hole, connections.count - 1)
        connections[hole].tableIndex = hole
        connections.removeLast()
    }

    // MARK: Listening

    func listen(_ descriptor: Int32, as listener: ListenerConfiguration) throws(TransportError) {
        let vhost = try lws.makeServerVhost(for: listener)
        acceptors.append(Acceptor(descriptor: descriptor, listener: listener, vhost: vhost, core: self))
    }

    func stopListening() {
        for acceptor in acceptors { acceptor.close() }
    }

    func replaceCertificates(_ credentials: TLSCredentials, label: String) {
        for acceptor in acceptors where acceptor.listener.label == label {
            acceptor.vhost.tls.map { credentials.install(in: $0) }
        }
    }

    func connect(_ request: ClientRequest, delegate: any ClientDelegate) throws(TransportError) -> Connection {
        guard let target = request.target else { throw .badURL(request.url) }
        let session = ClientSession(request, target: target, delegate: delegate)
        if target.isTLS { session.tls = try makeClientTLS(host: target.host) }
        let connection = Connection(core: self, client: session)
        add(connection)
        connection.wsi = try lws.connect(connection, to: target)
        if connection.wsi == nil { connection.transportClosed() }
        return connection
    }

    private func makeClientTLS(host: String) throws(TransportError) -> ClientTLS {
        if clientTLS == nil { clientTLS = try ClientTLSContext(trustedCertificates: trustedCertificates) }
        guard let clientTLS, let tls = ClientTLS(context: clientTLS, host: host) else {
            throw .badCertificate("OpenSSL gives no session")
        }
        return tls
    }

    // MARK: Stopping

    private var hasStopped: Bool {
        guard let stopping else { return false }
        return connections.isEmpty || now >= stopping.deadline
    }

    func beginStopping(grace: Duration, jitter: Duration, code: UInt16, reason: String) {
        guard stopping == nil else { return }
        stopListening()
        let spread = jitter.milliseconds
        let closings = connections.map { connection in
            (at: now + (spread > 0 ? LoopTime.random(in: 0...spread) : 0), connection: connection)
        }
        stopping = Stopping(
            deadline: now + grace.milliseconds, closings: closings.sorted { $0.at > $1.at }, code: code,
            reason: reason)
        closeScheduled()
    }

    private func closeScheduled() {
        while let next = stopping?.closings.last, next.at <= now, let stopping {
            self.stopping?.closings.removeLast()
            next.connection.goAway(code: stopping.code, reason: stopping.reason)
        }
    }

    private func tearDown() {
        isTornDown = true
        _ = executor.end()
        for connection in connections { connection.destroy() }
        tellEnded()
        stopListening()
        uv.closeOwnHandles()
        lws.destroy(on: uv)
        uv.destroy()
        statistics.connections = 0
        published.publish(statistics)
        delegate = nil
        acceptors = []
    }
}

extension Duration {
    var milliseconds: UInt64 {
        UInt64(max(0, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000))
    }
}
