import Community
import LyceumProtocol
import Moderation

/// Streams the whole community out of the store, row by row, into memory.
struct CommunityLoader {
    let reader: SQLiteReader
    private var community: Community

    init(_ reader: SQLiteReader) throws(StoreError) {
        self.reader = reader
        community = Community(epoch: try reader.epoch()) { Normaliser().lookAlikeKey(of: $0) }
    }

    mutating func load() throws(StoreError) -> Community {
        try loadMembers()
        try loadRooms()
        try loadMemberships()
        try loadSessions()
        for change in try reader.moderationChanges() { community.apply(change) }
        for change in try reader.privacyChanges() { community.apply(change) }
        for change in try reader.botChanges() { community.apply(change) }
        for change in try reader.webhookChanges() { community.apply(change) }
        for change in try reader.waitingAdvances().changes { community.apply(change) }
        return community
    }

    private mutating func loadMembers() throws(StoreError) {
        let row = try reader.prepare("SELECT id, name, role, created_at, muted_until, banned_until, me_seq FROM member")
        defer { row.reset() }
        while try row.step() {
            let member = Member(
                id: MemberID(row.int64(0)), name: row.text(1), role: try role(row.text(2)), createdAt: row.int64(3),
                mutedUntil: row.optionalInt64(4), bannedUntil: row.optionalInt64(5), meSeq: row.int64(6))
            community.apply(.member(member))
        }
    }

    private mutating func loadRooms() throws(StoreError) {
        let overrides = try loadOverrides()
        let moderation = try reader.roomModeration()
        let row = try reader.prepare(
            """
            SELECT id, kind, name, title, topic, created_by, created_at, slow_mode_s, is_announcement, is_archived,
                seq, ordinal
            FROM room JOIN room_head ON room_head.room = room.id
            """)
        defer { row.reset() }
        while try row.step() {
            guard let kind = Room.Kind(rawValue: row.text(1)) else {
                throw .unavailable("Room \(row.int64(0)) is of unknown kind \(row.text(1)).")
            }
            let id = RoomID(row.int64(0))
            var rules = RoomRules(
                slowModeSeconds: row.int64(7), isAnnouncement: row.bool(8), overrides: overrides[id] ?? [:])
            rules.moderation = moderation[id] ?? RoomModeration()
            let room = Room(
                id: id, kind: kind, name: row.text(2), title: row.text(3), topic: row.text(4),
                createdBy: MemberID(row.int64(5)), createdAt: row.int64(6), rules: rules, isArchived: row.bool(9),
                seq: row.int64(10), ordinal: row.int64(11))
            community.apply(.room(room))
        }
    }

    private func loadOverrides() throws(StoreError) -> [RoomID: [Role: RoomRules.Override]] {
        var overrides: [RoomID: [Role: RoomRules.Override]] = [:]
        let row = try reader.prepare("SELECT room, role, allow, deny FROM room_override")
        defer { row.reset() }
        while try row.step() {
            overrides[RoomID(row.int64(0)), default: [:]][try role(row.text(1))] = RoomRules.Override(
                allow: Permission(rawValue: UInt32(truncatingIfNeeded: row.int64(2))),
                deny: Permission(rawValue: UInt32(truncatingIfNeeded: row.int64(3))))
        }
        return overrides
    }

    private mutating func loadMemberships() throws(StoreError) {
        let row = try reader.prepare("SELECT room, member, role, joined_seq, read_seq, read_ordinal FROM membership")
        defer { row.reset() }
        while try row.step() {
            let membership = Membership(
                role: try row.optionalText(2).map { (name) throws(StoreError) in try role(name) },
                joinedSeq: row.int64(3), readSeq: row.int64(4), readOrdinal: row.int64(5))
            community.apply(.joined(RoomID(row.int64(0)), MemberID(row.int64(1)), membership))
        }
    }

    private mutating func loadSessions() throws(StoreError) {
        let row = try reader.prepare("SELECT id, member, token, created_at, label FROM session")
        defer { row.reset() }
        while try row.step() {
            guard let token = TokenHash(row.bytes(2)) else {
                throw .unavailable("Session \(row.int64(0)) has a token hash of the wrong length.")
            }
            let session = Session(
                id: SessionID(row.int64(0)), member: MemberID(row.int64(1)), token: token, createdAt: row.int64(3),
                label: row.text(4))
            community.apply(.session(session))
        }
    }

    private func role(_ name: String) throws(StoreError) -> Role {
        guard let role = Role(rawValue: name) else { throw .unavailable("The store names an unknown role \(name).") }
        return role
    }
}

extension SQLiteReader {
    func epoch() throws(StoreError) -> String {
        let epoch = try first("SELECT value FROM meta WHERE name = 'epoch'", { _ in }, { $0.text(0) })
        guard let epoch else { throw .unavailable("The store has no epoch.") }
        return epoch
    }
}
