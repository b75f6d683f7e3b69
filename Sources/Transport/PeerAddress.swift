import Glibc

/// An IP address without its port: IPv6, or IPv4 mapped into it (RFC 4291 section 2.5.5.2), so that equal hosts compare
/// equal whichever listener they come through.
struct PeerAddress: Hashable {
    private let high: UInt64
    private let low: UInt64

    /// The address in `storage`, or nil for a family other than IP.
    init?(_ storage: sockaddr_storage) {
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = withUnsafeBytes(of: storage) { $0.load(as: sockaddr_in.self).sin_addr.s_addr }
            high = 0
            low = UInt64(0xffff) << 32 | UInt64(UInt32(bigEndian: address))
        case AF_INET6:
            let words = withUnsafeBytes(of: storage) { bytes in
                let offset = MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8
                return (
                    bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                    bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
                )
            }
            high = UInt64(bigEndian: words.0)
            low = UInt64(bigEndian: words.1)
        default: return nil
        }
    }

    /// What one subscriber is given: the address itself of IPv4, the first 64 bits of IPv6 (RFC 6177), in which whoever
    /// has them has as many addresses as they like. Limits count by it.
    var subscriber: PeerAddress { isIPv4 ? self : PeerAddress(high: high, low: 0) }

    private var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    private init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// In numbers, as `192.0.2.1` or `2001:db8::1`.
    var description: String {
        if isIPv4 {
            return [24, 16, 8, 0].map { String(low >> $0 & 0xff) }.joined(separator: ".")
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let words = [high.bigEndian, low.bigEndian]
        _ = words.withUnsafeBytes { inet_ntop(AF_INET6, $0.baseAddress, &text, socklen_t(text.count)) }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
