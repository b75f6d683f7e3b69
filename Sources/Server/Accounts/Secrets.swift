import COpenSSL
import Community

/// Random secrets and their digests, by OpenSSL.
enum Secrets {
    /// `count` bytes from the operating system's generator through OpenSSL.
    static func randomBytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let drawn = RAND_bytes(&bytes, Int32(count))
        precondition(drawn == 1, "the random generator failed; no secret may be guessable")
        return bytes
    }

    /// A token of 256 random bits in 43 characters that are safe in URLs and headers.
    static func makeToken() -> String { base64URL(randomBytes(32)) }

    /// An invite code of 160 random bits.
    static func makeInviteCode() -> String { base64URL(randomBytes(20)) }

    /// The SHA-256 under which a token or code is kept.
    static func hash(_ secret: String) -> TokenHash {
        guard let hash = TokenHash(digest(Array(secret.utf8))) else { preconditionFailure("SHA-256 has 32 bytes") }
        return hash
    }

    /// The SHA-256 of `bytes`.
    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = SHA256(bytes, bytes.count, &digest)
        return digest
    }

    /// Compares in a time that does not depend on where the first difference is.
    static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0 }

    /// RFC 4648 section 5, without padding.
    static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        return encode(bytes, alphabet)
    }

    /// RFC 4648 section 4, without padding, as the PHC string format asks.
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return encode(bytes, alphabet)
    }

    private static func encode(_ bytes: [UInt8], _ alphabet: [UInt8]) -> String {
        var text: [UInt8] = []
        var (pending, bits) = (UInt32(0), 0)
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(pending >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(pending << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The inverse of ``base64(_:)``; `nil` for anything it would not have written.
    static func decodeBase64(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (pending, bits) = (UInt32(0), 0)
        for character in text.utf8 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character + 4
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            pending = pending << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
            }
        }
        return bytes
    }
}
