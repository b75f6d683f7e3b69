import LyceumClient
import Testing
import Webhooks

/// What a receiver of webhooks is protected from (attack A24).
@Suite struct `The verifier of webhooks` {
    private static let body = Array(#"{"test": 2432232314}"#.utf8)
    private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private static let sentAt: Int64 = 1_614_265_330
    private static let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    /// The example that the standard's own libraries are tested with.
    private static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    private func verdict(
        _ verifier: inout WebhookVerifier, id: String? = id, timestamp: String? = "\(sentAt)",
        signature: String? = signature, body: [UInt8] = body, now: Int64 = sentAt
    ) -> WebhookVerifier.Rejection? {
        do throws(WebhookVerifier.Rejection) {
            try verifier.verify(id: id, timestamp: timestamp, signature: signature, body: body, now: now)
            return nil
        } catch {
            return error
        }
    }

    private func verifier() throws -> WebhookVerifier { WebhookVerifier(secret: try #require(Self.secret)) }

    @Test func `takes what the standard's example signs, and signs it alike`() throws {
        var verifier = try verifier()
        #expect(verdict(&verifier) == nil)
        #expect(
            try #require(Self.secret).signature(id: Self.id, timestamp: Self.sentAt, body: Self.body)
                == Self.signature)
    }

    @Test func `takes one of several signatures, and either secret while it is replaced`() throws {
        let other = try #require(WebhookSecret(bytes: [UInt8](repeating: 9, count: 32)))
        var both = WebhookVerifier(secrets: [other, try #require(Self.secret)])
        #expect(verdict(&both, signature: "v1a,xx v1,AAAA \(Self.signature)") == nil)
        var wrong = WebhookVerifier(secret: other)
        #expect(verdict(&wrong) == .forged)
    }

    @Test func `refuses a delivery that came before`() throws {
        var verifier = try verifier()
        #expect(verdict(&verifier) == nil)
        #expect(verdict(&verifier) == .replayed)
        #expect(verdict(&verifier, now: Self.sentAt + 300) == .replayed)
    }

    @Test(arguments: [(-301, false), (-300, true), (300, true), (301, false)])
    func `takes what is at most five minutes off`(seconds: Int64, isTaken: Bool) throws {
        var verifier = try verifier()
        #expect(verdict(&verifier, now: Self.sentAt + seconds) == (isTaken ? nil : .stale))
    }

    @Test func `refuses whatever was changed on the way`() throws {
        var verifier = try verifier()
        #expect(verdict(&verifier, id: "msg_other") == .forged)
        #expect(verdict(&verifier, timestamp: "\(Self.sentAt + 1)") == .forged)
        #expect(verdict(&verifier, body: Self.body + [32]) == .forged)
        for signature in ["v1,", "v1", "", "v2,\(Self.signature.dropFirst(3))", "v1,\(Self.signature.dropFirst(4))"] {
            #expect(verdict(&verifier, signature: signature) == .forged)
        }
        for (id, timestamp, signature) in [
            (nil, "\(Self.sentAt)", Self.signature), (Self.id, nil, Self.signature), (Self.id, "\(Self.sentAt)", nil),
            (Self.id, "soon", Self.signature), (Self.id, "-1", Self.signature), ("", "\(Self.sentAt)", Self.signature),
        ] as [(String?, String?, String?)] {
            #expect(verdict(&verifier, id: id, timestamp: timestamp, signature: signature) == .malformed)
        }
        // None of that has used up the identifier.
        #expect(verdict(&verifier) == nil)
    }

    @Test(arguments: ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%"])
    func `knows what is no secret`(text: String) { #expect(WebhookSecret(text) == nil) }
}
