import Egress
import TestSupport
import Testing

/// Calls to a real server, and what they may cost (attack A21).
@Suite struct `A call` {
    private static let loopback = [Network("127.0.0.0/8"), Network("::1")].compactMap { $0 }

    /// One call, waited for.
    private func call(
        _ url: String, allowed: [Network] = loopback, _ adjust: (inout OutboundLimits) -> Void = { _ in }
    ) -> OutboundResult? {
        var limits = OutboundLimits()
        adjust(&limits)
        let calls = OutboundCalls(policy: AddressPolicy(allowed: allowed), limits: limits)
        calls.start(OutboundRequest(url: url, headers: [("X-Test", "yes")], body: Array("{}".utf8)), key: 7)
        while calls.count > 0 {
            if let (key, result) = calls.advance(waiting: 1000).first {
                #expect(key == 7)
                return result
            }
        }
        return nil
    }

    @Test func `brings its body and headers and tells the answer`() throws {
        let receiver = try HTTPReceiver { _, _ in .status(503, headers: [("Retry-After", "120")]) }
        let result = call("http://127.0.0.1:\(receiver.port)/a?b=c")
        #expect(result == .answered(status: 503, retryAfterSeconds: 120))
        let request = try #require(receiver.requests.first)
        #expect(request.path == "/a?b=c")
        #expect(request.headers["x-test"] == "yes")
        #expect(request.body == Array("{}".utf8))
    }

    /// A name says nothing: this one, like one that is rebound between two look-ups, leads inside when it is called.
    @Test(arguments: ["localhost", "127.0.0.1", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0"])
    func `is refused at the connection wherever the name leads inside`(host: String) throws {
        let receiver = try HTTPReceiver()
        #expect(call("http://\(host):\(receiver.port)/", allowed: []) == .failed(.address))
        #expect(receiver.connections == 0)
    }

    @Test func `follows no redirect`() throws {
        let inside = try HTTPReceiver()
        let target = "http://127.0.0.1:\(inside.port)/secret"
        let outside = try HTTPReceiver { _, _ in .status(307, headers: [("Location", target)]) }
        #expect(call("http://127.0.0.1:\(outside.port)/") == .answered(status: 307, retryAfterSeconds: 0))
        #expect(inside.connections == 0)
    }

    @Test func `ends an answer that does not end`() throws {
        let receiver = try HTTPReceiver { _, _ in .endless }
        // Time enough: this is about bytes, and the machine may be busy.
        #expect(call("http://127.0.0.1:\(receiver.port)/") { $0.milliseconds = 120_000 } == .failed(.tooLarge))
        let verbose = try HTTPReceiver { _, _ in .status(200, headers: (0..<3000).map { ("X-\($0)", "long enough") }) }
        let headers = call("http://127.0.0.1:\(verbose.port)/") { limits in
            (limits.milliseconds, limits.answerBytes) = (120_000, 10_000)
        }
        #expect(headers == .failed(.tooLarge))
    }

    @Test func `does not wait for an answer that does not come`() throws {
        let receiver = try HTTPReceiver { _, _ in .silence }
        #expect(call("http://127.0.0.1:\(receiver.port)/") { $0.milliseconds = 200 } == .failed(.timeout))
    }

    @Test func `says in one word why it failed`() throws {
        let receiver = try HTTPReceiver()
        receiver.stop()
        #expect(call("http://127.0.0.1:\(receiver.port)/") == .failed(.notConnected))
        #expect(call("http://no-such-name.invalid/") == .failed(.nameNotFound))
        let plain = try HTTPReceiver()
        let overTLS = call("https://127.0.0.1:\(plain.port)/") { $0.milliseconds = 2000 }
        if case .answered = overTLS { Issue.record("a server without TLS has answered over TLS") }
    }
}
