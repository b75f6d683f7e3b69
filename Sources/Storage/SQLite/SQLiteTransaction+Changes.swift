import Community
import LyceumProtocol

/// Changes of the community: members, rooms, who is where.
extension SQLiteTransaction {
    func makeMemberID() throws -> MemberID { MemberID(try nextIdentifier(of: "member")) }
    func makeRoomID() throws -> RoomID { RoomID(try nextIdentifier(of: "room")) }
    func makeSessionID() throws -> SessionID { SessionID(try nextIdentifier(of: "session")) }

    func nextIdentifier(of kind: String) throws(StoreError) -> Int64 {
        let next = try first(
            "UPDATE meta SET value = value + 1 WHERE name = ? RETURNING value", { $0.bind(1, kind) }, { $0.int64(0) })
        guard let next else { throw .unavailable("The store has lost its counter of \(kind) identifiers.") }
        return next
    }

    func put(_ change: Change) throws {
        switch change {
        case .member(let member): try put(member)
        case .room(let room): try put(room)
        case .joined(let room, let member, let membership): try put(membership, of: member, in: room)
        case .left(let room, let member): try remove(member, from: room)
        case .read(let room, let member, let seq, let ordinal):
            advances.reads[.init(member: member, room: room)] = .init(seq: seq, ordinal: ordinal)
        case .roomAdvanced(let room, let seq, let ordinal): advances.rooms[room] = .init(seq: seq, ordinal: ordinal)
        case .meAdvanced(let member, let seq): advances.streams[member] = seq
        case .posted: break
        case .standing(let member, let standing): try put(standing, of: member)
        case .restricted(let room, let member, let restriction): try put(restriction, of: member, in: room)
        case .raid(let until): try putRaid(until: until)
        case .reviewAdvanced: break
        case .privacy(let member, let privacy): try put(privacy, of: member)
        case .blocked(let member, let other): try block(other, by: member)
        case .unblocked(let member, let other): try unblock(other, by: member)
        case .session(let session): try put(session)
        case .sessionEnded(let id):
            try run("DELETE FROM session WHERE id = ?") { $0.bind(1, id.rawValue) }
        case .bot(let bot): try put(bot)
        case .botDeleted(let id): try run("DELETE FROM bot WHERE member = ?") { $0.bind(1, id.rawValue) }
        case .invocation(let invocation): try put(invocation)
        case .webhook(let hook): try put(hook)
        case .webhookRemoved(let id): try remove(id)
        }
    }

    func run(_ sql: String, _ bind: (SQLStatement) -> Void) throws(StoreError) {
        let statement = try prepare(sql)
        bind(statement)
        try statement.run()
    }

    /// Runs a change and tells whether it touched anything.
    func changes(_ sql: String, _ bind: (SQLStatement) -> Void) throws(StoreError) -> Bool {
        let statement = try prepare(sql)
        bind(statement)
        try statement.run()
        return statement.changes > 0
    }

    private func put(_ member: Member) throws(StoreError) {
        try settleOnce()
        advances.streams[member.id] = nil
        try run("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, member.id.rawValue)
            row.bind(2, member.name)
            row.bind(3, member.role.rawValue)
            row.bind(4, member.createdAt)
            row.bind(5, member.mutedUntil)
            row.bind(6, member.bannedUntil)
            row.bind(7, member.meSeq)
        }
    }

    private func put(_ room: Room) throws(StoreError) {
        try settleOnce()
        advances.rooms[room.id] = nil
        try run("INSERT OR REPLACE INTO room VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, room.id.rawValue)
            row.bind(2, room.kind.rawValue)
            row.bind(3, room.name)
            row.bind(4, room.title)
            row.bind(5, room.topic)
            row.bind(6, room.createdBy.rawValue)
            row.bind(7, room.createdAt)
            row.bind(8, room.rules.slowModeSeconds)
            row.bind(9, room.rules.isAnnouncement)
            row.bind(10, room.isArchived)
        }
        try run("INSERT OR REPLACE INTO room_head VALUES (?, ?, ?)") { row in
            row.bind(1, room.id.rawValue)
            row.bind(2, room.seq)
            row.bind(3, room.ordinal)
        }
        try putOverrides(of: room)
        try putModeration(of: room)
    }

    private func putOverrides(of room: Room) throws(StoreError) {
        try run("DELETE FROM room_override WHERE room = ?") { $0.bind(1, room.id.rawValue) }
        for (role, override) in room.rules.overrides {
            try run("INSERT INTO room_override VALUES (?, ?, ?, ?)") { row in
                row.bind(1, room.id.rawValue)
                row.bind(2, role.rawValue)
                row.bind(3, Int64(override.allow.rawValue))
                row.bind(4, Int64(override.deny.rawValue))
            }
        }
    }

    private func put(_ membership: Membership, of member: MemberID, in room: RoomID) throws(StoreError) {
        try settleOnce()
        advances.reads[.init(member: member, room: room)] = nil
        try run("INSERT OR REPLACE INTO membership VALUES (?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, member.rawValue)
            row.bind(2, room.rawValue)
            row.bind(3, membership.role?.rawValue)
            row.bind(4, membership.joinedSeq)
            row.bind(5, membership.readSeq)
            row.bind(6, membership.readOrdinal)
        }
    }

    private func remove(_ member: MemberID, from room: RoomID) throws(StoreError) {
        try settleOnce()
        advances.reads[.init(member: member, room: room)] = nil
        try run("DELETE FROM membership WHERE member = ? AND room = ?") { row in
            row.bind(1, member.rawValue)
            row.bind(2, room.rawValue)
        }
    }

    private func put(_ session: Session) throws(StoreError) {
        try run("INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?)") { row in
            row.bind(1, session.id.rawValue)
            row.bind(2, session.member.rawValue)
            row.bind(3, session.token.bytes)
            row.bind(4, session.createdAt)
            row.bind(5, session.label)
        }
    }

    func setPasswordHash(_ hash: String, of member: MemberID) throws {
        try run("INSERT OR REPLACE INTO password VALUES (?, ?)") { row in
            row.bind(1, member.rawValue)
            row.bind(2, hash)
        }
    }

    func put(_ invite: Invite) throws {
        try run("INSERT OR REPLACE INTO invite VALUES (?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, invite.code.bytes)
            row.bind(2, invite.room?.rawValue)
            row.bind(3, invite.role.rawValue)
            row.bind(4, invite.createdBy.rawValue)
            row.bind(5, invite.expiresAt)
            row.bind(6, invite.usesLeft)
        }
    }
}
