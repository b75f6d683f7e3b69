import Glibc
import Testing

@testable import Transport

extension SocketTests {
    @Suite final class ClientTests {
        let echo: EchoServer
        let secure: EchoServer
        let loop: EventLoop

        init() throws {
            echo = try EchoServer()
            secure = try EchoServer(tls: TestCertificate.shared.configuration)
            loop = try .forClients(trustedCertificates: TestCertificate.shared.configuration.certificateChain)
        }

        deinit {
            loop.stop(grace: .zero)
            loop.waitUntilEnded()
        }

        private func connect(_ url: String, subprotocol: String? = nil) -> ClientLog {
            let log = ClientLog()
            loop.perform { loop in
                do {
                    try loop.connect(to: url, subprotocol: subprotocol, delegate: LoggingClient(log))
                } catch {
                    log.note(.failed(status: nil, reason: "\(error)"))
                }
            }
            return log
        }

        @Test func `a client talks to the server and closes`() async {
            let log = connect("ws://127.0.0.1:\(echo.port)/chat", subprotocol: "echo")
            #expect(await log.next() == .opened)
            loop.perform { $0.connections.first?.send(text: Array("你好".utf8)) }
            #expect(await log.next() == .received("你好"))
            loop.perform { $0.connections.first?.close(code: 1000, reason: "done") }
            #expect(await log.next() == .closed(.byUs(code: 1000, reason: "done")))
            #expect(await echo.journal.nextEnd() == .byPeer(code: 1000, reason: "done"))
        }

        @Test func `a client talks over TLS to a server it can check`() async {
            let log = connect("wss://localhost:\(secure.port)/")
            #expect(await log.next() == .opened)
            let long = String(repeating: "long ", count: 10_000)
            loop.perform { $0.connections.first?.send(text: Array(long.utf8)) }
            #expect(await log.next() == .received(long))
            loop.perform { $0.connections.first?.send(text: Array("close".utf8)) }
            #expect(await log.next() == .closed(.byPeer(code: 4123, reason: "as asked")))
        }

        @Test func `a server with a certificate of another name is not spoken to`() async {
            guard case .failed(nil, _)? = await connect("wss://127.0.0.2:\(secure.port)/").next() else {
                Issue.record("the client connected")
                return
            }
        }

        @Test func `a client learns why it was not let in`() async {
            #expect(
                await connect("ws://127.0.0.1:\(echo.port)/refused").next() == .failed(status: 403, reason: "Forbidden")
            )
            guard case .failed(nil, _)? = await connect("ws://127.0.0.1:1/").next() else {
                Issue.record("something listens on port 1")
                return
            }
        }

        /// One server never accepts, its queue being full; the other accepts and says nothing.
        @Test(arguments: [0, 1])
        func `a server that does not answer is given up`(accepting: Int) async throws {
            var limits = TransportLimits()
            limits.headerTimeout = .milliseconds(300)
            let impatient = try EventLoop.forClients(limits: limits)
            let listener = try BoundListener(
                ListenerConfiguration(host: "127.0.0.1", port: 0, label: "silent"), loops: 1)
            defer { listener.close() }
            listen(listener.sockets[0], Int32(accepting))
            let fillers = (accepting..<1).map { _ in RawSocket(port: listener.address.port) }
            for url in ["ws", "wss"].map({ "\($0)://127.0.0.1:\(listener.address.port)/" }) {
                let log = ClientLog()
                impatient.perform { loop in
                    _ = try? loop.connect(to: url, delegate: LoggingClient(log))
                }
                #expect(await log.next() == .failed(status: nil, reason: "the server did not answer in time"))
            }
            // It ends by itself only once no connection is left.
            impatient.stop(grace: .seconds(3_600))
            impatient.waitUntilEnded()
            fillers.forEach { $0.close() }
        }

        @Test(arguments: [
            ("ws://a", "a", 80, "/"), ("wss://a:8443/x?y=z#f", "a", 8443, "/x?y=z"), ("ws://[::1]:9/", "::1", 9, "/"),
            ("ws://a?b", "a", 80, "/?b"),
        ])
        func `a URL is taken apart`(url: String, host: String, port: Int, path: String) {
            let target = ClientRequest(url: url, headers: [], subprotocol: nil).target
            #expect(target?.host == host)
            #expect(target.map { Int($0.port) } == port)
            #expect(target?.path == path)
        }

        @Test(arguments: [
            "http://a/", "ws://", "ws://a:b/", "ws://a:70000/", "ws://a /", "ws://a\r\nX: y/", "ws://[::1",
        ])
        func `what is not a WebSocket URL is refused`(url: String) {
            #expect(ClientRequest(url: url, headers: [], subprotocol: nil).target == nil)
        }
    }
}

/// What a client saw, in order.
final class ClientLog: Sendable {
    enum Entry: Equatable, Sendable {
        case opened
        case received(String)
        case closed(Connection.End?)
        case failed(status: Int?, reason: String)
    }

    private let stream: AsyncStream<Entry>
    private let continuation: AsyncStream<Entry>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func note(_ entry: Entry) { continuation.yield(entry) }

    func next() async -> Entry? {
        for await entry in stream { return entry }
        return nil
    }
}

final class LoggingClient: ClientDelegate {
    private let log: ClientLog
    init(_ log: ClientLog) { self.log = log }
    func opened(_ connection: Connection) { log.note(.opened) }
    func received(_ connection: Connection, text: UnsafeRawBufferPointer) {
        log.note(.received(String(decoding: text, as: UTF8.self)))
    }
    func closed(_ connection: Connection) { log.note(.closed(connection.ending)) }
    func failed(_ connection: Connection, status: Int?, reason: String) {
        log.note(.failed(status: status, reason: reason))
    }
}
