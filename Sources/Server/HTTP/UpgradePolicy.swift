import LyceumProtocol
import Transport

/// Who may open a socket.
struct UpgradePolicy {
    static let path = "/v1/socket"
    static let subprotocol = "lyceum.v1.json"

    let server: ServerState

    func decide(_ head: RequestHead) -> UpgradeDecision {
        guard head.path == Self.path, head.listenerLabel == Daemon.mainListener else {
            return .refuse(Problem(Refusal.notFound).response)
        }
        guard !Self.carriesSecret(head.query) else {
            return refuse(.malformed, "Tokens are never accepted in a URL.", head)
        }
        guard mayCome(head) else { return refuse(.forbidden, "This origin may not open a socket.", head) }
        guard !server.isDraining.load(ordering: .relaxed) else {
            return .refuse(
                Problem(Refusal(.unavailable, "The server is going away.", retryAfterMilliseconds: 2000)).response)
        }
        let offered = head.headerList("sec-websocket-protocol")
        if offered.isEmpty { return .accept(subprotocol: nil) }
        guard offered.contains(Self.subprotocol) else {
            return refuse(.malformed, "The subprotocol here is \(Self.subprotocol).", head)
        }
        return .accept(subprotocol: Self.subprotocol)
    }

    /// A browser names its page's origin, which must be this server's own or an allowed one. A client without one is no
    /// browser and has no ambient credentials; one that has a cookie all the same is something else and is refused.
    private func mayCome(_ head: RequestHead) -> Bool {
        let origins = head.headerValues("origin")
        guard let origin = origins.first else { return head.header("cookie") == nil }
        guard origins.count == 1 else { return false }
        if server.settings.allowedOrigins.contains(origin) { return true }
        return SameOrigin.isOwn(origin, of: head)
    }

    static func carriesSecret(_ query: String?) -> Bool {
        (query ?? "").split(separator: "&").contains { pair in
            let name = pair.prefix { $0 != "=" }.lowercased()
            return name.contains("token") || name.contains("ticket") || name.contains("password")
        }
    }

    /// The path is logged without its query: nothing secret may reach a log.
    private func refuse(_ code: ErrorCode, _ sentence: String, _ head: RequestHead) -> UpgradeDecision {
        server.log.notice(
            "an upgrade was refused",
            metadata: [
                "audit": "upgrade_refused", "reason": "\(sentence)",
                "origin": "\(LogText.clean(head.header("origin") ?? ""))", "address": "\(head.peerAddress)",
            ])
        let address = ClientAddress.of(head, trusting: server.settings.trustedProxies)
        server.noteDenial("upgrade", by: Actor(address: address)) { json in
            json.field("reason", sentence)
            json.field("origin", LogText.clean(head.header("origin") ?? ""))
            json.field("address", address)
        }
        return .refuse(Problem(Refusal(code, sentence)).response)
    }
}
