/// Which addresses this server calls for others: the public Internet, and what the operator has allowed besides.
///
/// Whoever may name a URL may otherwise make the server knock at doors that only it can reach: itself, its neighbours,
/// the cloud's metadata service (server-side request forgery). The address decides, never the name: names lead
/// anywhere, and to somewhere else a second later.
public struct AddressPolicy: Hashable, Sendable {
    /// Networks that may be called although they are not public.
    public var allowed: [Network]

    public init(allowed: [Network] = []) { self.allowed = allowed }

    public func admits(_ address: IPAddress) -> Bool {
        if allowed.contains(where: { $0.contains(address) }) { return true }
        if address.bytes.count == 4 { return !Self.specialFour.contains { $0.contains(address) } }
        // Of IPv6 only global unicast has been given out (RFC 4291 section 2.4, IANA's registry); loopback, ULA,
        // link-local, multicast and the translation prefix 64:ff9b::/96, which leads to IPv4, all lie outside of it.
        return Self.globalUnicast.contains { $0.contains(address) }
            && !Self.specialSix.contains { $0.contains(address) }
    }

    private static let globalUnicast = networks(["2000::/3"])

    /// IANA's registry of special-purpose IPv4 addresses (RFC 6890), with multicast and the reserved rest.
    private static let specialFour = networks([
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    ])

    /// Inside global unicast: protocol assignments with Teredo, documentation, and 6to4, which carries an IPv4 address.
    private static let specialSix = networks(["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"])

    private static func networks(_ texts: [String]) -> [Network] { texts.compactMap { Network($0) } }
}
