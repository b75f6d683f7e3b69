/// Reads the head of an HTTP/1.x request, strict by RFC 9112 so that no proxy can read it another way.
///
/// Refused with 400: bare line feeds, folded lines, white space before a colon, control characters, a missing or second
/// `Host`, more than one length, a length beside a transfer coding. 411: a transfer coding (bodies need a length here).
enum RequestParser {
    /// Most header fields in one request.
    static let maximumFields = 100

    /// A request that is answered with `status` before its connection is closed.
    struct Refusal: Error, Equatable {
        let status: Int
        let reason: String

        static func malformed(_ reason: String) -> Self { .init(status: 400, reason: reason) }
        static let headTooLarge = Self(status: 431, reason: "header fields are too large")
    }

    struct Head {
        var method: String
        var target: Target
        var isVersion11: Bool
        var headers: [(name: String, value: String)]
        /// Zero if the request has no body.
        var contentLength: Int
    }

    struct Target {
        var path: String
        var query: String?
    }

    /// The length of the head including its empty line, or `nil` if its end is not among `bytes`.
    ///
    /// - Parameter start: Where to look; what came before was searched already.
    static func headLength(_ bytes: UnsafeRawBufferPointer, searchingFrom start: Int = 0) -> Int? {
        var index = max(start, 3)
        while index < bytes.count {
            if bytes[index] == 0x0a, bytes[index - 1] == 0x0d, bytes[index - 2] == 0x0a, bytes[index - 3] == 0x0d {
                return index + 1
            }
            index += 1
        }
        return nil
    }

    /// Reads a whole head, `bytes` ending with its empty line.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Head {
        var lines = try Lines(bytes)
        guard let requestLine = lines.next() else { throw .malformed("no request line") }
        var head = try parseRequestLine(requestLine)
        while let line = lines.next() {
            guard head.headers.count < maximumFields else { throw .headTooLarge }
            head.headers.append(try parseField(line))
        }
        try checkHost(head)
        head.contentLength = try contentLength(head)
        return head
    }

    private static func parseRequestLine(_ line: UnsafeRawBufferPointer) throws(Refusal) -> Head {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed("bad request line") }
        guard !parts[0].isEmpty, parts[0].count <= 32, parts[0].allSatisfy(isTokenByte) else {
            throw .malformed("bad method")
        }
        let isVersion11: Bool
        switch String(decoding: parts[2], as: UTF8.self) {
        case "HTTP/1.1": isVersion11 = true
        case "HTTP/1.0": isVersion11 = false
        case let version where version.hasPrefix("HTTP/"):
            throw .init(status: 505, reason: "HTTP version is not supported")
        default: throw .malformed("bad HTTP version")
        }
        let method = String(decoding: parts[0], as: UTF8.self)
        return Head(
            method: method, target: try parseTarget(parts[1], method: method), isVersion11: isVersion11,
            headers: [], contentLength: 0)
    }

    /// Takes origin form, absolute form (whose authority is dropped) and `*` for `OPTIONS` (RFC 9112 section 3.2).
    private static func parseTarget(
        _ bytes: Slice<UnsafeRawBufferPointer>, method: String
    ) throws(Refusal) -> Target {
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x23 }) else { throw .malformed("bad target") }
        var target = Substring(String(decoding: bytes, as: UTF8.self))
        if let scheme = ["http://", "https://"].first(where: { target.lowercased().hasPrefix($0) }) {
            target = target.dropFirst(scheme.utf8.count).drop { $0 != "/" && $0 != "?" }
            if !target.hasPrefix("/") { target = "/" + target }
        }
        guard target.hasPrefix("/") || (target == "*" && method == "OPTIONS") else { throw .malformed("bad target") }
        guard let mark = target.firstIndex(of: "?") else { return Target(path: String(target), query: nil) }
        return Target(path: String(target[..<mark]), query: String(target[target.index(after: mark)...]))
    }

    private static func parseField(_ line: UnsafeRawBufferPointer) throws(Refusal) -> (name: String, value: String) {
        guard let colon = line.firstIndex(of: 0x3a), colon > 0, line[..<colon].allSatisfy(isTokenByte) else {
            throw .malformed("bad header field")
        }
        let value = line[(colon + 1)...]
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
            throw .malformed("control character in a header field")
        }
        let name = String(decoding: line[..<colon].map(\.asciiLowercased), as: UTF8.self)
        return (name, String(String(decoding: value, as: UTF8.self).trimmingWhiteSpace()))
    }

    private static func checkHost(_ head: Head) throws(Refusal) {
        let hosts = head.headers.count { $0.name == "host" }
        guard hosts == 1 || (hosts == 0 && !head.isVersion11) else { throw .malformed("one Host is required") }
    }

    /// Two readings of where a body ends are how requests are smuggled (RFC 9112 section 6.3), so there is one only.
    private static func contentLength(_ head: Head) throws(Refusal) -> Int {
        let lengths = head.headers.filter { $0.name == "content-length" }
        let hasTransferCoding = head.headers.contains { $0.name == "transfer-encoding" }
        guard lengths.count <= 1 else { throw .malformed("more than one Content-Length") }
        guard !hasTransferCoding else {
            guard lengths.isEmpty else { throw .malformed("Content-Length beside Transfer-Encoding") }
            guard head.isVersion11 else { throw .malformed("Transfer-Encoding in HTTP/1.0") }
            throw .init(status: 411, reason: "a Content-Length is required")
        }
        guard let value = lengths.first?.value else { return 0 }
        guard (1...18).contains(value.utf8.count), value.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(value)
        else { throw .malformed("bad Content-Length") }
        return length
    }

    /// Token characters of RFC 9110 section 5.6.2.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e, 0x5f, 0x60, 0x7c, 0x7e: true
        default: false
        }
    }
}

/// The lines of a head before its empty line, each without its CR LF.
private struct Lines {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) throws(RequestParser.Refusal) {
        for (index, byte) in bytes.enumerated() where byte == 0x0a || byte == 0x0d {
            let isPaired =
                byte == 0x0a
                ? index > 0 && bytes[index - 1] == 0x0d : index + 1 < bytes.count && bytes[index + 1] == 0x0a
            guard isPaired else { throw .malformed("bare CR or LF") }
        }
        self.bytes = bytes
    }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard let end = bytes[offset...].firstIndex(of: 0x0d), end > offset else { return nil }
        defer { offset = end + 2 }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
    }
}
