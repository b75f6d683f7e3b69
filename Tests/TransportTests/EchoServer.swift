@testable import Transport

/// A running server whose delegate echoes, and obeys the few words that tests need it to.
final class EchoServer: Sendable {
    let server: TransportServer
    let journal: Journal
    let addresses: [BoundAddress]

    var port: UInt16 { addresses[0].port }

    convenience init(loops: Int = 1, limits: TransportLimits = .init(), tls: TLSConfiguration? = nil) throws {
        try self.init(
            loops: loops, limits: limits,
            listener: ListenerConfiguration(host: "127.0.0.1", port: 0, label: "main", tls: tls))
    }

    init(loops: Int = 1, limits: TransportLimits = .init(), listener: ListenerConfiguration) throws {
        let journal = Journal()
        self.journal = journal
        server = try TransportServer(loops: loops, listeners: [listener], limits: limits) { loop, _ in
            EchoDelegate(loop: loop, journal: journal)
        }
        addresses = try server.start()
    }

    deinit { server.stop(grace: .zero) }
}

/// What happened, in order, for tests to wait on.
final class Journal: Sendable {
    enum Entry: Equatable, Sendable {
        case opened(loop: Int)
        case closed(Connection.End?)
    }

    private let stream: AsyncStream<Entry>
    private let continuation: AsyncStream<Entry>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func note(_ entry: Entry) { continuation.yield(entry) }

    func next() async -> Entry? {
        for await entry in stream { return entry }
        return nil
    }

    /// How the next connection to end did so.
    func nextEnd() async -> Connection.End? {
        while let entry = await next() {
            if case .closed(let end) = entry { return end }
        }
        return nil
    }
}

private final class EchoDelegate: LoopDelegate {
    private let loop: EventLoop
    private let journal: Journal
    private var later: [HTTPResponder] = []
    private var streams: [EchoStream] = []

    init(loop: EventLoop, journal: Journal) {
        self.loop = loop
        self.journal = journal
    }

    func shouldUpgrade(_ head: RequestHead) -> UpgradeDecision {
        let offered = head.headerList("sec-websocket-protocol")
        guard head.path != "/refused" else { return .refuse(.text(403, "no")) }
        guard !offered.isEmpty else { return .accept(subprotocol: nil) }
        return offered.contains("echo") ? .accept(subprotocol: "echo") : .refuse(.text(400, "unknown subprotocol"))
    }

    func opened(_ connection: Connection, head: RequestHead) { journal.note(.opened(loop: loop.index)) }

    func received(_ connection: Connection, text: UnsafeRawBufferPointer) {
        switch String(decoding: text, as: UTF8.self) {
        case "close": connection.close(code: 4123, reason: "as asked")
        case "flood":
            let chunk = Chunk.text([UInt8](repeating: 0x78, count: 65_000))
            for _ in 0..<1_000 where connection.send(chunk) {}
        case "three":
            for number in 1...3 { connection.send(text: Array(String(number).utf8)) }
        default: connection.send(text: text)
        }
    }

    func receivedBinary(_ connection: Connection) { connection.send(.text(Array("binary".utf8))) }

    func closed(_ connection: Connection) { journal.note(.closed(connection.ending)) }

    func bodyLimit(for head: RequestHead) -> Int { head.path == "/stream" ? 10_000_000 : 100_000 }

    func bodyReceiver(for head: RequestHead, with responder: HTTPResponder) -> (any BodyReceiver)? {
        guard head.path == "/stream" else { return nil }
        let stream = EchoStream(responder)
        streams.append(stream)
        return stream
    }

    func respond(to request: HTTPRequest, with responder: HTTPResponder) {
        switch request.head.path {
        case "/split": responder.send(HTTPResponse(status: 200, headers: [("x-name", "a\r\nset-cookie: b=c")]))
        case "/later": later.append(responder)
        case "/now":
            for waiting in later { waiting.send(.text(200, "later")) }
            later = []
            responder.send(.text(200, "now"))
        case "/big":
            responder.send(
                HTTPResponse(status: 200, body: .shared(Chunk(framed: [UInt8](repeating: 0x62, count: 4_000_000)))))
        case "/whoami": responder.send(.text(200, "\(request.head.peerAddress) by \(request.head.listenerLabel)"))
        case "/nothing": responder.send(HTTPResponse(status: 204))
        default:
            let body = "\(request.head.method) \(request.head.path) \(request.head.query ?? "-") \(request.body.count)"
            responder.send(.text(200, body))
        }
    }

    func tick(now: ContinuousClock.Instant) {
        for stream in streams { stream.resume() }
    }

    func turnEnded() {}
}

/// Takes a body, pausing after each 300,000 bytes until the next tick, and gives it back in pieces.
private final class EchoStream: BodyReceiver, BodySource {
    private static let pause = 300_000
    private static let piece = 70_000

    private let responder: HTTPResponder
    private var body: [UInt8] = []
    private var untilPause = pause
    private var given = 0

    init(_ responder: HTTPResponder) { self.responder = responder }

    var isFull: Bool { untilPause <= 0 }

    func received(_ bytes: UnsafeRawBufferPointer) {
        body.append(contentsOf: bytes)
        untilPause -= bytes.count
    }

    func resume() {
        guard isFull else { return }
        untilPause = Self.pause
        responder.resumeBody()
    }

    func finished() { responder.send(HTTPResponse(status: 200, body: .later(body.count)), from: self) }
    func aborted() {}

    func wantsPiece() {
        let piece = Array(body[given..<min(given + Self.piece, body.count)])
        given += piece.count
        responder.push(piece)
    }

    func ended() {}
}
