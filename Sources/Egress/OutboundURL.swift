import CCurl

/// A URL that this server may be asked to call, read by the very parser that will later call it.
public struct OutboundURL: Hashable, Sendable {
    public enum Flaw: Error, Sendable {
        /// Not an absolute `http` or `https` URL with a host.
        case malformed
        /// A name or password stands in it, which would end up in lists and logs.
        case credentials
        /// The host is an address that the policy refuses. Names are judged when they are called.
        case address
    }

    /// In the parser's normal form: an IPv4 host in dotted numbers, however it was written.
    public let text: String

    public init(_ text: String, policy: AddressPolicy) throws(Flaw) {
        guard let handle = curl_url() else { throw .malformed }
        defer { curl_url_cleanup(handle) }
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard isPlain, curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: handle), ["http", "https"].contains(scheme),
            let host = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty,
            let normal = Self.part(CURLUPART_URL, of: handle)
        else { throw .malformed }
        guard Self.part(CURLUPART_USER, of: handle) == nil, Self.part(CURLUPART_PASSWORD, of: handle) == nil else {
            throw .credentials
        }
        let literal = host.hasPrefix("[") ? host.dropFirst().prefix { $0 != "]" && $0 != "%" } : host[...]
        if let address = IPAddress(literal), !policy.admits(address) { throw .address }
        self.text = normal
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
