import Community
import LyceumProtocol

/// What is known of members to those who keep order.
extension SQLiteReader {
    private static let sanctionColumns =
        "id, member, room, kind, by, at, until, reason, item, lifted_at, lifted_by, is_strike"

    func sanctions(of member: MemberID) throws -> [Sanction] {
        try sanctions("WHERE member = ? ORDER BY id DESC", member.rawValue)
    }

    func sanctions(from item: ReviewItemID) throws -> [Sanction] {
        try sanctions("WHERE item = ? ORDER BY id DESC", item)
    }

    private func sanctions(_ rest: String, _ parameter: Int64) throws -> [Sanction] {
        try all(
            "SELECT \(Self.sanctionColumns) FROM sanction \(rest)", { $0.bind(1, parameter) }, Self.sanction
        ).compactMap { $0 }
    }

    private static func sanction(_ row: SQLStatement) -> Sanction? {
        guard let kind = Sanction.Kind(rawValue: row.text(3)) else { return nil }
        var sanction = Sanction(
            id: row.int64(0), member: MemberID(row.int64(1)), room: row.optionalInt64(2).map { RoomID($0) },
            kind: kind, by: MemberID(row.int64(4)), at: row.int64(5), until: row.optionalInt64(6),
            reason: row.text(7), item: row.int64(8), isStrike: row.bool(11))
        sanction.liftedAt = row.optionalInt64(9)
        sanction.liftedBy = row.optionalInt64(10).map { MemberID($0) }
        return sanction
    }

    func notes(about member: MemberID) throws -> [MemberNote] {
        try all(
            "SELECT by, at, text FROM member_note WHERE member = ? ORDER BY id DESC LIMIT 200",
            { $0.bind(1, member.rawValue) },
            { MemberNote(member: member, by: MemberID($0.int64(0)), at: $0.int64(1), text: $0.text(2)) })
    }

    func reports(onItem item: ReviewItemID) throws -> [Report] {
        try all(
            "SELECT \(Self.reportColumns) FROM report WHERE item = ? ORDER BY id LIMIT 200", { $0.bind(1, item) },
            Self.report)
    }

    func reports(by member: MemberID) throws -> ReportRecord {
        try first(
            """
            SELECT count(*), total(review_item.action <> 'approve') FROM report
            JOIN review_item ON review_item.id = report.item
            WHERE report.by = ? AND review_item.state = 'decided'
            """, { $0.bind(1, member.rawValue) },
            { ReportRecord(decided: $0.int64(0), confirmed: Int64($0.double(1))) })
            ?? ReportRecord(decided: 0, confirmed: 0)
    }

    func messages(by member: MemberID, in rooms: [RoomID], limit: Int) throws -> [RoomEvent] {
        var found: [RoomEvent] = []
        for room in rooms {
            // The newest part of each room is enough for a moderator's look, and bounds the work.
            let recent = try events(in: room, before: .max, limit: 500, messagesOnly: false)
            found += recent.filter { $0.kind == .messagePosted && $0.author == member }.suffix(limit)
        }
        return Array(found.sorted { $0.at > $1.at }.prefix(limit))
    }

    // MARK: What the community keeps in memory

    /// Standings, restrictions, the raid mode and the head of the review stream.
    func moderationChanges() throws(StoreError) -> [Change] {
        var standings: [MemberID: Standing] = [:]
        for (member, posts) in try all("SELECT member, posts FROM standing", { _ in }, { ($0.int64(0), $0.int64(1)) }) {
            standings[MemberID(member)] = Standing(posts: posts)
        }
        let strikes = try all(
            "SELECT \(Self.sanctionColumns) FROM sanction WHERE lifted_at IS NULL AND is_strike ORDER BY id", { _ in },
            Self.sanction)
        for case let sanction? in strikes {
            standings[sanction.member, default: Standing()].strikes.append(sanction.strike)
        }
        let restrictions = try all(
            "SELECT room, member, muted_until, banned_until FROM room_restriction", { _ in },
            { row in
                Change.restricted(
                    RoomID(row.int64(0)), MemberID(row.int64(1)),
                    Restriction(mutedUntil: row.optionalInt64(2), bannedUntil: row.optionalInt64(3)))
            })
        let raid = try first("SELECT value FROM meta WHERE name = 'raid_until'", { _ in }, { $0.int64(0) })
        let head = try first("SELECT max(seq) FROM review_event", { _ in }, { $0.int64(0) })
        return standings.map { .standing($0.key, $0.value) } + restrictions
            + [.raid(until: raid), .reviewAdvanced(seq: head ?? 0)]
    }

    func roomModeration() throws(StoreError) -> [RoomID: RoomModeration] {
        let rows = try all(
            "SELECT room, flag, hold, block, first_posts, raid_until FROM room_moderation", { _ in },
            { row in
                var moderation = RoomModeration()
                moderation.flag = row.optionalDouble(1)
                moderation.hold = row.optionalDouble(2)
                moderation.block = row.optionalDouble(3)
                moderation.firstPosts = row.optionalInt64(4)
                moderation.raidUntil = row.optionalInt64(5)
                return (RoomID(row.int64(0)), moderation)
            })
        return Dictionary(uniqueKeysWithValues: rows)
    }
}
