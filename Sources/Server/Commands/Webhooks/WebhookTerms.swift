import Community
import Egress
import LyceumProtocol
import Webhooks

/// What is said of an outgoing webhook when it is made or changed.
struct WebhookTerms: Sendable {
    static let mostRooms = 100
    static let longestURL = 2000
    static let events = Field.Kind.array(.word(EventKind.allCases.map { "\($0.name)" }), atMost: 100)

    private static let kinds = Dictionary(uniqueKeysWithValues: EventKind.allCases.map { ("\($0.name)", $0) })

    let url: String?
    let rooms: Set<RoomID>?
    let kinds: Set<EventKind>?

    init(_ fields: CommandFields) {
        url = fields.optionalString("url")
        rooms = fields.optionalIntegers("rooms").map { Set($0.map { RoomID($0) }) }
        kinds = fields.json["events"]?.elements.map { Set($0.compactMap { $0.string.flatMap { Self.kinds[$0] } }) }
    }

    static func text(of secret: [UInt8]) -> String {
        guard let secret = WebhookSecret(bytes: secret) else { preconditionFailure("a secret has 32 bytes") }
        return secret.text
    }
}

extension WriteContext {
    /// Whether the one who acts may have events of these rooms sent out; none means all public ones.
    func requireReach(of rooms: Set<RoomID>) throws {
        if rooms.isEmpty { return try require(.community(.manageCommunity)) }
        for id in rooms.sorted() {
            try require(.seeing(.manageRoom), in: id)
            guard try room(id).kind != .direct else { throw Refusal(.forbidden, "A direct room takes no webhooks.") }
        }
    }

    /// The URL in its normal form, if it may be called.
    func admit(url: String) throws(Refusal) -> String {
        do throws(OutboundURL.Flaw) {
            return try OutboundURL(url, policy: settings.egress).text
        } catch {
            switch error {
            case .malformed: throw Refusal(.malformed, "The URL must be an absolute http or https URL.")
            case .credentials: throw Refusal(.malformed, "A URL with a name or password in it is not taken.")
            case .address: throw Refusal(.forbidden, "This address may not be called from here.")
            }
        }
    }

    func add(_ hook: Webhook) throws {
        try apply(.webhook(hook))
        try audit("webhook.create", room: hook.incoming?.room, member: hook.incoming?.member) { json in
            json.field("webhook", hook.id)
            json.field("direction", hook.incoming == nil ? "outgoing" : "incoming")
        }
    }

    /// A hook of the one who acts.
    func ownWebhook(_ id: WebhookID) throws(Refusal) -> Webhook {
        guard let hook = community.webhooks[id], hook.owner == actor.member else { throw .notFound }
        return hook
    }

    /// A hook that the one who acts may see and stop: an own one, or any for who manages the community. Where it leads
    /// is for its owner alone to say: a manager who is not in a private room must not have its events sent to themselves.
    func manageableWebhook(_ id: WebhookID) throws(Refusal) -> Webhook {
        guard let actor = actor.member, let hook = community.webhooks[id],
            WebhookText.isVisible(hook, to: actor, of: community)
        else { throw .notFound }
        return hook
    }
}
