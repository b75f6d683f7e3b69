import Community
import Egress
import LyceumProtocol

/// Puts events into a hook's queue and moves its position in the log, in one transaction: nothing is queued twice and
/// nothing left out, whatever crashes when.
struct QueueDeliveries: WriteCommand {
    let hook: WebhookID
    let places: [ActivityLogEntry.Place]
    let position: Int64
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        guard context.community.webhooks[hook]?.isEnabled == true else { return emptyObject }
        let epoch = context.community.epoch
        for place in places {
            try context.transaction.put(
                WebhookDelivery(
                    id: try context.transaction.makeDeliveryID(), hook: hook,
                    message: WebhookMessage.identifier(of: place, epoch: epoch), event: place, createdAt: context.now))
        }
        try context.transaction.setPosition(position, of: hook)
        return emptyObject
    }
}

/// How an attempt to bring a delivery ended.
struct DeliveryEnd: Sendable {
    enum Result: Sendable, Hashable {
        case withheld
        case delivered(status: Int)
        /// The receiver says that the hook is to be forgotten (410, as "Standard Webhooks" has it).
        case gone
        case failed(status: Int?, failure: String, askedSeconds: Int64, isFinal: Bool)

        init(_ result: OutboundResult) {
            self =
                switch result {
                case .answered(let status, _) where (200..<300).contains(status): .delivered(status: status)
                case .answered(410, _): .gone
                case .answered(let status, let seconds):
                    .failed(
                        status: status, failure: "status", askedSeconds: min(max(seconds, 0), 86_400), isFinal: false)
                // Knocking there again would be no better.
                case .failed(.address):
                    .failed(status: nil, failure: "address", askedSeconds: 0, isFinal: true)
                case .failed(let failure):
                    .failed(status: nil, failure: failure.rawValue, askedSeconds: 0, isFinal: false)
                }
        }
    }

    let delivery: Int64
    let hook: WebhookID
    let result: Result
    /// For the wait before the next attempt, in `0..<1`.
    let random: Double
}

/// Writes down how attempts ended, and switches off hooks that keep failing.
struct RecordDeliveries: WriteCommand {
    /// What has been brought or given up stays to be looked at, the newest so many of a hook.
    private static let kept = 1000

    let ends: [DeliveryEnd]
    let settings: WebhookSettings
    let figures: WebhookService.Figures
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        for end in ends { try record(end, in: context) }
        for hook in Set(ends.map(\.hook)) {
            try context.transaction.pruneDeliveries(of: hook, keeping: Self.kept)
        }
        return emptyObject
    }

    private func record(_ end: DeliveryEnd, in context: WriteContext) throws {
        guard var delivery = try context.transaction.delivery(end.delivery), delivery.state == .waiting else { return }
        delivery.lastAt = context.now
        if end.result != .withheld { delivery.attempts += 1 }
        switch end.result {
        case .withheld:
            delivery.state = .withheld
            figures.withheld.increment()
        case .delivered(let status):
            (delivery.state, delivery.status, delivery.failure) = (.delivered, Int64(status), nil)
            figures.delivered.increment()
            _ = try context.transaction.countFailure(false, of: delivery.hook)
        case .gone:
            (delivery.state, delivery.status, delivery.failure) = (.dead, 410, "gone")
        case .failed(let status, let failure, let asked, let isFinal):
            (delivery.status, delivery.failure) = (status.map(Int64.init), failure)
            let schedule = RetrySchedule(
                first: UnixMilliseconds(settings.retrySeconds) * 1000, attempts: Int64(settings.attempts))
            let wait =
                isFinal ? nil : schedule.wait(after: delivery.attempts, asked: asked * 1000, random: end.random)
            if let wait { delivery.dueAt = context.now + wait } else { delivery.state = .dead }
            figures.failed.increment()
        }
        try context.transaction.put(delivery)
        if delivery.state == .dead { try giveUp(delivery, in: context) }
    }

    private func giveUp(_ delivery: WebhookDelivery, in context: WriteContext) throws {
        figures.dead.increment()
        let failures = try context.transaction.countFailure(true, of: delivery.hook)
        guard delivery.failure == "gone" || failures >= settings.disableAfter,
            let hook = context.community.webhooks[delivery.hook], hook.isEnabled
        else { return }
        try context.disable(hook, because: delivery.failure == "gone" ? "gone" : "failing")
    }
}

extension WriteContext {
    /// Switches a hook off and tells its owner.
    func disable(_ hook: Webhook, because reason: String) throws {
        var hook = hook
        hook.isEnabled = false
        try apply(.webhook(hook))
        try transaction.abandonDeliveries(of: hook.id, failure: "disabled", at: now)
        try tell(.webhookDisabled, to: hook.owner) { json in
            json.field("webhook", hook.id)
            json.field("name", hook.name)
            json.field("reason", reason)
        }
        try audit("webhook.disable", member: hook.owner) { json in
            json.field("webhook", hook.id)
            json.field("reason", reason)
        }
    }
}
