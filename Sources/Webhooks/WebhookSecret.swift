import COpenSSL
import Foundation

/// The key that sender and receiver of a webhook share, and the signature it makes.
///
/// As "Standard Webhooks" 1.0 (standardwebhooks.com) has it: HMAC-SHA-256 over `id.timestamp.body`, in the header
/// `webhook-signature` as `v1,` and base64; several signatures, as while a secret is replaced, stand apart by spaces.
public struct WebhookSecret: Hashable, Sendable {
    private static let prefix = "whsec_"
    private static let scheme = "v1,"

    public let bytes: [UInt8]

    /// - Parameter bytes: 24 to 64 of them, as the standard asks; otherwise `nil`.
    public init?(bytes: [UInt8]) {
        guard (24...64).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    /// As people copy it: `whsec_` and base64.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count)))
        else { return nil }
        self.init(bytes: Array(data))
    }

    public var text: String { Self.prefix + Data(bytes).base64EncodedString() }

    /// One signature of the header.
    /// - Parameter timestamp: Unix seconds.
    public func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        Self.scheme + Data(code(id: id, timestamp: timestamp, body: body)).base64EncodedString()
    }

    /// Whether one of the header's signatures is by this secret. Takes as long for a near miss as for a far one.
    public func signed(id: String, timestamp: Int64, body: [UInt8], signatures: String) -> Bool {
        let expected = code(id: id, timestamp: timestamp, body: body)
        return signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix(Self.scheme),
                let given = Data(base64Encoded: String(signature.dropFirst(Self.scheme.count))),
                given.count == expected.count
            else { return false }
            return CRYPTO_memcmp(Array(given), expected, expected.count) == 0
        }
    }

    private func code(id: String, timestamp: Int64, body: [UInt8]) -> [UInt8] {
        let content = Array("\(id).\(timestamp).".utf8) + body
        var code = [UInt8](repeating: 0, count: 32)
        _ = HMAC(EVP_sha256(), bytes, Int32(bytes.count), content, content.count, &code, nil)
        return code
    }
}
