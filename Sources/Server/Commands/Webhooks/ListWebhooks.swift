import Community
import LyceumProtocol

/// `webhook.list`: one's own webhooks; all of them for who manages the community.
struct ListWebhooks: Command, ReadCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [.required("webhooks", .array(.object(WebhookText.fields), atMost: 1000))]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func answer(in context: ReadContext) throws -> [UInt8] {
        let hooks = context.community { community in
            community.webhooks.values.filter { WebhookText.isVisible($0, to: context.member, of: community) }
        }
        return object { json in
            json.field("webhooks", array: hooks.sorted { $0.id < $1.id }) { WebhookText.write($1, to: &$0) }
        }
    }
}

/// `webhook.deliveries`: what was brought to an outgoing webhook, what waits, and what was given up; newest first.
struct ListDeliveries: Command, ReadCommand {
    static let fields: [Field] = [
        .required("webhook", .number), .optional("state", .word(WebhookDelivery.State.allCases.map(\.rawValue))),
        .optional("before", .number), .optional("limit", .integer(1...200)),
    ]
    static let answer: [Field] = [
        .required(
            "deliveries",
            .array(
                .object("id message room seq state attempts created_at due_at last_at status failure"), atMost: 200)),
        .optional("next", .number),
    ]

    var room: RoomID? { nil }
    private let webhook: WebhookID
    private let state: WebhookDelivery.State?
    private let before: Int64?
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        webhook = try fields.integer("webhook")
        state = fields.optionalString("state").flatMap { WebhookDelivery.State(rawValue: $0) }
        before = fields.optionalInteger("before")
        limit = Int(fields.optionalInteger("limit") ?? 50)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let isVisible = context.community { community in
            community.webhooks[webhook].map { WebhookText.isVisible($0, to: context.member, of: community) } ?? false
        }
        guard isVisible else { throw Refusal.notFound }
        let page = try context.reader.deliveries(of: webhook, state: state, before: before, limit: limit)
        return object { json in
            json.field("deliveries", array: page) { WebhookText.write($1, to: &$0) }
            if page.count == limit { json.field("next", page.last?.id) }
        }
    }
}

/// Webhooks and deliveries as commands tell them: without secrets, and without what is in the events.
enum WebhookText {
    static let fields = "id name owner direction enabled created_at; url rooms events, or room member"

    static func isVisible(_ hook: Webhook, to member: MemberID, of community: borrowing Community) -> Bool {
        hook.owner == member || community.members[member]?.role.permissions.contains(.manageCommunity) ?? false
    }

    static func write(_ hook: Webhook, to json: inout JSONWriter) {
        json.object { json in
            json.field("id", hook.id)
            json.field("name", hook.name)
            json.field("owner", hook.owner.rawValue)
            json.field("direction", hook.incoming == nil ? "outgoing" : "incoming")
            json.field("enabled", hook.isEnabled)
            json.field("created_at", hook.createdAt)
            switch hook.direction {
            case .outgoing(let outgoing):
                json.field("url", outgoing.url)
                json.field("rooms", array: outgoing.rooms.sorted()) { $0.value($1.rawValue) }
                json.field("events", array: outgoing.kinds.map { "\($0.name)" }.sorted()) { $0.value($1) }
            case .incoming(let incoming):
                json.field("room", incoming.room.rawValue)
                json.field("member", incoming.member.rawValue)
            }
        }
    }

    static func write(_ delivery: WebhookDelivery, to json: inout JSONWriter) {
        json.object { json in
            json.field("id", delivery.id)
            json.field("message", delivery.message)
            json.field("room", delivery.event?.room.rawValue)
            json.field("seq", delivery.event?.seq)
            json.field("state", delivery.state.rawValue)
            json.field("attempts", delivery.attempts)
            json.field("created_at", delivery.createdAt)
            if delivery.state == .waiting { json.field("due_at", delivery.dueAt) }
            json.field("last_at", delivery.lastAt)
            json.field("status", delivery.status)
            json.field("failure", delivery.failure)
        }
    }
}
