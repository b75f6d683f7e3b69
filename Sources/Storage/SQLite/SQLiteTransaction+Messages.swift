import Community
import LyceumProtocol

/// Changes of messages and threads, and members' own streams.
extension SQLiteTransaction {
    func append(_ event: MeEvent) throws {
        try run("INSERT INTO me_event VALUES (?, ?, ?, ?)") { row in
            row.bind(1, event.member.rawValue)
            row.bind(2, event.seq)
            row.bind(3, event.at)
            row.bind(4, event.body)
        }
    }

    func rewrite(_ seq: SequenceNumber, in room: RoomID, body: [UInt8]) throws {
        for table in ["event_tail", "event"] {
            let stoodHere = try changes("UPDATE \(table) SET body = ? WHERE room = ? AND seq = ?") { row in
                row.bind(1, body)
                row.bind(2, room.rawValue)
                row.bind(3, seq)
            }
            if stoodHere { return }
        }
        throw StoreError.unavailable("Room \(room) has no event \(seq) to rewrite.")
    }

    func add(_ revision: Revision) throws {
        try run("INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, revision.room.rawValue)
            row.bind(2, revision.seq)
            row.bind(3, revision.replacedBy)
            row.bind(4, revision.at)
            row.bind(5, revision.by.rawValue)
            row.bind(6, revision.text)
        }
    }

    func addReaction(_ emoji: String, to seq: SequenceNumber, in room: RoomID, by member: MemberID) throws -> Bool {
        try changes("INSERT OR IGNORE INTO reaction (room, seq, emoji, member) VALUES (?, ?, ?, ?)") { row in
            row.bind(1, room.rawValue)
            row.bind(2, seq)
            row.bind(3, emoji)
            row.bind(4, member.rawValue)
        }
    }

    func removeReaction(_ emoji: String, from seq: SequenceNumber, in room: RoomID, by member: MemberID) throws -> Bool
    {
        try changes("DELETE FROM reaction WHERE room = ? AND seq = ? AND emoji = ? AND member = ?") { row in
            row.bind(1, room.rawValue)
            row.bind(2, seq)
            row.bind(3, emoji)
            row.bind(4, member.rawValue)
        }
    }

    func emojiCount(of seq: SequenceNumber, in room: RoomID) throws -> Int {
        try first(
            "SELECT count(DISTINCT emoji) FROM reaction WHERE room = ? AND seq = ?",
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, seq)
            }, { Int($0.int64(0)) }) ?? 0
    }

    func pin(_ seq: SequenceNumber, in room: RoomID, by member: MemberID, at: UnixMilliseconds) throws -> Bool {
        try changes("INSERT OR IGNORE INTO pin (room, seq, by, at) VALUES (?, ?, ?, ?)") { row in
            row.bind(1, room.rawValue)
            row.bind(2, seq)
            row.bind(3, member.rawValue)
            row.bind(4, at)
        }
    }

    func unpin(_ seq: SequenceNumber, in room: RoomID) throws -> Bool {
        try changes("DELETE FROM pin WHERE room = ? AND seq = ?") { row in
            row.bind(1, room.rawValue)
            row.bind(2, seq)
        }
    }

    func put(_ thread: ThreadRecord) throws {
        try run("INSERT OR REPLACE INTO thread VALUES (?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, thread.room.rawValue)
            row.bind(2, thread.root)
            row.bind(3, thread.title)
            row.bind(4, thread.isClosed)
            row.bind(5, thread.replies)
            row.bind(6, thread.lastSeq)
            row.bind(7, thread.lastAt)
        }
    }

    func follow(_ root: SequenceNumber, in room: RoomID, by member: MemberID, readSeq: SequenceNumber) throws {
        try run("INSERT OR IGNORE INTO thread_follow VALUES (?, ?, ?, ?)") { row in
            row.bind(1, member.rawValue)
            row.bind(2, room.rawValue)
            row.bind(3, root)
            row.bind(4, readSeq)
        }
    }

    func unfollow(_ root: SequenceNumber, in room: RoomID, by member: MemberID) throws {
        try run("DELETE FROM thread_follow WHERE member = ? AND room = ? AND root = ?") { row in
            row.bind(1, member.rawValue)
            row.bind(2, room.rawValue)
            row.bind(3, root)
        }
    }

    func markRead(_ root: SequenceNumber, in room: RoomID, by member: MemberID, seq: SequenceNumber) throws {
        try run(
            "UPDATE thread_follow SET read_seq = max(read_seq, ?) WHERE member = ? AND room = ? AND root = ?"
        ) { row in
            row.bind(1, seq)
            row.bind(2, member.rawValue)
            row.bind(3, room.rawValue)
            row.bind(4, root)
        }
    }

    func addMention(of member: MemberID?, in room: RoomID, seq: SequenceNumber) throws {
        guard let member else {
            return try run("INSERT OR IGNORE INTO room_mention VALUES (?, ?)") { row in
                row.bind(1, room.rawValue)
                row.bind(2, seq)
            }
        }
        try run("INSERT OR IGNORE INTO mention VALUES (?, ?, ?)") { row in
            row.bind(1, member.rawValue)
            row.bind(2, room.rawValue)
            row.bind(3, seq)
        }
    }

    func add(_ report: Report) throws {
        try run("INSERT INTO report (room, seq, by, at, reason, item, verdict) VALUES (?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, report.room.rawValue)
            row.bind(2, report.seq)
            row.bind(3, report.by.rawValue)
            row.bind(4, report.at)
            row.bind(5, report.reason)
            row.bind(6, report.item)
            row.bind(7, report.verdict)
        }
    }
}
