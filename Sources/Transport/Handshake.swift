import COpenSSL

/// The opening handshake of WebSocket (RFC 6455 sections 1.3 and 4).
enum Handshake {
    enum Request: Equatable {
        /// Not a request for WebSocket: plain HTTP.
        case none
        case upgrade(key: String)
        case refused(status: Int, reason: String)
    }

    /// What `head` asks for.
    static func request(in head: RequestHead) -> Request {
        guard head.method == "GET", head.isVersion11, head.headerList("upgrade", contains: "websocket"),
            head.headerList("connection", contains: "upgrade")
        else { return .none }
        guard head.headerValues("sec-websocket-version") == ["13"] else {
            return .refused(status: 426, reason: "WebSocket version 13 is required")
        }
        let keys = head.headerValues("sec-websocket-key")
        guard let key = keys.first, keys.count == 1, isKey(key) else {
            return .refused(status: 400, reason: "bad Sec-WebSocket-Key")
        }
        return .upgrade(key: key)
    }

    /// Whether `key` is 16 bytes in base64.
    private static func isKey(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count == 24, bytes.suffix(2) == [0x3d, 0x3d] else { return false }
        return bytes.dropLast(2).allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2b, 0x2f: true
            default: false
            }
        }
    }

    /// The value of `Sec-WebSocket-Accept` for a key.
    static func accept(for key: String) -> String {
        let input = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        SHA1(input, input.count, &digest)
        return base64(digest)
    }

    static func base64(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text.dropLast(), as: UTF8.self)
    }

    /// The answer that opens the connection.
    static func answer(key: String, subprotocol: String?) -> [UInt8] {
        var text = """
            HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Accept: \(accept(for: key))\r\n
            """
        if let subprotocol { text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
