import Community
import LyceumProtocol

/// `webhook.update`: changes where an outgoing webhook leads and what goes there, or switches either kind on and off.
///
/// Who manages the community may switch off anybody's; everything else is the owner's.
struct UpdateWebhook: Command, WriteCommand {
    static let fields: [Field] = [
        .required("webhook", .number), .optional("url", .string(1...WebhookTerms.longestURL)),
        .optional("rooms", .array(.number, atMost: WebhookTerms.mostRooms)), .optional("events", WebhookTerms.events),
        .optional("enabled", .boolean),
    ]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    private let webhook: WebhookID
    private let terms: WebhookTerms
    private let isEnabled: Bool?
    private var changesTerms: Bool { terms.url != nil || terms.rooms != nil || terms.kinds != nil }

    init(_ fields: CommandFields) throws(JSONError) {
        webhook = try fields.integer("webhook")
        terms = WebhookTerms(fields)
        isEnabled = fields.optionalBool("enabled")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let isSwitchingOffOnly = isEnabled == false && !changesTerms
        let before = try isSwitchingOffOnly ? context.manageableWebhook(webhook) : context.ownWebhook(webhook)
        var hook = before
        if var outgoing = hook.outgoing {
            if let rooms = terms.rooms { outgoing.rooms = rooms }
            if let kinds = terms.kinds { outgoing.kinds = kinds }
            if let url = terms.url { outgoing.url = try context.admit(url: url) }
            if !isSwitchingOffOnly { try context.requireReach(of: outgoing.rooms) }
            hook.direction = .outgoing(outgoing)
        } else if changesTerms {
            throw Refusal(.malformed, "An incoming webhook has no URL, rooms or events.")
        }
        if let isEnabled { hook.isEnabled = isEnabled }
        guard hook != before else { return emptyObject }
        try context.apply(.webhook(hook))
        if hook.outgoing != nil { try settle(hook, wasEnabled: before.isEnabled, in: context) }
        try context.audit("webhook.update", member: hook.owner) { json in
            json.field("webhook", hook.id)
            json.field("enabled", hook.isEnabled)
        }
        return emptyObject
    }

    /// A hook that is switched off gives up what waits, and misses what happens until it is switched on.
    private func settle(_ hook: Webhook, wasEnabled: Bool, in context: WriteContext) throws {
        if wasEnabled, !hook.isEnabled {
            try context.transaction.abandonDeliveries(of: hook.id, failure: "disabled", at: context.now)
        } else if !wasEnabled, hook.isEnabled {
            _ = try context.transaction.countFailure(false, of: hook.id)
            try context.transaction.setPosition(try context.transaction.activityHead(), of: hook.id)
        }
    }
}

/// `webhook.rotate`: a new secret. Deliveries are signed with the old one as well for a day, so that a receiver can
/// change over; the URL of an incoming webhook changes at once.
struct RotateWebhook: Command, WriteCommand {
    private static let overlap: UnixMilliseconds = 86_400_000

    static let fields: [Field] = [.required("webhook", .number)]
    static let answer: [Field] = [.required("secret", .string(1...100)), .optional("path", .string(1...200))]

    var room: RoomID? { nil }
    private let webhook: WebhookID

    init(_ fields: CommandFields) throws(JSONError) { webhook = try fields.integer("webhook") }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var hook = try context.ownWebhook(webhook)
        let answer: [UInt8]
        switch hook.direction {
        case .outgoing(var outgoing):
            outgoing.formerSecret = .init(bytes: outgoing.secret, until: context.now + Self.overlap)
            outgoing.secret = Secrets.randomBytes(32)
            hook.direction = .outgoing(outgoing)
            answer = object { $0.field("secret", WebhookTerms.text(of: outgoing.secret)) }
        case .incoming(var incoming):
            let token = Secrets.makeToken()
            incoming.token = Secrets.hash(token)
            hook.direction = .incoming(incoming)
            answer = object { json in
                json.field("secret", token)
                json.field("path", "/v1/hooks/\(token)")
            }
        }
        try context.apply(.webhook(hook))
        try context.audit("webhook.rotate", member: hook.owner) { $0.field("webhook", hook.id) }
        return answer
    }
}

/// `webhook.delete`: by its owner, or by who manages the community. The account of an incoming one leaves its room.
struct DeleteWebhook: Command, WriteCommand {
    static let fields: [Field] = [.required("webhook", .number)]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    var freesSpace: Bool { true }
    private let webhook: WebhookID

    init(_ fields: CommandFields) throws(JSONError) { webhook = try fields.integer("webhook") }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let hook = try context.manageableWebhook(webhook)
        let actor = try context.requireActor()
        try context.apply(.webhookRemoved(hook.id))
        if let incoming = hook.incoming, context.community.membership(of: incoming.member, in: incoming.room) != nil {
            try context.leave(incoming.member, incoming.room, by: actor.id, reason: "removed")
        }
        try context.audit("webhook.delete", room: hook.incoming?.room, member: hook.owner) { json in
            json.field("webhook", hook.id)
        }
        return emptyObject
    }
}
