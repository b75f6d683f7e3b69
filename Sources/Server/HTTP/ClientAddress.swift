import Transport

/// The address that limits and logs count by.
enum ClientAddress {
    /// The peer, or where the peer is a trusted proxy what it says in `X-Forwarded-For`: the last address there that is
    /// not itself a trusted proxy, since everything before it was written by whoever sent the request.
    static func of(_ head: RequestHead, trusting proxies: Set<String>) -> String {
        guard proxies.contains(head.peerAddress) else { return head.peerAddress }
        let claimed = head.headerList("x-forwarded-for")
        return claimed.last { !proxies.contains($0) && isAddress($0) } ?? head.peerAddress
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
