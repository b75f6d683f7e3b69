import CLibwebsockets
import Glibc

@testable import Transport

/// A blocking TCP socket that says exactly what it is told: the peer that no library would let us be.
final class RawSocket {
    private(set) var descriptor: Int32
    private var buffered: [UInt8] = []

    /// Long enough for a loaded machine; a test that waits this long has failed.
    private static let patience = timeval(tv_sec: 30, tv_usec: 0)

    /// A socket that is not connected yet.
    init(receiveBuffer: Int32 = 0) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = Self.patience
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        var size = receiveBuffer
        if size > 0 { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
    }

    convenience init(port: UInt16, receiveBuffer: Int32 = 0) {
        self.init(receiveBuffer: receiveBuffer)
        connect(port: port)
    }

    deinit { close() }

    @discardableResult
    func connect(port: UInt16) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Sends all of `bytes`; false if the peer has closed.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// The next `count` bytes; fewer if the peer closes before.
    func receive(_ count: Int) -> [UInt8] {
        while buffered.count < count, fill() {}
        defer { buffered.removeFirst(min(count, buffered.count)) }
        return Array(buffered.prefix(count))
    }

    /// Everything until the peer closes.
    func receiveAll() -> [UInt8] {
        while fill() {}
        defer { buffered = [] }
        return buffered
    }

    /// Whether the peer has closed with nothing left to read.
    func isAtEnd() -> Bool { receive(1).isEmpty }

    /// A head up to its empty line, as text.
    func receiveHead() -> String {
        var head: [UInt8] = []
        while head.suffix(4) != [13, 10, 13, 10] {
            let byte = receive(1)
            guard !byte.isEmpty else { break }
            head += byte
        }
        return String(decoding: head, as: UTF8.self)
    }

    /// A whole HTTP answer with a `Content-Length`.
    func receiveAnswer() -> (status: Int, head: String, body: String) {
        let head = receiveHead()
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let length = head.split(separator: "\r\n").lazy.compactMap { line in
            line.lowercased().hasPrefix("content-length: ") ? Int(line.dropFirst(16)) : nil
        }.first
        return (status, head, String(decoding: receive(length ?? 0), as: UTF8.self))
    }

    /// The next frame; nil if the peer closes before it is whole.
    func receiveFrame() -> (opcode: Opcode, payload: [UInt8])? {
        var header = receive(2)
        guard header.count == 2 else { return nil }
        header += receive(header[1] & 0x7f == 126 ? 2 : header[1] & 0x7f == 127 ? 8 : 0)
        guard let frame = header.withUnsafeBytes({ try? Frame.readHeader($0) }) else { return nil }
        let payload = receive(frame.payloadLength)
        return payload.count == frame.payloadLength ? (frame.opcode, payload) : nil
    }

    /// Frames until a close frame, whose code is the result; nil if the peer closes without one.
    func receiveCloseCode() -> UInt16? {
        while let frame = receiveFrame() {
            guard frame.opcode == .close else { continue }
            return frame.payload.count >= 2 ? UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1]) : 1005
        }
        return nil
    }

    private func fill() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return false }
        buffered += bytes[..<count]
        return true
    }
}

extension RawSocket {
    /// Connects and completes the opening handshake.
    static func webSocket(port: UInt16, receiveBuffer: Int32 = 0) -> RawSocket {
        let socket = RawSocket(port: port, receiveBuffer: receiveBuffer)
        socket.send(upgradeRequest())
        let head = socket.receiveHead()
        precondition(head.hasPrefix("HTTP/1.1 101 "), "the server did not upgrade: \(head)")
        return socket
    }

    static func upgradeRequest(
        path: String = "/", version: String = "13", key: String = "dGhlIHNhbXBsZSBub25jZQ==", extra: String = ""
    ) -> String {
        """
        GET \(path) HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
        Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: \(version)\r\n\(extra)\r\n
        """
    }

    /// A masked frame; `first` is its first byte, so that flags and reserved opcodes can be set.
    static func frame(_ first: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        payload.withUnsafeBytes { FrameEncoder.append(.text, $0, mask: 0x4d3c_2b1a, to: &bytes) }
        bytes[0] = first
        return bytes
    }

    static func text(_ text: String) -> [UInt8] { frame(0x81, Array(text.utf8)) }
}
