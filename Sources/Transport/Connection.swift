import CLibwebsockets
import COpenSSL
import Glibc

/// One peer: a WebSocket once the delegate has seen it opened. Not `Sendable`: it stays on its loop for life.
public final class Connection {
    /// Unique in the process.
    public let id: UInt64
    /// The server's session; the transport only keeps it.
    public var context: AnyObject?

    let core: LoopCore
    let acceptor: Acceptor?
    let address: PeerAddress?
    /// Present on a connection that we opened.
    let client: ClientSession?
    /// libwebsockets' handle; nil once the socket is gone.
    var wsi: OpaquePointer?
    /// Where the loop's table holds this connection.
    var tableIndex = 0

    var phase: Phase
    var flags: Flags = []
    /// When the current phase is cut, in loop time; unused while a WebSocket is open.
    var deadline: LoopTime
    /// When bytes last came in or went out.
    var lastProgress: LoopTime
    /// Received bytes that are not a whole head, body or frame yet.
    var stash: [UInt8] = []
    var outbox = Outbox()
    /// Upper bound of the bytes that libwebsockets holds since the socket was full.
    var heldBytes = 0
    /// The HTTP request under way; nil on an open WebSocket.
    var exchange: HTTPExchange?
    var reader: MessageReader
    var end: End?

    /// Where a connection is in its life; each phase reads its input in another way.
    enum Phase: UInt8 {
        /// A client's, until the socket and TLS stand and the server has answered the handshake.
        case connecting, handshake
        case head, body
        /// A request waits for its answer.
        case responding
        case webSocket
        /// We sent a close frame and wait for the peer's.
        case closing
        /// Nothing more is read; what is queued is written and then the sending side is shut.
        case finishing
        /// Our side is shut; input is dropped until the peer closes too, lest a reset destroy our last bytes.
        case draining
        case gone
    }

    struct Flags: OptionSet {
        let rawValue: UInt8
        static let dirty = Flags(rawValue: 1)
        static let blocked = Flags(rawValue: 2)
        static let doomed = Flags(rawValue: 4)
        static let consuming = Flags(rawValue: 8)
        static let pinged = Flags(rawValue: 16)
        /// The delegate was told that a WebSocket opened, and has to be told of its end.
        static let announced = Flags(rawValue: 32)
        static let ended = Flags(rawValue: 64)
        /// A request was answered and the next has not begun.
        static let idle = Flags(rawValue: 128)
    }

    /// How a WebSocket ended.
    public enum End: Equatable, Sendable {
        /// The peer closed it; the code is nil if it gave none.
        case byPeer(code: UInt16?, reason: String)
        /// We closed it, be it by ``Connection/close(code:reason:)``, as a slow reader (4000) or for a violation.
        case byUs(code: UInt16, reason: String)
        /// The peer vanished: reset, half-open or too slow.
        case lost
    }

    init(core: LoopCore, acceptor: Acceptor, address: PeerAddress) {
        self.core = core
        self.acceptor = acceptor
        self.address = address
        client = nil
        id = core.makeConnectionID()
        phase = .head
        lastProgress = core.now
        deadline = core.now + core.limits.headerTimeout.milliseconds
        reader = MessageReader(peerIsClient: true, messageLimit: core.limits.frameBytes)
    }

    init(core: LoopCore, client: ClientSession) {
        self.core = core
        self.client = client
        acceptor = nil
        address = nil
        id = core.makeConnectionID()
        phase = .connecting
        lastProgress = core.now
        deadline = core.now + core.limits.headerTimeout.milliseconds
        reader = MessageReader(peerIsClient: false, messageLimit: core.limits.frameBytes)
    }

    /// The peer's address in numbers without its port; empty on a connection that we opened.
    public var peerAddress: String { address?.description ?? "" }
    /// The label of the listener that accepted the connection; empty on a connection that we opened.
    public var listenerLabel: String { acceptor?.listener.label ?? "" }
    /// How the WebSocket ended; nil while it is open.
    public var ending: End? { end }
    /// Whether messages can be sent.
    public var isOpen: Bool { phase == .webSocket }
    /// Time since bytes last came from the peer or were taken by it, to a millisecond.
    public var idleTime: Duration { .milliseconds(core.now - lastProgress) }
    /// Bytes that wait for this peer, those that libwebsockets holds included.
    public var outboxBytes: Int { outbox.byteCount + heldBytes }

    // MARK: Socket events

    /// Gives an accepted socket to libwebsockets.
    func adopt(_ socket: Int32, vhost: LWSContext.Vhost) {
        var descriptor = lws_adopt_desc_t()
        descriptor.vh = vhost.pointer
        descriptor.type = lws_adoption_type(
            LWS_ADOPT_SOCKET.rawValue | (vhost.tls == nil ? 0 : LWS_ADOPT_ALLOW_SSL.rawValue))
        descriptor.fd.sockfd = socket
        descriptor.opaque = Unmanaged.passUnretained(self).toOpaque()
        wsi = lws_adopt_descriptor_vhost_via_info(&descriptor)
        // libwebsockets has closed the socket if it would not have it.
        if wsi == nil { transportClosed() }
    }

    func receive(_ bytes: UnsafeMutableRawBufferPointer) {
        core.statistics.bytesReceived += bytes.count
        if let tls = client?.tls {
            decrypt(UnsafeRawBufferPointer(bytes), with: tls) { receivePlain($0) }
        } else {
            receivePlain(bytes)
        }
    }

    private func receivePlain(_ bytes: UnsafeMutableRawBufferPointer) {
        guard phase.readsInput else { return }
        lastProgress = core.now
        flags.remove(.pinged)
        guard stash.isEmpty else {
            stash.append(contentsOf: bytes)
            consumeStash()
            return
        }
        let used = consume(bytes)
        if used < bytes.count, phase.readsInput { stash.append(contentsOf: bytes[used...]) }
    }

    /// Reads what was kept, after more has come or the peer's turn has come again.
    func consumeStash() {
        var bytes = stash
        stash = []
        let used = bytes.withUnsafeMutableBytes { consume($0) }
        guard phase.readsInput else { return }
        bytes.removeFirst(used)
        stash = bytes
    }

    /// Reads all that is whole in `bytes` and returns how much that was.
    private func consume(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        flags.insert(.consuming)
        defer { flags.remove(.consuming) }
        var offset = 0
        while offset < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
            let used =
                switch phase {
                case .webSocket, .closing: consumeFrame(rest)
                case .head: consumeHead(UnsafeRawBufferPointer(rest))
                case .body: consumeBody(UnsafeRawBufferPointer(rest))
                case .responding: refusePipelining(rest.count)
                case .handshake: consumeHandshake(UnsafeRawBufferPointer(rest))
                case .connecting, .finishing, .draining, .gone: rest.count
                }
            guard used > 0 else { break }
            offset += used
        }
        return offset
    }

    func becameWritable() {
        guard let wsi, flags.contains(.blocked), lws_partial_buffered(wsi) == 0 else { return }
        flags.remove(.blocked)
        heldBytes = 0
        lastProgress = core.now
        if exchange?.isPaused != true { lws_rx_flow_control(wsi, 1) }
        markDirty()
    }

    /// The socket is gone.
    func transportClosed() {
        guard phase != .gone else { return }
        failClient("the server closed the connection")
        wsi = nil
        noteEnd(.lost)
        phase = .gone
        stash = []
        outbox.removeAll()
        abandonBody()
        exchange = nil
        core.remove(self)
        if let address { core.admission.leave(address) }
    }

    // MARK: Ends

    /// Remembers how a WebSocket ended, the first time, and has the delegate told at the end of the turn.
    func noteEnd(_ end: End) {
        guard flags.contains(.announced), !flags.contains(.ended) else { return }
        flags.insert(.ended)
        self.end = end
        core.statistics.webSockets -= 1
        core.markEnded(self)
    }

    func tellClosed() {
        guard let client else {
            core.delegate?.closed(self)
            return
        }
        if let failure = client.failure {
            client.delegate.failed(self, status: failure.status, reason: failure.reason)
        } else {
            client.delegate.closed(self)
        }
    }

    /// Has the connection destroyed at the end of the turn.
    func doom() {
        guard !flags.contains(.doomed), phase != .gone else { return }
        flags.insert(.doomed)
        core.doom(self)
    }

    /// Closes the socket now. Never from inside a callback of libwebsockets.
    func destroy() {
        guard let wsi else { return }
        lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC)
    }

    /// Shuts our side and waits for the peer to close its own.
    func drain() {
        guard let wsi, phase != .draining else { return }
        phase = .draining
        stash = []
        deadline = core.now + Self.drainTime
        if let tls = lws_get_ssl(wsi) { SSL_shutdown(tls) }
        if let tls = client?.tls {
            tls.shutdown()
            writeRecords(of: tls)
        }
        shutdown(lws_get_socket_fd(wsi), Int32(SHUT_WR))
    }

    /// How long a peer may take to close after we did, in milliseconds.
    private static let drainTime: LoopTime = 2_000

    // MARK: Deadlines

    /// Cuts the connection if its time is over; called about once a second.
    func checkDeadlines(_ now: LoopTime) {
        switch phase {
        case .webSocket: checkLiveness(now)
        case .head, .body, .responding:
            if flags.contains(.blocked) {
                checkReading(now)
            } else if now >= deadline {
                expire()
            }
        case .finishing: checkReading(now)
        case .connecting, .handshake, .closing, .draining:
            if now >= deadline { expire() }
        case .gone: break
        }
    }

    private func checkLiveness(_ now: LoopTime) {
        let silence = now - min(now, lastProgress)
        let interval = core.limits.pingInterval.milliseconds
        if flags.contains(.pinged) {
            if silence >= interval + core.limits.pongTimeout.milliseconds { expire() }
        } else if silence >= interval {
            flags.insert(.pinged)
            sendControl(.ping, UnsafeRawBufferPointer(start: nil, count: 0))
        }
    }

    /// What is left to write must be read at a rate that is more than a pretence: a piece in each `bodyTimeout`.
    private func checkReading(_ now: LoopTime) {
        if now - min(now, lastProgress) >= core.limits.bodyTimeout.milliseconds { expire() }
    }

    private func expire() {
        if phase != .closing, phase != .draining { core.statistics.timeouts += 1 }
        failClient("the server did not answer in time")
        doom()
    }
}

extension Connection.Phase {
    /// Whether bytes that are not whole yet are worth keeping.
    var readsInput: Bool {
        switch self {
        case .handshake, .head, .body, .responding, .webSocket, .closing: true
        case .connecting, .finishing, .draining, .gone: false
        }
    }
}
