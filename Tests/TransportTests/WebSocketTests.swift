import Testing

@testable import Transport

extension SocketTests {
    /// RFC 6455 over real sockets, after the case families of the Autobahn test suite.
    @Suite final class WebSocketTests {
        let echo: EchoServer
        init() throws { echo = try EchoServer() }

        struct Violation: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let bytes: [UInt8]
            let code: UInt16

            init(_ name: String, _ bytes: [UInt8], _ code: UInt16) {
                (testDescription, self.bytes, self.code) = (name, bytes, code)
            }
        }

        /// Families 3 (reserved bits), 4 (opcodes), 2 and 5 (control frames, fragments), 6 (UTF-8), 7 (closing).
        static let violations: [Violation] = fixedViolations + opcodeViolations + closeCodeViolations

        private static func frame(_ first: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
            RawSocket.frame(first, payload)
        }

        private static func letters(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x61, count: count) }

        private static let opcodeViolations: [Violation] = ([3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8]).map {
            Violation("opcode \($0)", frame(0x80 | $0), 1002)
        }

        private static let closeCodeViolations: [Violation] =
            ([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16]).map { code in
                Violation("close code \(code)", frame(0x88, [UInt8(code >> 8), UInt8(code & 0xff)]), 1002)
            }

        private static let fixedViolations: [Violation] = [
            Violation("unmasked text", [0x81, 1, 0x61], 1002),
            Violation("unmasked ping", [0x89, 0], 1002),
            Violation("RSV1", frame(0xc1, [0x61]), 1002),
            Violation("RSV2", frame(0xa1, [0x61]), 1002),
            Violation("RSV3", frame(0x91, [0x61]), 1002),
            Violation("RSV3 on a ping", frame(0x99, []), 1002),
            Violation("RSV1 on a close", frame(0xc8, [0x03, 0xe8]), 1002),
            Violation("fragmented ping", frame(0x09, [0x61]), 1002),
            Violation("fragmented close", frame(0x08, [0x03, 0xe8]), 1002),
            Violation("ping of 126 bytes", frame(0x89, letters(126)), 1002),
            Violation(
                "close of 126 bytes", frame(0x88, [0x03, 0xe8] + letters(124)), 1002),
            Violation("final continuation of nothing", frame(0x80, [0x61]), 1002),
            Violation("continuation of nothing", frame(0x00, [0x61]), 1002),
            Violation("text inside a fragmented text", frame(0x01, [0x61]) + frame(0x81, [0x62]), 1002),
            Violation("binary inside a fragmented text", frame(0x01, [0x61]) + frame(0x82, [0x62]), 1002),
            Violation("continuation after the end", frame(0x01) + frame(0x80) + frame(0x80), 1002),
            Violation("length of 2^63", [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], 1002),
            Violation("length in 2 bytes that fits in 7 bits", [0x81, 0xfe, 0, 5, 1, 2, 3, 4], 1002),
            Violation(
                "length in 8 bytes that fits in 2", [0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4], 1002),
            Violation(
                "length of 2^63 - 1", [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4], 1009),
            Violation("message over the limit", frame(0x81, letters(65_537)), 1009),
            Violation(
                "fragments over the limit together",
                frame(0x01, letters(40_000))
                    + frame(0x80, letters(40_000)),
                1009),
            Violation("close of 1 byte", frame(0x88, [0x03]), 1002),
            Violation("close reason that is not UTF-8", frame(0x88, [0x03, 0xe8, 0xff]), 1007),
            Violation("lone continuation byte", frame(0x81, [0x80]), 1007),
            Violation("overlong slash", frame(0x81, [0xc0, 0xaf]), 1007),
            Violation("overlong NUL in 3 bytes", frame(0x81, [0xe0, 0x80, 0x80]), 1007),
            Violation("surrogate", frame(0x81, [0xed, 0xa0, 0x80]), 1007),
            Violation("above U+10FFFF", frame(0x81, [0xf4, 0x90, 0x80, 0x80]), 1007),
            Violation("five-byte sequence", frame(0x81, [0xf8, 0x88, 0x80, 0x80, 0x80]), 1007),
            Violation("0xff", frame(0x81, [0x61, 0xff]), 1007),
            Violation("text that ends inside a character", frame(0x81, [0xe2, 0x82]), 1007),
            Violation(
                "fragments that end inside a character", frame(0x01, [0xe2]) + frame(0x00, [0x82]) + frame(0x80),
                1007),
        ]

        @Test(arguments: violations)
        func `a violation is closed with its code and the delegate is told`(_ violation: Violation) async {
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.text("before"))
            peer.send(violation.bytes)
            #expect(peer.receiveFrame()?.payload == Array("before".utf8))
            #expect(peer.receiveCloseCode() == violation.code)
            #expect(peer.isAtEnd())
            guard case .byUs(let code, _) = await echo.journal.nextEnd() else {
                Issue.record("the delegate was told something else")
                return
            }
            #expect(code == violation.code)
        }

        @Test(arguments: [
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
        ])
        func `a close frame is answered with its own code`(code: UInt16) async {
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.frame(0x88, [UInt8(code >> 8), UInt8(code & 0xff)] + Array("bye 再见".utf8)))
            #expect(peer.receiveCloseCode() == code)
            #expect(peer.isAtEnd())
            #expect(await echo.journal.nextEnd() == .byPeer(code: code, reason: "bye 再见"))
        }

        @Test func `a close frame without a code is answered without one`() async {
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.frame(0x88))
            #expect(peer.receiveCloseCode() == 1005)
            #expect(peer.isAtEnd())
            #expect(await echo.journal.nextEnd() == .byPeer(code: nil, reason: ""))
        }

        @Test(arguments: [0, 1, 125, 126, 127, 128, 65_535, 65_536])
        func `a message of any length comes back, however it is cut`(length: Int) {
            let payload = (0..<length).map { UInt8(0x20 + $0 % 90) }
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.frame(0x81, payload))
            #expect(peer.receiveFrame()?.payload == payload)
            let middle = length / 2
            peer.send(RawSocket.frame(0x01, Array(payload[..<middle])))
            peer.send(RawSocket.frame(0x89, [7]))
            peer.send(RawSocket.frame(0x00))
            peer.send(RawSocket.frame(0x80, Array(payload[middle...])))
            let pong = peer.receiveFrame()
            #expect(pong?.opcode == .pong && pong?.payload == [7])
            #expect(peer.receiveFrame()?.payload == payload)
        }

        @Test func `a frame that arrives byte by byte is read like any other`() {
            let peer = RawSocket.webSocket(port: echo.port)
            for byte in RawSocket.text("zhū 猪 🐖") { peer.send([byte]) }
            #expect(peer.receiveFrame()?.payload == Array("zhū 猪 🐖".utf8))
        }

        @Test func `a character may be cut between fragments`() {
            let peer = RawSocket.webSocket(port: echo.port)
            for (first, byte) in zip([0x01, 0x00, 0x00, 0x80] as [UInt8], Array("🐖".utf8)) {
                peer.send(RawSocket.frame(first, [byte]))
            }
            #expect(peer.receiveFrame()?.payload == Array("🐖".utf8))
        }

        @Test(arguments: [0, 1, 125])
        func `a ping is answered with its payload`(length: Int) {
            let payload = [UInt8](repeating: 0xfe, count: length)
            let peer = RawSocket.webSocket(port: echo.port)
            for _ in 1...10 { peer.send(RawSocket.frame(0x89, payload)) }
            for _ in 1...10 {
                let pong = peer.receiveFrame()
                #expect(pong?.opcode == .pong && pong?.payload == payload)
            }
        }

        @Test func `unasked pongs are ignored`() {
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.frame(0x8a, [1, 2, 3]) + RawSocket.text("still here"))
            #expect(peer.receiveFrame()?.payload == Array("still here".utf8))
        }

        @Test func `a binary message is told of, its fragments as one`() {
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.frame(0x82, [0xff]))
            peer.send(RawSocket.frame(0x02, [0xff]) + RawSocket.frame(0x80, [0xfe]))
            for _ in 1...2 { #expect(peer.receiveFrame()?.payload == Array("binary".utf8)) }
        }

        @Test func `messages that come with the handshake are not lost`() {
            let peer = RawSocket(port: echo.port)
            peer.send(Array(RawSocket.upgradeRequest().utf8) + RawSocket.text("early"))
            #expect(peer.receiveHead().contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
            #expect(peer.receiveFrame()?.payload == Array("early".utf8))
        }

        @Test func `nothing that follows a close frame is answered`() async {
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.frame(0x88, [0x03, 0xe8]) + RawSocket.text("late") + RawSocket.frame(0x89))
            #expect(peer.receiveFrame()?.opcode == .close)
            #expect(peer.isAtEnd())
        }

        @Test func `our close waits for the peer's and then ends the connection`() async {
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.text("close"))
            #expect(peer.receiveCloseCode() == 4123)
            #expect(await echo.journal.nextEnd() == .byUs(code: 4123, reason: "as asked"))
            peer.send(RawSocket.text("late") + RawSocket.frame(0x88, [0x10, 0x1b]))
            #expect(peer.isAtEnd())
        }

        @Test func `messages queued in one turn arrive in order`() {
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.text("three"))
            #expect((1...3).map { _ in peer.receiveFrame()?.payload } == [[0x31], [0x32], [0x33]])
        }

        @Test func `a million empty fragments are one message`() {
            let peer = RawSocket.webSocket(port: echo.port)
            peer.send(RawSocket.frame(0x01, [0x61]))
            let batch = (0..<10_000).flatMap { _ in RawSocket.frame(0x00) }
            for _ in 0..<100 { peer.send(batch) }
            peer.send(RawSocket.frame(0x80, [0x62]))
            #expect(peer.receiveFrame()?.payload == Array("ab".utf8))
        }

        struct Handshake: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let request: String
            let status: Int
        }

        static let refusals = [
            Handshake(testDescription: "version 8", request: RawSocket.upgradeRequest(version: "8"), status: 426),
            Handshake(testDescription: "no version", request: RawSocket.upgradeRequest(version: ""), status: 426),
            Handshake(testDescription: "short key", request: RawSocket.upgradeRequest(key: "YQ=="), status: 400),
            Handshake(
                testDescription: "second key",
                request: RawSocket.upgradeRequest(extra: "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), status: 400
            ),
            Handshake(
                testDescription: "unknown subprotocol",
                request: RawSocket.upgradeRequest(extra: "Sec-WebSocket-Protocol: chat, soap\r\n"), status: 400),
            Handshake(
                testDescription: "refused by the delegate", request: RawSocket.upgradeRequest(path: "/refused"),
                status: 403),
            Handshake(
                testDescription: "with a body",
                request: RawSocket.upgradeRequest(extra: "Content-Length: 3\r\n") + "abc",
                status: 400),
        ]

        @Test(arguments: refusals)
        func `a handshake that cannot be accepted gets an HTTP answer`(_ handshake: Handshake) {
            let peer = RawSocket(port: echo.port)
            peer.send(handshake.request)
            let answer = peer.receiveAnswer()
            #expect(answer.status == handshake.status)
            #expect(answer.status != 426 || answer.head.contains("Sec-WebSocket-Version: 13\r\n"))
            #expect(peer.isAtEnd())
        }

        @Test func `a subprotocol that was offered and accepted is named`() {
            let peer = RawSocket(port: echo.port)
            peer.send(RawSocket.upgradeRequest(extra: "Sec-WebSocket-Protocol: other, echo\r\n"))
            #expect(peer.receiveHead().contains("\r\nSec-WebSocket-Protocol: echo\r\n"))
        }
    }
}
