import Community
import LyceumProtocol

/// Changes of webhooks and of their queue.
extension SQLiteTransaction {
    func makeWebhookID() throws -> WebhookID { try nextIdentifier(of: "webhook") }
    func makeDeliveryID() throws -> Int64 { try nextIdentifier(of: "webhook_delivery") }

    /// Keeps what belongs to the sending: the row is made once and changed from then on.
    func put(_ hook: Webhook) throws(StoreError) {
        try run("INSERT OR IGNORE INTO webhook (id, owner, name, created_at, is_enabled) VALUES (?, ?, ?, ?, 1)") {
            row in
            row.bind(1, hook.id)
            row.bind(2, hook.owner.rawValue)
            row.bind(3, hook.name)
            row.bind(4, hook.createdAt)
        }
        switch hook.direction {
        case .outgoing(let outgoing): try put(outgoing, of: hook)
        case .incoming(let incoming): try put(incoming, of: hook)
        }
    }

    private func put(_ outgoing: Webhook.Outgoing, of hook: Webhook) throws(StoreError) {
        try run(
            """
            UPDATE webhook SET is_enabled = ?, url = ?, rooms = ?, kinds = ?, secret = ?, former_secret = ?,
                former_until = ? WHERE id = ?
            """
        ) { row in
            row.bind(1, hook.isEnabled)
            row.bind(2, outgoing.url)
            row.bind(3, outgoing.rooms.map { "\($0)" }.sorted().joined(separator: " "))
            row.bind(4, outgoing.kinds.map { "\($0.rawValue)" }.sorted().joined(separator: " "))
            row.bind(5, outgoing.secret)
            row.bind(6, outgoing.formerSecret?.bytes ?? [])
            row.bind(7, outgoing.formerSecret?.until)
            row.bind(8, hook.id)
        }
    }

    private func put(_ incoming: Webhook.Incoming, of hook: Webhook) throws(StoreError) {
        try run("UPDATE webhook SET is_enabled = ?, room = ?, token = ?, member = ? WHERE id = ?") { row in
            row.bind(1, hook.isEnabled)
            row.bind(2, incoming.room.rawValue)
            row.bind(3, incoming.token.bytes)
            row.bind(4, incoming.member.rawValue)
            row.bind(5, hook.id)
        }
    }

    func remove(_ hook: WebhookID) throws(StoreError) {
        try run("DELETE FROM webhook WHERE id = ?") { $0.bind(1, hook) }
        try run("DELETE FROM webhook_delivery WHERE hook = ?") { $0.bind(1, hook) }
    }

    func put(_ delivery: WebhookDelivery) throws {
        try run("INSERT OR REPLACE INTO webhook_delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, delivery.id)
            row.bind(2, delivery.hook)
            row.bind(3, delivery.message)
            row.bind(4, delivery.event?.room.rawValue)
            row.bind(5, delivery.event?.seq)
            row.bind(6, delivery.createdAt)
            row.bind(7, delivery.state.rawValue)
            row.bind(8, delivery.attempts)
            row.bind(9, delivery.dueAt)
            row.bind(10, delivery.lastAt)
            row.bind(11, delivery.status)
            row.bind(12, delivery.failure)
        }
    }

    func setPosition(_ position: Int64, of hook: WebhookID) throws {
        try run("UPDATE webhook SET position = ? WHERE id = ?") { row in
            row.bind(1, position)
            row.bind(2, hook)
        }
    }

    func countFailure(_ hasFailed: Bool, of hook: WebhookID) throws -> Int {
        let count = try first(
            "UPDATE webhook SET failures = CASE WHEN ? THEN failures + 1 ELSE 0 END WHERE id = ? RETURNING failures",
            { row in
                row.bind(1, hasFailed)
                row.bind(2, hook)
            }, { Int($0.int64(0)) })
        return count ?? 0
    }

    func abandonDeliveries(of hook: WebhookID, failure: String, at now: UnixMilliseconds) throws {
        try run(
            """
            UPDATE webhook_delivery SET state = 'dead', failure = coalesce(failure, ?), last_at = coalesce(last_at, ?)
            WHERE hook = ? AND state = 'waiting'
            """
        ) { row in
            row.bind(1, failure)
            row.bind(2, now)
            row.bind(3, hook)
        }
    }

    func pruneDeliveries(of hook: WebhookID, keeping count: Int) throws {
        try run(
            """
            DELETE FROM webhook_delivery WHERE hook = ?1 AND state != 'waiting' AND id <= (
                SELECT id FROM webhook_delivery WHERE hook = ?1 AND state != 'waiting'
                ORDER BY id DESC LIMIT 1 OFFSET ?2)
            """
        ) { row in
            row.bind(1, hook)
            row.bind(2, Int64(count))
        }
    }
}
