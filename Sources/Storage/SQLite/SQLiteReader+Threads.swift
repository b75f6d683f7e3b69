import Community
import LyceumProtocol

/// Threads and who follows them.
extension SQLiteReader {
    private static let threadColumns =
        "thread.room, thread.root, thread.title, thread.is_closed, thread.replies, thread.last_seq, thread.last_at"

    func threads(roots: [SequenceNumber], in room: RoomID) throws -> [SequenceNumber: ThreadRecord] {
        var threads: [SequenceNumber: ThreadRecord] = [:]
        for root in roots { threads[root] = try thread(root, in: room) }
        return threads
    }

    func thread(_ root: SequenceNumber, in room: RoomID) throws -> ThreadRecord? {
        try first(
            "SELECT \(Self.threadColumns) FROM thread WHERE room = ? AND root = ?",
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, root)
            }, Self.thread)
    }

    func followedThreads(of member: MemberID, in room: RoomID?) throws -> [FollowedThread] {
        try all(
            """
            \(Self.followed)
            WHERE thread_follow.member = ? \(room == nil ? "" : "AND thread_follow.room = ?")
            ORDER BY thread_follow.room, thread_follow.root
            """,
            { row in
                row.bind(1, member.rawValue)
                if let room { row.bind(2, room.rawValue) }
            }, Self.followedThread)
    }

    func followed(_ root: SequenceNumber, in room: RoomID, by member: MemberID) throws -> FollowedThread? {
        try first(
            "\(Self.followed) WHERE thread_follow.member = ? AND thread_follow.room = ? AND thread_follow.root = ?",
            { row in
                row.bind(1, member.rawValue)
                row.bind(2, room.rawValue)
                row.bind(3, root)
            }, Self.followedThread)
    }

    /// Threads with how far a follower has read, and what is unread, up to 1000.
    private static let followed = """
        SELECT \(threadColumns), thread_follow.read_seq,
            (SELECT count(*) FROM (
                SELECT 1 FROM event
                WHERE event.room = thread.room AND event.thread = thread.root AND event.kind = 10
                    AND event.seq > thread_follow.read_seq
                UNION ALL SELECT 1 FROM event_tail
                WHERE event_tail.room = thread.room AND event_tail.thread = thread.root AND event_tail.kind = 10
                    AND event_tail.seq > thread_follow.read_seq
                LIMIT 1000))
        FROM thread_follow JOIN thread USING (room, root)
        """

    private static func followedThread(_ row: SQLStatement) -> FollowedThread {
        FollowedThread(thread: thread(row), readSeq: row.int64(7), unread: Int(row.int64(8)))
    }

    func followers(of root: SequenceNumber, in room: RoomID) throws -> [MemberID] {
        try all(
            "SELECT member FROM thread_follow WHERE room = ? AND root = ? ORDER BY member",
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, root)
            }, { MemberID($0.int64(0)) })
    }

    /// Reads the row of `threadColumns` that the statement stands on.
    private static func thread(_ row: SQLStatement) -> ThreadRecord {
        ThreadRecord(
            room: RoomID(row.int64(0)), root: row.int64(1), title: row.text(2), isClosed: row.bool(3),
            replies: row.int64(4), lastSeq: row.int64(5), lastAt: row.int64(6))
    }
}
