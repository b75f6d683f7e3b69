import Glibc
import Harness
import Locking

/// A small HTTP server inside the test, for what the daemon calls: it keeps every request and answers as it is told.
///
/// `@unchecked Sendable`: what threads share is under its lock; the descriptor is closed once, by the thread that accepts.
public final class HTTPReceiver: @unchecked Sendable {
    public struct Request: Sendable {
        public let path: String
        /// By lower-case name.
        public let headers: [String: String]
        public let body: [UInt8]
    }

    public enum Answer: Sendable {
        case status(Int, headers: [(String, String)] = [])
        /// 200, and then bytes without end.
        case endless
        /// Nothing at all.
        case silence
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var open: Set<Int32> = []
        var isStopped = false
    }

    public let port: UInt16
    private let listener: Int32
    private let state = Locked(State())
    /// Asked for each request, with its number from 0.
    private let respond: @Sendable (Int, Request) -> Answer

    public init(answering respond: @escaping @Sendable (Int, Request) -> Answer = { _, _ in .status(200) }) throws {
        (listener, port) = try Loopback.listen()
        self.respond = respond
        let (listener, state) = (listener, state)
        startThread {
            // Closed here and not by ``stop()``: the number would soon be another receiver's, and this thread take a
            // connection of theirs.
            defer { close(listener) }
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                let isStopped = state.withLock { state in
                    if !state.isStopped {
                        state.connections += 1
                        state.open.insert(connection)
                    }
                    return state.isStopped
                }
                guard !isStopped else {
                    close(connection)
                    break
                }
                startThread { Self.serve(connection, state, respond) }
            }
        }
    }

    deinit { stop() }

    public func stop() {
        let isFirst = state.withLock { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
        guard isFirst else { return }
        // Wakes the accepting thread, and those that wait for a request.
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) } }
    }

    public var requests: [Request] { state.withLock { $0.requests } }
    public var connections: Int { state.withLock { $0.connections } }

    private static func serve(_ connection: Int32, _ state: Locked<State>, _ respond: (Int, Request) -> Answer) {
        defer {
            // Under the lock, so that ``stop()`` never meets a descriptor that is another's by now.
            state.withLock { state in
                state.open.remove(connection)
                close(connection)
            }
        }
        var input: [UInt8] = []
        while let request = read(connection, &input) {
            let number = state.withLock { state in
                state.requests.append(request)
                return state.requests.count - 1
            }
            switch respond(number, request) {
            case .status(let status, let headers):
                let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
                guard write(connection, "HTTP/1.1 \(status) X\r\n\(lines)Content-Length: 2\r\n\r\nok") else { return }
            case .endless:
                let block = String(repeating: "x", count: 65_536)
                guard write(connection, "HTTP/1.1 200 OK\r\n\r\n") else { return }
                while write(connection, block) {}
                return
            case .silence:
                var byte: UInt8 = 0
                _ = recv(connection, &byte, 1, 0)
                return
            }
        }
    }

    private static func write(_ connection: Int32, _ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func read(_ connection: Int32, _ input: inout [UInt8]) -> Request? {
        let blank = Array("\r\n\r\n".utf8)
        var head: Range<Int>?
        while true {
            head = head ?? input.firstRange(of: blank)
            if let head {
                let lines = String(decoding: input[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let sides = line.split(separator: ":", maxSplits: 1)
                    if sides.count == 2 { headers[sides[0].lowercased()] = String(sides[1].drop { $0 == " " }) }
                }
                let end = head.upperBound + (headers["content-length"].flatMap { Int($0) } ?? 0)
                if input.count >= end {
                    let body = Array(input[head.upperBound..<end])
                    input.removeFirst(end)
                    let words = lines.first?.split(separator: " ") ?? []
                    return Request(path: words.count > 1 ? String(words[1]) : "", headers: headers, body: body)
                }
            }
            var buffer = [UInt8](repeating: 0, count: 16_384)
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            input += buffer[..<count]
        }
    }
}

/// Runs `body` on a thread of its own.
private func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
}
