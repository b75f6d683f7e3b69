import Community
import LyceumProtocol

/// Webhooks and their queue.
extension SQLiteReader {
    private static let columns = """
        id, hook, message, room, seq, created_at, state, attempts, due_at, last_at, status, failure
        """

    func dueDeliveries(of hook: WebhookID, at now: UnixMilliseconds, limit: Int) throws -> [WebhookDelivery] {
        try all(
            """
            SELECT \(Self.columns) FROM webhook_delivery
            WHERE hook = ? AND state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?
            """,
            { row in
                row.bind(1, hook)
                row.bind(2, now)
                row.bind(3, Int64(limit))
            }, Self.delivery
        ).compactMap { $0 }
    }

    func backlog(of hook: WebhookID) throws -> (count: Int, nextAt: UnixMilliseconds?) {
        try first(
            "SELECT count(*), min(due_at) FROM webhook_delivery WHERE hook = ? AND state = 'waiting'",
            { $0.bind(1, hook) }, { (Int($0.int64(0)), $0.optionalInt64(1)) }) ?? (0, nil)
    }

    func deliveries(
        of hook: WebhookID, state: WebhookDelivery.State?, before id: Int64?, limit: Int
    ) throws -> [WebhookDelivery] {
        try all(
            """
            SELECT \(Self.columns) FROM webhook_delivery
            WHERE hook = ? AND id < ? AND (?3 IS NULL OR state = ?3) ORDER BY id DESC LIMIT ?
            """,
            { row in
                row.bind(1, hook)
                row.bind(2, id ?? .max)
                row.bind(3, state?.rawValue)
                row.bind(4, Int64(limit))
            }, Self.delivery
        ).compactMap { $0 }
    }

    func delivery(_ id: Int64) throws -> WebhookDelivery? {
        try first("SELECT \(Self.columns) FROM webhook_delivery WHERE id = ?", { $0.bind(1, id) }, Self.delivery) ?? nil
    }

    func position(of hook: WebhookID) throws -> Int64 {
        try first("SELECT position FROM webhook WHERE id = ?", { $0.bind(1, hook) }, { $0.int64(0) }) ?? 0
    }

    private static func delivery(_ row: SQLStatement) -> WebhookDelivery? {
        guard let state = WebhookDelivery.State(rawValue: row.text(6)) else { return nil }
        let place = row.optionalInt64(3).map { ActivityLogEntry.Place(room: RoomID($0), seq: row.int64(4)) }
        var delivery = WebhookDelivery(
            id: row.int64(0), hook: row.int64(1), message: row.text(2), event: place, createdAt: row.int64(5))
        delivery.state = state
        delivery.attempts = row.int64(7)
        delivery.dueAt = row.int64(8)
        delivery.lastAt = row.optionalInt64(9)
        delivery.status = row.optionalInt64(10)
        delivery.failure = row.optionalText(11)
        return delivery
    }

    /// The stored hooks, as changes of a community.
    func webhookChanges() throws(StoreError) -> [Change] {
        try all(
            """
            SELECT id, owner, name, created_at, is_enabled, url, rooms, kinds, secret, former_secret, former_until,
                room, token, member
            FROM webhook
            """, { _ in },
            { row in
                Self.direction(row).map { direction in
                    Change.webhook(
                        Webhook(
                            id: row.int64(0), owner: MemberID(row.int64(1)), name: row.text(2),
                            createdAt: row.int64(3), isEnabled: row.bool(4), direction: direction))
                }
            }
        ).compactMap { $0 }
    }

    private static func direction(_ row: SQLStatement) -> Webhook.Direction? {
        if let url = row.optionalText(5) {
            let former = row.optionalInt64(10).map { Webhook.FormerSecret(bytes: row.bytes(9), until: $0) }
            return .outgoing(
                Webhook.Outgoing(
                    url: url, rooms: Set(numbers(row.text(6)).map { RoomID($0) }),
                    kinds: Set(numbers(row.text(7)).compactMap { EventKind(rawValue: Int16($0)) }),
                    secret: row.bytes(8), formerSecret: former))
        }
        guard let token = TokenHash(row.bytes(12)) else { return nil }
        return .incoming(
            Webhook.Incoming(room: RoomID(row.int64(11)), token: token, member: MemberID(row.int64(13))))
    }

    private static func numbers(_ text: String) -> [Int64] { text.split(separator: " ").compactMap { Int64($0) } }
}
