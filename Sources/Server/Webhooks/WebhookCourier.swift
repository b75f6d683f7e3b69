import Community
import Egress
import Foundation
import LyceumProtocol

/// What the webhooks' thread knows of each outgoing hook, and the order in which it goes about its work: look which
/// hooks there are, queue for them what was committed, call those whose time has come, write down what became of it.
///
/// Lives on its thread. The queues themselves are in the store; only the writer changes them.
final class WebhookCourier {
    /// Calls under way, in all and to one hook.
    private static let callLimit = 64
    private static let callLimitOfHook = 4
    /// Deliveries that wait for one hook; beyond it, the log of activity keeps what comes.
    private static let backlogLimit = 1000
    /// Entries of the log looked at in one go.
    private static let slice = 256
    /// A hook's position is written down at least every so many entries, so that a start has little to go over.
    private static let stride: Int64 = 4096
    /// In milliseconds; also how long the store is left alone after it failed.
    private static let patience: UnixMilliseconds = 1000

    /// One hook's way through the log.
    private struct Line {
        /// Up to which entry all that it wants is in its queue.
        var position: Int64
        /// The same, as the store has it.
        var keptPosition: Int64
        /// Whether a write that moves it is under way.
        var isQueueing = false
        /// Whether there may be more in the log.
        var isBehind = true
        /// When its queue is to be looked at; `nil` if nothing waits in it.
        var dueAt: UnixMilliseconds? = 0
        /// Deliveries that are being brought, or whose end is not written down yet.
        var underWay: Set<Int64> = []
    }

    private let server: ServerState
    private unowned let service: WebhookService
    private let calls: OutboundCalls
    private var lines: [WebhookID: Line] = [:]
    private var hookByDelivery: [Int64: WebhookID] = [:]
    private var ends: [DeliveryEnd] = []
    private var isWriting = false
    /// After a failure of the store, when to ask it again; no jump of the wall clock moves it.
    private var pausedUntil = ContinuousClock.now

    init(server: ServerState, service: WebhookService, calls: OutboundCalls) {
        self.server = server
        self.service = service
        self.calls = calls
    }

    /// Does what can be done now.
    /// - Returns: How long there is nothing to do, in milliseconds.
    func work(hasNews: Bool) -> Int32 {
        let now = server.now()
        guard ContinuousClock.now >= pausedUntil else { return Int32(Self.patience) }
        do {
            let hooks = server.committed.withLock { community in
                community.webhooks.filter { $0.value.outgoing != nil && $0.value.isEnabled }
            }
            try follow(hooks, hasNews: hasNews)
            guard !lines.isEmpty else { return Int32(Self.patience) }
            try queue(hooks)
            for (id, hook) in hooks { try call(hook, id, at: now) }
            writeEnds()
        } catch {
            server.log.error("webhooks could not be served", metadata: ["cause": "\(error)"])
            pause()
        }
        return idleTime(at: now)
    }

    private func pause() { pausedUntil = .now + .milliseconds(Self.patience) }

    private func idleTime(at now: UnixMilliseconds) -> Int32 {
        if lines.values.contains(where: { $0.isBehind && !$0.isQueueing }) { return 0 }
        // Where no more calls may begin, the end of one wakes.
        let open = calls.count < Self.callLimit ? lines.values.filter { $0.underWay.count < Self.callLimitOfHook } : []
        let next = open.compactMap(\.dueAt).min() ?? now + Self.patience
        return Int32(max(0, min(next - now, Self.patience)))
    }

    /// Takes up new hooks and lets go of those that are gone or switched off.
    private func follow(_ hooks: [WebhookID: Webhook], hasNews: Bool) throws {
        lines = lines.filter { hooks[$0.key] != nil }
        for id in hooks.keys where lines[id] == nil {
            let position = try server.store.read { try $0.position(of: id) }
            lines[id] = Line(position: position, keptPosition: position)
        }
        if hasNews { for id in lines.keys { lines[id]?.isBehind = true } }
    }

    /// The store has something new for a hook, as after a test or a re-sending.
    func look(at hook: WebhookID) { lines[hook]?.dueAt = 0 }

    // MARK: From the log into the queues

    /// Hooks that are equally far read the log together.
    private func queue(_ hooks: [WebhookID: Webhook]) throws {
        let ready = lines.filter { $0.value.isBehind && !$0.value.isQueueing }
        for (position, group) in Dictionary(grouping: ready.keys, by: { ready[$0]?.position ?? 0 }) {
            try queue(group.compactMap { hooks[$0] }, from: position)
        }
    }

    private func queue(_ hooks: [Webhook], from position: Int64) throws {
        let found = try server.store.read { reader in
            try WebhookSelection(
                hooks: hooks.filter { try reader.backlog(of: $0.id).count < Self.backlogLimit }, after: position,
                limit: Self.slice, in: reader, of: server.committed)
        }
        for hook in hooks {
            guard let wanted = found.wanted[hook.id] else {
                // Its queue is full; it is looked at again when something has left it.
                lines[hook.id]?.isBehind = false
                continue
            }
            lines[hook.id]?.isBehind = found.mayBeMore
            guard !wanted.isEmpty || found.position - (lines[hook.id]?.keptPosition ?? 0) >= Self.stride else {
                lines[hook.id]?.position = found.position
                continue
            }
            lines[hook.id]?.isQueueing = true
            server.write(
                QueueDeliveries(hook: hook.id, places: wanted, position: found.position), as: Actor(address: "")
            ) { [weak service] outcome in service?.submit { $0.queued(hook.id, to: found.position, outcome) } }
        }
    }

    private func queued(_ hook: WebhookID, to position: Int64, _ outcome: Outcome) {
        lines[hook]?.isQueueing = false
        guard case .done = outcome else {
            lines[hook]?.isBehind = true
            pause()
            return
        }
        lines[hook]?.position = position
        lines[hook]?.keptPosition = position
        lines[hook]?.dueAt = 0
    }

    // MARK: From the queues to the receivers

    private func call(_ hook: Webhook, _ id: WebhookID, at now: UnixMilliseconds) throws {
        guard var line = lines[id], let dueAt = line.dueAt, dueAt <= now,
            line.underWay.count < Self.callLimitOfHook, calls.count < Self.callLimit
        else { return }
        defer { lines[id] = line }
        try server.store.read { reader in
            let due = try reader.dueDeliveries(of: id, at: now, limit: Self.callLimitOfHook + line.underWay.count)
            let fresh = due.filter { !line.underWay.contains($0.id) }
            for delivery in fresh where line.underWay.count < Self.callLimitOfHook && calls.count < Self.callLimit {
                line.underWay.insert(delivery.id)
                try begin(delivery, hook, in: reader, at: now)
            }
            // With calls under way, the end of one of them looks again.
            line.dueAt = line.underWay.isEmpty ? try reader.backlog(of: id).nextAt : nil
        }
    }

    private func begin(
        _ delivery: WebhookDelivery, _ hook: Webhook, in reader: any CommunityReader, at now: UnixMilliseconds
    ) throws {
        hookByDelivery[delivery.id] = hook.id
        guard let outgoing = hook.outgoing, let message = try message(of: delivery, hook, in: reader, at: now) else {
            return end(delivery.id, .withheld)
        }
        calls.start(message.request(to: outgoing, at: now), key: delivery.id)
    }

    /// What is to be sent, asked of the gate at the last moment; `nil` if the hook's owner may not see it now.
    private func message(
        of delivery: WebhookDelivery, _ hook: Webhook, in reader: any CommunityReader, at now: UnixMilliseconds
    ) throws -> WebhookMessage? {
        guard let place = delivery.event else { return WebhookMessage(delivery, testing: hook) }
        let mayBeSent = server.committed.withLock { Gate.maySend(hook, from: place.room, of: $0, at: now) }
        guard mayBeSent, let event = try reader.event(place.seq, in: place.room) else { return nil }
        return WebhookMessage(delivery, event: event)
    }

    // MARK: What became of it

    func take(_ results: [(key: Int64, result: OutboundResult)]) {
        for (delivery, result) in results { end(delivery, DeliveryEnd.Result(result)) }
        writeEnds()
    }

    private func end(_ delivery: Int64, _ result: DeliveryEnd.Result) {
        guard let hook = hookByDelivery.removeValue(forKey: delivery) else { return }
        ends.append(DeliveryEnd(delivery: delivery, hook: hook, result: result, random: .random(in: 0..<1)))
    }

    /// Until the end of a delivery is on disk it counts as under way, so that it is not brought again for want of it.
    private func writeEnds() {
        guard !ends.isEmpty, !isWriting, ContinuousClock.now >= pausedUntil else { return }
        let batch = ends
        ends.removeAll()
        isWriting = true
        let record = RecordDeliveries(ends: batch, settings: server.settings.webhooks, figures: service.figures)
        server.write(record, as: Actor(address: "")) { [weak service] outcome in
            service?.submit { $0.wrote(batch, outcome) }
        }
    }

    private func wrote(_ batch: [DeliveryEnd], _ outcome: Outcome) {
        isWriting = false
        guard case .done = outcome else {
            ends = batch + ends
            pause()
            return
        }
        for end in batch {
            lines[end.hook]?.underWay.remove(end.delivery)
            lines[end.hook]?.dueAt = 0
            lines[end.hook]?.isBehind = true
        }
    }
}
