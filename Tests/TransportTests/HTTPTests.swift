import Testing

@testable import Transport

extension SocketTests {
    /// RFC 9112 over real sockets.
    @Suite final class HTTPTests {
        let echo: EchoServer
        init() throws { echo = try EchoServer() }

        struct Bad: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let request: String
            let status: Int

            init(_ status: Int, _ name: String, _ request: String) {
                (self.status, testDescription, self.request) = (status, name, request)
            }
        }

        private static func post(_ fields: String, _ body: String = "") -> String {
            "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\(body)"
        }

        static let bad = [
            Bad(400, "not HTTP", "\u{16}\u{3}\u{1}"),
            Bad(400, "no version", "GET /\r\n\r\n"),
            Bad(400, "two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
            Bad(400, "lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n"),
            Bad(505, "version 2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
            Bad(400, "bad method", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
            Bad(400, "relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
            Bad(400, "fragment in the target", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"),
            Bad(400, "bytes above ASCII in the target", "GET /é HTTP/1.1\r\nHost: a\r\n\r\n"),
            Bad(400, "CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
            Bad(400, "no Host", "GET / HTTP/1.1\r\n\r\n"),
            Bad(400, "two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
            Bad(400, "space before a colon", "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n"),
            Bad(400, "folded field", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"),
            Bad(400, "field without a colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
            Bad(400, "empty field name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
            Bad(400, "bare line feed", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
            Bad(400, "bare carriage return", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
            Bad(400, "NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"),
            Bad(431, "101 fields", "GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n"),
            Bad(431, "a head of 17 kB", "GET / HTTP/1.1\r\nX: " + String(repeating: "y", count: 17_000) + "\r\n\r\n"),
            Bad(400, "negative length", post("Content-Length: -1\r\n")),
            Bad(400, "signed length", post("Content-Length: +1\r\n", "a")),
            Bad(400, "length in hexadecimal", post("Content-Length: 0x1\r\n", "a")),
            Bad(400, "list of lengths", post("Content-Length: 1, 1\r\n", "a")),
            Bad(400, "empty length", post("Content-Length:\r\n", "a")),
            Bad(400, "length of 30 digits", post("Content-Length: \(String(repeating: "1", count: 30))\r\n")),
            Bad(400, "two equal lengths", post("Content-Length: 1\r\nContent-Length: 1\r\n", "a")),
            Bad(400, "length and coding", post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "a")),
            Bad(400, "coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Bad(411, "chunked", post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n")),
            Bad(411, "unknown coding", post("Transfer-Encoding: cow\r\n")),
            Bad(413, "body over the limit", post("Content-Length: 100001\r\n")),
            Bad(417, "unknown expectation", post("Expect: a-miracle\r\nContent-Length: 1\r\n", "a")),
        ]

        @Test(arguments: bad)
        func `a bad request is answered and its connection closed`(_ bad: Bad) {
            let peer = RawSocket(port: echo.port)
            peer.send(bad.request)
            let answer = peer.receiveAnswer()
            #expect(answer.status == bad.status)
            #expect(answer.head.contains("Connection: close\r\n"))
            #expect(peer.isAtEnd())
        }

        @Test func `a head of one megabyte is answered before it is read`() {
            let peer = RawSocket(port: echo.port)
            peer.send("GET / HTTP/1.1\r\nX: " + String(repeating: "y", count: 1_000_000))
            #expect(peer.receiveAnswer().status == 431)
        }

        @Test(arguments: ["GET", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "PROPFIND"])
        func `a connection serves requests of any method, one after another`(method: String) {
            let peer = RawSocket(port: echo.port)
            for length in [0, 5, 100_000] {
                let body = String(repeating: "b", count: length)
                peer.send("\(method) /a%20b?c=d?e HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n\(body)")
                let answer = peer.receiveAnswer()
                #expect(answer.status == 200)
                #expect(answer.body == "\(method) /a%20b c=d?e \(length)")
            }
        }

        @Test func `a request that arrives byte by byte is read like any other`() {
            let peer = RawSocket(port: echo.port)
            for byte in Array("\r\nPOST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi".utf8) {
                peer.send([byte])
            }
            #expect(peer.receiveAnswer().body == "POST /x - 2")
        }

        @Test func `pipelined requests are answered in order`() {
            let peer = RawSocket(port: echo.port)
            peer.send((1...50).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            for number in 1...50 { #expect(peer.receiveAnswer().body == "GET /\(number) - 0") }
        }

        @Test func `a request waits for the answer before it`() {
            let (first, second) = (RawSocket(port: echo.port), RawSocket(port: echo.port))
            first.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /after HTTP/1.1\r\nHost: a\r\n\r\n")
            // `/later` must have reached the delegate before `/now` does: a round trip on the same loop says so.
            second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = second.receiveAnswer()
            second.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(second.receiveAnswer().body == "now")
            #expect(first.receiveAnswer().body == "later")
            #expect(first.receiveAnswer().body == "GET /after - 0")
        }

        @Test func `answering a peer that has gone does nothing`() {
            let (first, second) = (RawSocket(port: echo.port), RawSocket(port: echo.port))
            first.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")
            second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = second.receiveAnswer()
            first.close()
            second.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(second.receiveAnswer().body == "now")
        }

        @Test func `HEAD gets the length without the body`() {
            let peer = RawSocket(port: echo.port)
            peer.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nGET /y HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(peer.receiveHead().contains("Content-Length: 11\r\n"))
            #expect(peer.receiveAnswer().body == "GET /y - 0")
        }

        @Test func `an answer without content has no length`() {
            let peer = RawSocket(port: echo.port)
            peer.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /y HTTP/1.1\r\nHost: a\r\n\r\n")
            let head = peer.receiveHead()
            #expect(head.hasPrefix("HTTP/1.1 204 ") && !head.contains("Content-Length"))
            #expect(peer.receiveAnswer().body == "GET /y - 0")
        }

        @Test(arguments: [
            ("HTTP/1.1\r\nHost: a\r\nConnection: close", true), ("HTTP/1.1\r\nHost: a\r\nConnection: x, Close", true),
            ("HTTP/1.0", true), ("HTTP/1.0\r\nConnection: Keep-Alive", false), ("HTTP/1.1\r\nHost: a", false),
        ])
        func `a connection is closed when the client says so`(rest: String, closes: Bool) {
            let peer = RawSocket(port: echo.port)
            peer.send("GET / \(rest)\r\n\r\n")
            let answer = peer.receiveAnswer()
            #expect(answer.status == 200)
            #expect(answer.head.contains("Connection: close") == closes)
            peer.send("GET /again HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(peer.receiveHead().isEmpty == closes)
        }

        @Test func `a body that is announced is asked for`() {
            let peer = RawSocket(port: echo.port)
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n")
            #expect(peer.receiveHead() == "HTTP/1.1 100 Continue\r\n\r\n")
            peer.send("hi")
            #expect(peer.receiveAnswer().body == "POST / - 2")
        }

        @Test func `the absolute form of a target is its path`() {
            let peer = RawSocket(port: echo.port)
            peer.send("GET http://elsewhere/p?q HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(peer.receiveAnswer().body == "GET /p q 0")
            #expect(peer.receiveAnswer().body == "OPTIONS * - 0")
        }

        @Test func `an answer whose header could split it is not sent`() {
            let peer = RawSocket(port: echo.port)
            peer.send("GET /split HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = peer.receiveAnswer()
            #expect(answer.status == 500)
            #expect(!answer.head.contains("set-cookie"))
        }

        @Test func `a large answer arrives whole, and a reader in no hurry gets it too`() {
            let peer = RawSocket(port: echo.port, receiveBuffer: 4_096)
            peer.send("GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(peer.receiveHead().contains("Content-Length: 4000000\r\n"))
            #expect(peer.receiveAll().count == 4_000_000)
        }

        @Test func `a large body is taken and given in pieces, past every pause, and the next request is served`() {
            let peer = RawSocket(port: echo.port)
            let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
            peer.send("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
            peer.send(body)
            #expect(peer.receiveHead().contains("Content-Length: 1000000\r\n"))
            #expect(peer.receive(body.count) == body)
            peer.send("GET /after HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(peer.receiveAnswer().body == "GET /after - 0")
        }

        @Test func `WebSocket is not HTTP, and HTTP goes on beside it`() {
            let (chat, page) = (RawSocket.webSocket(port: echo.port), RawSocket(port: echo.port))
            page.send("GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")
            #expect(page.receiveAnswer().status == 200)
            chat.send(RawSocket.text("hi"))
            #expect(chat.receiveFrame()?.payload == Array("hi".utf8))
        }
    }
}
