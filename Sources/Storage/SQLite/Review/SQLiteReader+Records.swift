import Community
import LyceumProtocol

/// The audit log, what the classifier has learned, and what rules have done.
extension SQLiteReader {
    func auditRows(after number: Int64, limit: Int) throws -> [AuditRow] {
        try all(
            """
            SELECT number, at, actor, action, room, member, item, details, hash FROM audit
            WHERE number > ? ORDER BY number LIMIT ?
            """,
            { row in
                row.bind(1, number)
                row.bind(2, Int64(limit))
            },
            { row in
                AuditRow(
                    number: row.int64(0),
                    entry: AuditEntry(
                        at: row.int64(1), actor: MemberID(row.int64(2)), action: row.text(3),
                        room: row.optionalInt64(4).map { RoomID($0) },
                        member: row.optionalInt64(5).map { MemberID($0) }, item: row.optionalInt64(6),
                        details: row.text(7)), hash: row.bytes(8))
            })
    }

    func classifierSnapshot() throws -> (after: Int64, bytes: [UInt8])? {
        try first(
            "SELECT after, body FROM classifier_snapshot ORDER BY after DESC LIMIT 1", { _ in },
            { ($0.int64(0), $0.bytes(1)) })
    }

    func classifierEntries(after number: Int64, limit: Int) throws
        -> [(number: Int64, item: ReviewItemID, bytes: [UInt8])]
    {
        try all(
            "SELECT number, item, body FROM classifier_entry WHERE number > ? ORDER BY number LIMIT ?",
            { row in
                row.bind(1, number)
                row.bind(2, Int64(limit))
            }, { ($0.int64(0), $0.int64(1), $0.bytes(2)) })
    }

    func classifierEntries(of item: ReviewItemID) throws -> [[UInt8]] {
        try all(
            "SELECT body FROM classifier_entry WHERE item = ? ORDER BY number", { $0.bind(1, item) }, { $0.bytes(0) })
    }

    func ruleDays(since day: Int64) throws -> [RuleDay] {
        try all(
            """
            SELECT day, rule, hits, redacted, held, blocked, confirmed, overturned, waited FROM rule_day
            WHERE day >= ? ORDER BY day, rule
            """, { $0.bind(1, day) },
            { row in
                var day = RuleDay(day: row.int64(0), rule: row.text(1))
                day.hits = row.int64(2)
                day.redacted = row.int64(3)
                day.held = row.int64(4)
                day.blocked = row.int64(5)
                day.confirmed = row.int64(6)
                day.overturned = row.int64(7)
                day.waited = row.int64(8)
                return day
            })
    }
}
