import Glibc

/// An IP address in network order: IPv6, or IPv4 in its 4 bytes. An IPv4 address mapped into IPv6 is the IPv4 address,
/// so that no rule about one form is got around by the other.
public struct IPAddress: Hashable, Sendable {
    public let bytes: [UInt8]

    /// A literal in its usual forms, `192.0.2.1` or `2001:db8::1`; `nil` for anything else, names included.
    public init?(_ literal: some StringProtocol) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, String(literal), &four) == 1 {
            self.init(raw: withUnsafeBytes(of: four) { Array($0) })
        } else if inet_pton(AF_INET6, String(literal), &six) == 1 {
            self.init(raw: withUnsafeBytes(of: six) { Array($0) })
        } else {
            return nil
        }
    }

    /// The address of a socket; `nil` for a family other than IP.
    public init?(sockaddr raw: UnsafeRawPointer) {
        switch Int32(raw.loadUnaligned(as: sockaddr.self).sa_family) {
        case AF_INET:
            let four = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            self.init(raw: withUnsafeBytes(of: four) { Array($0) })
        case AF_INET6:
            let six = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self.init(raw: withUnsafeBytes(of: six) { Array($0) })
        default: return nil
        }
    }

    private init(raw: [UInt8]) {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        bytes = raw.count == 16 && raw.starts(with: mapped) ? Array(raw.suffix(4)) : raw
    }
}

/// A range of addresses in CIDR notation (RFC 4632), such as `10.0.0.0/8` or `fc00::/7`.
public struct Network: Hashable, Sendable {
    private let base: IPAddress
    private let prefix: Int

    /// `nil` for what is no network; an address alone is the network that holds only it.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let base = IPAddress(first) else { return nil }
        let bits = base.bytes.count * 8
        guard parts.count == 2 else {
            (self.base, prefix) = (base, bits)
            return
        }
        guard let prefix = Int(parts[1]), (0...bits).contains(prefix) else { return nil }
        (self.base, self.prefix) = (base, prefix)
    }

    public func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        let (whole, rest) = (prefix / 8, prefix % 8)
        guard address.bytes.prefix(whole) == base.bytes.prefix(whole) else { return false }
        return rest == 0 || (address.bytes[whole] ^ base.bytes[whole]) >> UInt8(8 - rest) == 0
    }
}
