import COpenSSL

/// Masking keys that a script in a page cannot foretell (RFC 6455 section 10.3), drawn from OpenSSL many at a time.
struct MaskSource {
    private var pool: [UInt32] = []
    private static let batch = 256

    mutating func next() -> UInt32 {
        if pool.isEmpty {
            pool = [UInt32](repeating: 0, count: Self.batch)
            let status = pool.withUnsafeMutableBytes {
                RAND_bytes($0.bindMemory(to: UInt8.self).baseAddress, Int32($0.count))
            }
            precondition(status == 1, "OpenSSL gives no random bytes")
        }
        return pool.removeLast()
    }
}
