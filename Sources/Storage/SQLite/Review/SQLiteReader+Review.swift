import Community
import LyceumProtocol

/// The review queue and its stream.
extension SQLiteReader {
    private static let itemColumns = """
        id, version, kind, state, room, member, seq, text, thread, reply_to, parent, verdict, created_at, expires_at,
        claimed_by, claimed_until, fingerprint, cluster, reports, weight, action, decided_by, decided_at, reason, note,
        undo, is_appealed, subject, about, is_sealed, bot
        """

    func reviewItem(_ id: ReviewItemID) throws -> ReviewItem? {
        try items("WHERE id = ?") { $0.bind(1, id) }.first
    }

    func reviewItem(about seq: SequenceNumber, in room: RoomID) throws -> ReviewItem? {
        try items("WHERE room = ? AND seq = ? AND kind NOT IN ('held_edit', 'appeal') ORDER BY id DESC LIMIT 1") {
            $0.bind(1, room.rawValue)
            $0.bind(2, seq)
        }.first
    }

    func openHeldEdits(of seq: SequenceNumber, in room: RoomID) throws -> [ReviewItem] {
        try items("WHERE room = ? AND seq = ? AND kind = 'held_edit' AND state = 'open' ORDER BY id") {
            $0.bind(1, room.rawValue)
            $0.bind(2, seq)
        }
    }

    func reviewItems(_ query: ReviewQuery) throws -> [ReviewItem] {
        // Only the conditions that are asked for stand in the statement: SQLite chooses no index by a condition that
        // may be off.
        var conditions: [String] = []
        if query.state != nil { conditions.append("state = ?1") }
        if query.member != nil { conditions.append("member = ?2") }
        if query.member != nil, !query.includesSealed { conditions.append("NOT is_sealed") }
        if query.kind != nil { conditions.append("kind = ?3") }
        if query.cluster != nil { conditions.append("cluster = ?4") }
        if query.after != nil { conditions.append(Self.isBehind(query.order)) }
        if let rooms = query.rooms { conditions.append(Self.isIn(rooms, orWithoutRoom: query.withoutRoom)) }
        let rest = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try items("\(rest) ORDER BY \(Self.terms(of: query.order)) LIMIT ?6") { row in
            if let state = query.state { row.bind(1, state.rawValue) }
            if let member = query.member { row.bind(2, member.rawValue) }
            if let kind = query.kind { row.bind(3, kind.rawValue) }
            if let cluster = query.cluster { row.bind(4, cluster) }
            if let after = query.after { row.bind(5, after) }
            row.bind(6, Int64(query.limit))
        }
    }

    func countOpenReviewItems(in rooms: [RoomID]?, withoutRoom: Bool) throws(StoreError) -> Int {
        let place = rooms.map { "AND \(Self.isIn($0, orWithoutRoom: withoutRoom))" } ?? ""
        let sql = "SELECT count(*) FROM review_item WHERE state = 'open' \(place)"
        return try first(sql, { _ in }, { Int($0.int64(0)) }) ?? 0
    }

    /// Rooms are numbers of our own, so they may stand in the text; a statement has a limit of parameters.
    private static func isIn(_ rooms: [RoomID], orWithoutRoom withoutRoom: Bool) -> String {
        let list = rooms.map { String($0.rawValue) }.joined(separator: ",")
        return "(room IN (\(list))\(withoutRoom ? " OR room IS NULL" : ""))"
    }

    private static func terms(of order: ReviewQuery.Order) -> String {
        switch order {
        case .urgency: "\(ReviewSchema.isQuestion), id"
        case .oldest: "id"
        case .newest: "id DESC"
        case .weight: "weight DESC, reports DESC, id"
        }
    }

    /// Whether an item comes after the one with the number ?5.
    private static func isBehind(_ order: ReviewQuery.Order) -> String {
        switch order {
        case .urgency:
            """
            (\(ReviewSchema.isQuestion), id) > (SELECT \(ReviewSchema.isQuestion), id FROM review_item WHERE id = ?5)
            """
        case .oldest, .weight: "id > ?5"
        case .newest: "id < ?5"
        }
    }

    func openFingerprints(limit: Int) throws -> [(fingerprint: UInt64, cluster: ReviewItemID)] {
        try all(
            "SELECT fingerprint, cluster FROM review_item WHERE state = 'open' ORDER BY id DESC LIMIT ?",
            { $0.bind(1, Int64(limit)) }, { (UInt64(bitPattern: $0.int64(0)), $0.int64(1)) })
    }

    func expiredItems(at now: UnixMilliseconds, limit: Int) throws -> [ReviewItem] {
        try items("WHERE state = 'open' AND expires_at <= ? ORDER BY expires_at LIMIT ?") {
            $0.bind(1, now)
            $0.bind(2, Int64(limit))
        }
    }

    func decidedItems(fingerprint: UInt64, text: String) throws -> [ReviewItem] {
        try items("WHERE state = 'decided' AND fingerprint = ? AND text = ? ORDER BY id") {
            $0.bind(1, Int64(bitPattern: fingerprint))
            $0.bind(2, text)
        }
    }

    func reviewEvents(after seq: SequenceNumber, limit: Int) throws -> [ReviewEvent] {
        try all(
            "SELECT seq, at, room, body FROM review_event WHERE seq > ? ORDER BY seq LIMIT ?",
            { row in
                row.bind(1, seq)
                row.bind(2, Int64(limit))
            },
            { row in
                ReviewEvent(
                    seq: row.int64(0), at: row.int64(1), room: row.optionalInt64(2).map { RoomID($0) },
                    body: row.bytes(3))
            })
    }

    private func items(_ rest: String, _ bind: (SQLStatement) -> Void) throws -> [ReviewItem] {
        let row = try prepare("SELECT \(Self.itemColumns) FROM review_item \(rest)")
        defer { row.reset() }
        bind(row)
        var items: [ReviewItem] = []
        while try row.step() { items.append(try Self.item(row)) }
        return items
    }

    private static func item(_ row: SQLStatement) throws(StoreError) -> ReviewItem {
        guard let kind = ReviewItem.Kind(rawValue: row.text(2)), let state = ReviewItem.State(rawValue: row.text(3)),
            let subject = ReviewItem.Subject(rawValue: row.text(27))
        else {
            throw .unavailable("Review item \(row.int64(0)) is of unknown kind \(row.text(2)) or state \(row.text(3)).")
        }
        var item = ReviewItem(
            id: row.int64(0), kind: kind, room: row.optionalInt64(4).map { RoomID($0) },
            member: MemberID(row.int64(5)), seq: row.optionalInt64(6), text: row.text(7), createdAt: row.int64(12))
        item.version = row.int64(1)
        item.state = state
        item.thread = row.optionalInt64(8)
        item.replyTo = row.optionalInt64(9)
        item.parent = row.optionalInt64(10)
        item.verdict = row.bytes(11)
        item.expiresAt = row.optionalInt64(13)
        if let by = row.optionalInt64(14) { item.claim = .init(by: MemberID(by), until: row.int64(15)) }
        item.fingerprint = UInt64(bitPattern: row.int64(16))
        item.cluster = row.int64(17)
        item.reports = row.int64(18)
        item.weight = row.double(19)
        if let action = row.optionalText(20).flatMap(ReviewItem.Action.init(rawValue:)) {
            item.decision = .init(
                action: action, by: MemberID(row.int64(21)), at: row.int64(22), reason: row.text(23),
                note: row.text(24))
        }
        item.undo = row.bytes(25)
        item.isAppealed = row.bool(26)
        item.subject = subject
        item.about = row.optionalInt64(28)
        item.isSealed = row.bool(29)
        item.bot = row.bytes(30)
        return item
    }
}
