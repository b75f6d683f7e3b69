import Community
import LyceumProtocol

/// Changes of the review queue and of what goes with it.
extension SQLiteTransaction {
    func makeReviewItemID() throws -> ReviewItemID { try nextIdentifier(of: "review_item") }
    func makeSanctionID() throws -> Int64 { try nextIdentifier(of: "sanction") }

    func put(_ item: ReviewItem) throws {
        try run(
            """
            INSERT OR REPLACE INTO review_item VALUES (
                ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { row in
            row.bind(1, item.id)
            row.bind(2, item.version)
            row.bind(3, item.kind.rawValue)
            row.bind(4, item.state.rawValue)
            row.bind(5, item.room?.rawValue)
            row.bind(6, item.member.rawValue)
            row.bind(7, item.seq)
            row.bind(8, item.text)
            row.bind(9, item.thread)
            row.bind(10, item.replyTo)
            row.bind(11, item.parent)
            row.bind(12, item.verdict)
            row.bind(13, item.createdAt)
            row.bind(14, item.expiresAt)
            row.bind(15, item.claim?.by.rawValue)
            row.bind(16, item.claim?.until)
            row.bind(17, Int64(bitPattern: item.fingerprint))
            row.bind(18, item.cluster)
            row.bind(19, item.reports)
            row.bind(20, item.weight)
            row.bind(21, item.decision?.action.rawValue)
            row.bind(22, item.decision?.by.rawValue)
            row.bind(23, item.decision?.at)
            row.bind(24, item.decision?.reason)
            row.bind(25, item.decision?.note)
            row.bind(26, item.undo)
            row.bind(27, item.isAppealed)
            row.bind(28, item.subject.rawValue)
            row.bind(29, item.about)
            row.bind(30, item.isSealed)
            row.bind(31, item.bot)
        }
    }

    func append(_ event: ReviewEvent) throws {
        try run("INSERT INTO review_event VALUES (?, ?, ?, ?)") { row in
            row.bind(1, event.seq)
            row.bind(2, event.at)
            row.bind(3, event.room?.rawValue)
            row.bind(4, event.body)
        }
    }

    func put(_ sanction: Sanction) throws {
        try run("INSERT OR REPLACE INTO sanction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, sanction.id)
            row.bind(2, sanction.member.rawValue)
            row.bind(3, sanction.room?.rawValue)
            row.bind(4, sanction.kind.rawValue)
            row.bind(5, sanction.by.rawValue)
            row.bind(6, sanction.at)
            row.bind(7, sanction.until)
            row.bind(8, sanction.reason)
            row.bind(9, sanction.item)
            row.bind(10, sanction.liftedAt)
            row.bind(11, sanction.liftedBy?.rawValue)
            row.bind(12, sanction.isStrike)
        }
    }

    func add(_ note: MemberNote) throws {
        try run("INSERT INTO member_note (member, by, at, text) VALUES (?, ?, ?, ?)") { row in
            row.bind(1, note.member.rawValue)
            row.bind(2, note.by.rawValue)
            row.bind(3, note.at)
            row.bind(4, note.text)
        }
    }

    func appendClassifierEntry(_ bytes: [UInt8], of item: ReviewItemID, at: UnixMilliseconds) throws {
        try run("INSERT INTO classifier_entry (item, at, body) VALUES (?, ?, ?)") { row in
            row.bind(1, item)
            row.bind(2, at)
            row.bind(3, bytes)
        }
    }

    func putClassifierSnapshot(_ bytes: [UInt8], after number: Int64) throws {
        try run("DELETE FROM classifier_snapshot") { _ in }
        try run("INSERT INTO classifier_snapshot VALUES (?, ?)") { row in
            row.bind(1, number)
            row.bind(2, bytes)
        }
    }

    func add(_ day: RuleDay) throws {
        try run(
            """
            INSERT INTO rule_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, rule) DO UPDATE SET
                hits = hits + excluded.hits, redacted = redacted + excluded.redacted, held = held + excluded.held,
                blocked = blocked + excluded.blocked, confirmed = confirmed + excluded.confirmed,
                overturned = overturned + excluded.overturned, waited = waited + excluded.waited
            """
        ) { row in
            row.bind(1, day.day)
            row.bind(2, day.rule)
            row.bind(3, day.hits)
            row.bind(4, day.redacted)
            row.bind(5, day.held)
            row.bind(6, day.blocked)
            row.bind(7, day.confirmed)
            row.bind(8, day.overturned)
            row.bind(9, day.waited)
        }
    }

    // MARK: Changes of the community

    func put(_ standing: Standing, of member: MemberID) throws(StoreError) {
        try run("INSERT OR REPLACE INTO standing VALUES (?, ?)") { row in
            row.bind(1, member.rawValue)
            row.bind(2, standing.posts)
        }
    }

    func put(_ restriction: Restriction, of member: MemberID, in room: RoomID) throws(StoreError) {
        try run("DELETE FROM room_restriction WHERE room = ? AND member = ?") { row in
            row.bind(1, room.rawValue)
            row.bind(2, member.rawValue)
        }
        guard !restriction.isEmpty else { return }
        try run("INSERT INTO room_restriction VALUES (?, ?, ?, ?)") { row in
            row.bind(1, room.rawValue)
            row.bind(2, member.rawValue)
            row.bind(3, restriction.mutedUntil)
            row.bind(4, restriction.bannedUntil)
        }
    }

    func putRaid(until: UnixMilliseconds?) throws(StoreError) {
        try run("DELETE FROM meta WHERE name = 'raid_until'") { _ in }
        guard let until else { return }
        try run("INSERT INTO meta VALUES ('raid_until', ?)") { $0.bind(1, until) }
    }

    func putModeration(of room: Room) throws(StoreError) {
        let moderation = room.rules.moderation
        try run("DELETE FROM room_moderation WHERE room = ?") { $0.bind(1, room.id.rawValue) }
        guard moderation != RoomModeration() else { return }
        try run("INSERT INTO room_moderation VALUES (?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, room.id.rawValue)
            row.bind(2, moderation.flag)
            row.bind(3, moderation.hold)
            row.bind(4, moderation.block)
            row.bind(5, moderation.firstPosts)
            row.bind(6, moderation.raidUntil)
        }
    }
}

// MARK: The audit log

extension SQLiteTransaction {
    func append(_ entry: AuditEntry) throws {
        let head = try auditHead ?? AuditChain.head(of: self)
        let number = head.count + 1
        let hash = AuditChain.hash(entry, number: number, after: head.hash)
        try run("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, number)
            row.bind(2, entry.at)
            row.bind(3, entry.actor.rawValue)
            row.bind(4, entry.action)
            row.bind(5, entry.room?.rawValue)
            row.bind(6, entry.member?.rawValue)
            row.bind(7, entry.item)
            row.bind(8, entry.details)
            row.bind(9, hash)
        }
        auditHead = AuditCheckpoint(count: number, hash: hash)
    }
}
