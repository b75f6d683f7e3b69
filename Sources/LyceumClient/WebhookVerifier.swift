import LyceumProtocol
import Webhooks

/// What the receiver of Lyceum's webhooks asks of each delivery: is it from there, is it fresh, is it new.
///
/// ```swift
/// var verifier = WebhookVerifier(secret: secret)
/// try verifier.verify(id: header("webhook-id"), timestamp: header("webhook-timestamp"),
///     signature: header("webhook-signature"), body: body, now: time(nil))
/// ```
///
/// A delivery is sent again until it is answered with 2xx, so the same one may rightly come twice; answer
/// ``Rejection/replayed`` with 200 and do nothing.
public struct WebhookVerifier: Sendable {
    public enum Rejection: Error, Sendable {
        /// A header is missing or is not what it should be.
        case malformed
        /// Sent more than five minutes ago, or from as far in the future.
        case stale
        case forged
        /// Received before.
        case replayed
    }

    /// In seconds, to both sides; what "Standard Webhooks" recommends.
    public static let tolerance: Int64 = 300

    private let secrets: [WebhookSecret]
    /// Identifiers received, with the time until which they could be replayed.
    private var seen: [String: Int64] = [:]

    /// - Parameter secrets: One, or two while the secret is being replaced.
    public init(secrets: [WebhookSecret]) { self.secrets = secrets }

    public init(secret: WebhookSecret) { self.init(secrets: [secret]) }

    /// - Parameters:
    ///   - body: The bytes as they came; a body that was parsed and written again has another signature.
    ///   - now: Unix seconds.
    public mutating func verify(
        id: String?, timestamp: String?, signature: String?, body: [UInt8], now: Int64
    ) throws(Rejection) {
        guard let id, !id.isEmpty, let signature, let sentAt = timestamp.flatMap({ Int64($0) }), sentAt > 0 else {
            throw .malformed
        }
        guard (now - Self.tolerance...now + Self.tolerance).contains(sentAt) else { throw .stale }
        guard secrets.contains(where: { $0.signed(id: id, timestamp: sentAt, body: body, signatures: signature) })
        else { throw .forged }
        seen = seen.filter { $0.value >= now }
        guard seen[id] == nil else { throw .replayed }
        // Until then a copy of this very delivery would pass as fresh.
        seen[id] = max(sentAt, now) + Self.tolerance
    }
}
