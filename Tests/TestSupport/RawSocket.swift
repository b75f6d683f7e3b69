import Glibc
import Harness

/// A TCP connection to the daemon with nothing between the test and the bytes.
///
/// `@unchecked Sendable` so that one task may send while another reads; nothing but the descriptor is shared by that.
public final class RawSocket: @unchecked Sendable {
    private let descriptor: Int32
    private var input: [UInt8] = []

    public struct Frame: Equatable {
        public let opcode: UInt8
        public let payload: [UInt8]

        public var text: String { String(decoding: payload, as: UTF8.self) }
        /// The code of a close frame.
        public var closeCode: UInt16? {
            opcode == ClientFrame.close && payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil
        }
    }

    public struct NotConnected: Error {}

    /// - Parameter receiveBuffer: The kernel's buffer in bytes; small ones make slow readers.
    public init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        guard let descriptor = Loopback.connect(to: port, receiveBuffer: receiveBuffer) else { throw NotConnected() }
        self.descriptor = descriptor
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    /// A WebSocket that has been opened.
    public static func webSocket(port: UInt16, receiveBuffer: Int32? = nil) throws -> RawSocket {
        let socket = try RawSocket(port: port, receiveBuffer: receiveBuffer)
        let head = socket.upgrade()
        guard head.hasPrefix("HTTP/1.1 101") else { throw NotConnected() }
        return socket
    }

    /// A WebSocket on which somebody is signed in.
    public static func signedIn(port: UInt16, token: String, receiveBuffer: Int32? = nil) throws -> RawSocket {
        let socket = try webSocket(port: port, receiveBuffer: receiveBuffer)
        socket.send(text: #"{"id":1,"do":"session.open","token":"\#(token)"}"#)
        guard socket.text(where: { $0.hasPrefix(#"{"re":1,"ok""#) }) != nil else { throw NotConnected() }
        return socket
    }

    deinit { close() }

    private var isClosed = false

    public func close() {
        if !isClosed { Glibc.close(descriptor) }
        isClosed = true
    }

    /// Closes with a reset instead of a goodbye.
    public func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Ends both directions, and with them whatever waits in a send.
    public func shutdown() { _ = Glibc.shutdown(descriptor, Int32(SHUT_RDWR)) }

    // MARK: Bytes

    /// Sends all bytes, waiting as long as it takes.
    /// - Returns: False if the other side is gone.
    @discardableResult
    public func send(_ bytes: some Sequence<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    public func send(_ text: String) -> Bool { send(text.utf8) }

    /// Takes what has come.
    /// - Returns: False if nothing comes in time or the other side closed.
    private func fill(within limit: Duration) -> Bool {
        var events = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&events, 1, Int32(patience(limit).seconds * 1000)) > 0 else { return false }
        return withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else { return false }
            input.append(contentsOf: buffer[..<count])
            return true
        }
    }

    /// Whether the other side closes or resets within the time, whatever it sends before. One that already has is found
    /// out even when no time is left.
    public func isClosedByPeer(within limit: Duration) -> Bool {
        let deadline = ContinuousClock.now + patience(limit)
        repeat {
            while fill(within: max(.zero, min(.milliseconds(50), deadline - .now))) {}
            var byte: UInt8 = 0
            let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
            if count == 0 || count < 0 && errno != EAGAIN { return true }
        } while ContinuousClock.now < deadline
        return false
    }

    /// Everything until the other side closes or the time is over.
    public func readToEnd(within limit: Duration = .seconds(10)) -> [UInt8] {
        while fill(within: limit) {}
        defer { input = [] }
        return input
    }

    /// An HTTP head, up to and with its empty line; empty if none comes.
    public func readHead(within limit: Duration = .seconds(10)) -> String {
        while true {
            if let end = input.firstRange(of: Array("\r\n\r\n".utf8)) {
                defer { input.removeFirst(end.upperBound) }
                return String(decoding: input[..<end.upperBound], as: UTF8.self)
            }
            guard fill(within: limit) else { return "" }
        }
    }

    public func read(_ count: Int, within limit: Duration = .seconds(10)) -> [UInt8] {
        while input.count < count, fill(within: limit) {}
        defer { input.removeFirst(min(count, input.count)) }
        return Array(input.prefix(count))
    }

    // MARK: WebSocket

    /// Asks for WebSocket and returns the head of the answer.
    public func upgrade(
        path: String = "/v1/socket", subprotocol: String? = "lyceum.v1.json", headers: [(String, String)] = []
    ) -> String {
        var request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        if let subprotocol { request += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        for (name, value) in headers { request += "\(name): \(value)\r\n" }
        send(request + "\r\n")
        return readHead()
    }

    @discardableResult
    public func send(text: String) -> Bool { sendFrame(ClientFrame.text, Array(text.utf8)) }

    @discardableResult
    public func sendFrame(_ opcode: UInt8, _ payload: [UInt8]) -> Bool {
        var bytes: [UInt8] = []
        ClientFrame.append(opcode, payload, to: &bytes)
        return send(bytes)
    }

    /// The next frame; `nil` if none comes whole.
    public func frame(within limit: Duration = .seconds(10)) -> Frame? {
        while true {
            if let (frame, length) = Self.parse(input) {
                input.removeFirst(length)
                return frame
            }
            guard fill(within: limit) else { return nil }
        }
    }

    private static func parse(_ bytes: [UInt8]) -> (Frame, length: Int)? {
        guard bytes.count >= 2 else { return nil }
        var (length, header) = (Int(bytes[1] & 127), 2)
        if length == 126 {
            guard bytes.count >= 4 else { return nil }
            (length, header) = (Int(bytes[2]) << 8 | Int(bytes[3]), 4)
        } else if length == 127 {
            guard bytes.count >= 10 else { return nil }
            (length, header) = (bytes[2..<10].reduce(0) { $0 << 8 | Int($1) }, 10)
        }
        guard bytes.count >= header + length else { return nil }
        return (Frame(opcode: bytes[0] & 15, payload: Array(bytes[header..<header + length])), header + length)
    }

    /// The next text frame that satisfies `condition`; others before it are dropped.
    public func text(within limit: Duration = .seconds(10), where condition: (String) -> Bool) -> String? {
        while let frame = frame(within: limit) {
            if frame.opcode == ClientFrame.close { return nil }
            if frame.opcode == ClientFrame.text, condition(frame.text) { return frame.text }
        }
        return nil
    }

    /// Sends a command and returns its answer; events before it are dropped.
    public func ask(_ id: Int, _ fields: String, within limit: Duration = .seconds(10)) -> String? {
        send(text: "{\"id\":\(id),\(fields)}")
        return text(within: limit) { $0.hasPrefix("{\"re\":\(id),") }
    }

    /// The code of the close frame that ends the connection; `nil` if it ends without one or goes on.
    public func closeCode(within limit: Duration = .seconds(10)) -> UInt16? {
        while let frame = frame(within: limit) {
            if frame.opcode == ClientFrame.close { return frame.closeCode }
        }
        return nil
    }
}
