import Community
import LyceumProtocol
import Transport

/// The cookie in which a browser keeps its token where no script can read it.
///
/// The `__Host-` prefix makes browsers insist on `Secure`, the whole path and no other host (RFC 6265bis section
/// 4.1.3.2). Browsers count `localhost` and `127.0.0.1` as secure; any other address needs TLS.
enum SessionCookie {
    static let name = "__Host-lyceum"
    /// The longest time that browsers keep one: 400 days.
    private static let lifetimeSeconds = 400 * 24 * 3600

    /// What the answer to a request does to the cookie.
    enum Effect {
        case none, set, clear

        /// - Returns: The header, and the answer without the token: what a script never had it cannot lose.
        func apply(to ok: [UInt8]) -> (header: [(name: String, value: String)], body: [UInt8]) {
            switch self {
            case .none: return ([], ok)
            case .clear: return ([SessionCookie.header("", age: 0)], ok)
            case .set:
                let found = ok.withUnsafeBytes { bytes in
                    let json = try? JSONObject(parsing: bytes)
                    return (json?["token"]?.string, json?["session"]?.integer)
                }
                guard let token = found.0 else { return ([], ok) }
                return (
                    [SessionCookie.header(token, age: SessionCookie.lifetimeSeconds)],
                    object { $0.field("session", found.1) }
                )
            }
        }
    }

    /// What `route` does to the cookie: signing in with `"cookie":true` sets it, signing out clears it.
    ///
    /// - Throws: A refusal if another site's page asks.
    static func effect(of route: HTTPRoute, _ body: [UInt8], _ head: RequestHead) throws -> Effect {
        switch route.command {
        case "session.close": return token(in: head) == nil ? .none : .clear
        case "account.register", "session.open":
            let asked = try body.withUnsafeBytes { try JSONObject(parsing: $0)["cookie"]?.bool }
            guard asked == true else { return .none }
            try requireOwnPage(head)
            return .set
        default: return .none
        }
    }

    /// The session that the request's cookie holds, if any.
    ///
    /// - Throws: A refusal if the request comes from another site's page.
    static func session(_ head: RequestHead, _ server: ServerState) throws(Refusal) -> Session? {
        guard let token = token(in: head), let session = server.session(forToken: token) else { return nil }
        try requireOwnPage(head)
        return session
    }

    private static func requireOwnPage(_ head: RequestHead) throws(Refusal) {
        guard SameOrigin.admits(head) else { throw Refusal(.forbidden, "Another site may not do this.") }
    }

    private static func token(in head: RequestHead) -> String? {
        for field in head.headerValues("cookie") {
            for pair in field.split(separator: ";") {
                let sides = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                if sides.count == 2, sides[0] == name, sides[1].utf8.count <= 100 { return String(sides[1]) }
            }
        }
        return nil
    }

    private static func header(_ value: String, age: Int) -> (name: String, value: String) {
        ("set-cookie", "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=\(age)")
    }
}
