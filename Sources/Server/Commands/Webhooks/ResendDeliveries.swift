import Community
import LyceumProtocol

/// `webhook.resend`: brings one delivery again, or all that were given up; each under the identifier it had.
struct ResendDeliveries: Command, WriteCommand {
    /// In one go; what is left can be sent by a second command.
    private static let most = 500

    static let fields: [Field] = [.required("webhook", .number), .optional("delivery", .number)]
    static let answer: [Field] = [.required("resent", .position)]

    var room: RoomID? { nil }
    private let webhook: WebhookID
    private let delivery: Int64?

    init(_ fields: CommandFields) throws(JSONError) {
        webhook = try fields.integer("webhook")
        delivery = fields.optionalInteger("delivery")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let hook = try context.enabledOutgoingWebhook(webhook)
        let chosen = try chosen(in: context)
        for var delivery in chosen {
            delivery.state = .waiting
            delivery.attempts = 0
            delivery.dueAt = context.now
            try context.transaction.put(delivery)
        }
        context.awaken(hook.id)
        return object { $0.field("resent", chosen.count) }
    }

    private func chosen(in context: WriteContext) throws -> [WebhookDelivery] {
        guard let id = delivery else {
            return try context.transaction.deliveries(of: webhook, state: .dead, before: nil, limit: Self.most)
                .reversed()
        }
        guard let delivery = try context.transaction.delivery(id), delivery.hook == webhook else {
            throw Refusal.notFound
        }
        guard delivery.state != .waiting else { throw Refusal(.conflict, "This delivery waits already.") }
        return [delivery]
    }
}

/// `webhook.test`: sends an outgoing webhook a message that says no more than that it works. What became of it stands
/// in `webhook.deliveries`.
struct TestWebhook: Command, WriteCommand {
    /// Deliveries that may wait when another test is asked for.
    private static let most = 1000

    static let fields: [Field] = [.required("webhook", .number)]
    static let answer: [Field] = [.required("delivery", .number)]

    var room: RoomID? { nil }
    private let webhook: WebhookID

    init(_ fields: CommandFields) throws(JSONError) { webhook = try fields.integer("webhook") }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let hook = try context.enabledOutgoingWebhook(webhook)
        guard try context.transaction.backlog(of: hook.id).count < Self.most else {
            throw Refusal(.unavailable, "Too much waits for this webhook.", retryAfterMilliseconds: 60_000)
        }
        let id = try context.transaction.makeDeliveryID()
        let message = WebhookMessage.identifier(ofTest: id, epoch: context.community.epoch)
        try context.transaction.put(
            WebhookDelivery(id: id, hook: hook.id, message: message, event: nil, createdAt: context.now))
        context.awaken(hook.id)
        return object { $0.field("delivery", id) }
    }
}

extension WriteContext {
    fileprivate func enabledOutgoingWebhook(_ id: WebhookID) throws -> Webhook {
        let hook = try ownWebhook(id)
        guard hook.outgoing != nil else { throw Refusal(.malformed, "Nothing goes out through an incoming webhook.") }
        guard hook.isEnabled else { throw Refusal(.conflict, "This webhook is switched off.") }
        return hook
    }
}
