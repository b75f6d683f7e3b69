import CLibwebsockets

/// What a program does with a connection that it opened. Every call comes on the loop's thread.
public protocol ClientDelegate: AnyObject {
    func opened(_ connection: Connection)
    /// One whole text message: valid UTF-8. `text` is valid during the call only.
    func received(_ connection: Connection, text: UnsafeRawBufferPointer)
    /// Called once for each ``opened(_:)``; ``Connection/ending`` says how it ended.
    func closed(_ connection: Connection)
    /// The connection never opened. `status` is the server's HTTP answer if there was one.
    func failed(_ connection: Connection, status: Int?, reason: String)
}

/// What a client asks a server for.
struct ClientRequest {
    let url: String
    let headers: [(name: String, value: String)]
    let subprotocol: String?

    struct Target: Equatable {
        let isTLS: Bool
        let host: String
        let port: UInt16
        /// Path and query.
        let path: String

        /// As the `Host` field wants it.
        var authority: String {
            let name = host.contains(":") ? "[\(host)]" : host
            return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
        }
    }

    /// The parts of `url`; nil if it is not a WebSocket URL.
    var target: Target? {
        guard let isTLS = url.hasPrefix("wss://") ? true : url.hasPrefix("ws://") ? false : nil else { return nil }
        let rest = url.dropFirst(isTLS ? 6 : 5)
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        var path = String(rest.dropFirst(authority.count).prefix { $0 != "#" })
        if !path.hasPrefix("/") { path = "/" + path }
        guard let (host, port) = Self.split(authority, defaultPort: isTLS ? 443 : 80) else { return nil }
        return Target(isTLS: isTLS, host: host, port: port, path: path)
    }

    private static func split(_ authority: Substring, defaultPort: UInt16) -> (host: String, port: UInt16)? {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty else { return nil }
        guard let port else { return (String(host), defaultPort) }
        return UInt16(port).map { (String(host), $0) }
    }
}

/// The client's side of the opening handshake, and where its messages go.
final class ClientSession {
    let delegate: any ClientDelegate
    /// Present on `wss:`.
    var tls: ClientTLS?
    private let request: ClientRequest
    private let target: ClientRequest.Target
    private var key = ""
    private(set) var failure: (status: Int?, reason: String)?

    init(_ request: ClientRequest, target: ClientRequest.Target, delegate: any ClientDelegate) {
        self.request = request
        self.target = target
        self.delegate = delegate
    }

    /// The request that asks for WebSocket; `random` is 16 bytes.
    func handshake(random: [UInt8]) -> [UInt8] {
        key = Handshake.base64(random)
        var text = """
            GET \(target.path) HTTP/1.1\r\nHost: \(target.authority)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\n
            """
        if let subprotocol = request.subprotocol { text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        for header in request.headers { text += "\(header.name): \(header.value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// Whether the server's answer opens the connection (RFC 6455 section 4.1); if not, ``failure`` says why.
    func accepts(_ answer: UnsafeRawBufferPointer) -> Bool {
        let lines = String(decoding: answer, as: UTF8.self).split(separator: "\r\n")
        let parts = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0] == "HTTP/1.1", let status = Int(parts[1]) else {
            fail("the server's answer is not HTTP")
            return false
        }
        guard status == 101 else {
            fail(parts.count > 2 ? String(parts[2]) : "", status: status)
            return false
        }
        func values(_ name: String) -> [Substring] {
            lines.dropFirst().compactMap { line in
                guard let colon = line.firstIndex(of: ":"), line[..<colon].matchesField(name) else { return nil }
                return line[line.index(after: colon)...].trimmingWhiteSpace()
            }
        }
        guard values("upgrade").contains(where: { $0.matchesField("websocket") }),
            values("sec-websocket-accept") == [Handshake.accept(for: key)[...]],
            values("sec-websocket-extensions").isEmpty,
            values("sec-websocket-protocol").allSatisfy({ String($0) == request.subprotocol })
        else {
            fail("the server's handshake is wrong", status: status)
            return false
        }
        return true
    }

    /// Keeps the first reason.
    func fail(_ reason: String, status: Int? = nil) {
        if failure == nil { failure = (status, reason) }
    }
}

extension Connection {
    /// The socket stands.
    func connected(_ wsi: OpaquePointer?) {
        guard let client, phase == .connecting else { return }
        self.wsi = wsi
        guard let tls = client.tls else { return startHandshake() }
        decrypt(UnsafeRawBufferPointer(start: nil, count: 0), with: tls) { _ in }
    }

    /// The socket and TLS stand.
    func startHandshake() {
        guard let client else { return }
        phase = .handshake
        let random = (0..<4).flatMap { _ in withUnsafeBytes(of: core.masks.next()) { Array($0) } }
        enqueue(Chunk(framed: client.handshake(random: random)))
    }

    func connectFailed(_ reason: String) {
        failClient(reason)
        transportClosed()
    }

    /// Has the delegate told, at the end of the turn, that the connection never opened.
    func failClient(_ reason: String) {
        guard let client, phase == .connecting || phase == .handshake, flags.isDisjoint(with: .ended) else { return }
        client.fail(reason)
        flags.insert(.ended)
        core.markEnded(self)
    }

    /// Reads the server's answer; returns its length, or 0 if it is not whole yet.
    func consumeHandshake(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let length = RequestParser.headLength(bytes), length <= core.limits.headerBytes else {
            guard bytes.count > core.limits.headerBytes else { return 0 }
            failClient("the server's answer is too long")
            doom()
            return bytes.count
        }
        guard let client, client.accepts(UnsafeRawBufferPointer(rebasing: bytes[..<length])) else {
            failClient("")
            doom()
            return bytes.count
        }
        openWebSocket()
        client.delegate.opened(self)
        return length
    }
}
