import Transport

/// Whether a browser's request comes from one of this server's own pages.
enum SameOrigin {
    /// Whether `origin` is the address the request was sent to. The scheme may differ: a proxy may have ended TLS.
    static func isOwn(_ origin: String, of head: RequestHead) -> Bool {
        guard let host = head.header("host"), let separator = origin.range(of: "://") else { return false }
        let scheme = origin[..<separator.lowerBound]
        return (scheme == "http" || scheme == "https") && origin[separator.upperBound...] == host
    }

    /// Whether a request may use its cookie. Browsers say where a request comes from in fields that no page can set;
    /// one that says nothing may only read, since nothing that another site could do with that would change anything.
    static func admits(_ head: RequestHead) -> Bool {
        let isReading = head.method == "GET" || head.method == "HEAD"
        if let site = head.header("sec-fetch-site") { return site == "same-origin" || isReading && site == "none" }
        if let origin = head.header("origin") { return isOwn(origin, of: head) }
        return isReading
    }
}
