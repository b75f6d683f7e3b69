import Glibc
import Transport

/// The address that limits and logs count by.
enum ClientAddress {
    /// The peer, or where the peer is a trusted proxy what it says in `X-Forwarded-For`: the last address there that is
    /// not itself a trusted proxy, since everything before it was written by whoever sent the request.
    ///
    /// Of IPv6 it is the network of 64 bits that one subscriber is given (RFC 6177), as `2001:db8:1:2::/64`: within it
    /// they could change their address for every try.
    static func of(_ head: RequestHead, trusting proxies: Set<String>) -> String {
        guard proxies.contains(head.peerAddress) else { return subscriber(of: head.peerAddress) }
        let claimed = head.headerList("x-forwarded-for")
        return subscriber(of: claimed.last { !proxies.contains($0) && isAddress($0) } ?? head.peerAddress)
    }

    static func subscriber(of address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")) else { return address }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        // An IPv4 address written as one of IPv6 (RFC 4291 section 2.5.5.2).
        if bytes[..<12].elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) {
            return bytes[12...].map { String($0) }.joined(separator: ".")
        }
        for index in 8..<16 { bytes[index] = 0 }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return address }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/64"
    }

    /// Numbers, dots and colons only: nothing that could forge a line of a log.
    private static func isAddress(_ text: String) -> Bool {
        (2...45).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
