import Community
import LyceumProtocol

/// How much is posted when. No event is indexed by its time; a room's events follow each other in time, so a binary
/// search over their numbers finds where a period begins.
extension SQLiteReader {
    func postCounts(
        in room: RoomID, since start: UnixMilliseconds, offset: Int64, atMost limit: Int
    ) throws(StoreError) -> [PostCount] {
        let newest = try newestEvent(of: room)
        guard newest > 0 else { return [] }
        let first = max(try firstEvent(of: room, upTo: newest, at: start), newest - Int64(limit) + 1)
        return try all(
            """
            SELECT (at + ?3) / 3600000 AS hour, author, count(*) FROM (
                SELECT at, author FROM event WHERE room = ?1 AND seq >= ?2 AND kind = 10 AND at >= ?4
                UNION ALL
                SELECT at, author FROM event_tail WHERE room = ?1 AND seq >= ?2 AND kind = 10 AND at >= ?4)
            GROUP BY hour, author
            """,
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, first)
                row.bind(3, offset)
                row.bind(4, start)
            }, { PostCount(hour: $0.int64(0), author: MemberID($0.int64(1)), count: Int($0.int64(2))) })
    }

    func countOpenReviewItems(in rooms: [RoomID]?, withoutRoom: Bool) throws(StoreError) -> Int {
        let list = rooms.map { $0.map { String($0.rawValue) }.joined(separator: ",") }
        let condition = list.map { "(room IN (\($0))\(withoutRoom ? " OR room IS NULL" : ""))" } ?? "1"
        return try first(
            "SELECT count(*) FROM review_item WHERE state = 'open' AND \(condition)", { _ in }, { Int($0.int64(0)) })
            ?? 0
    }

    /// The first event at `start` or after it; the newest if there is none.
    private func firstEvent(
        of room: RoomID, upTo newest: SequenceNumber, at start: UnixMilliseconds
    ) throws(StoreError) -> SequenceNumber {
        var (low, high) = (SequenceNumber(1), newest)
        while low < high {
            let middle = low + (high - low) / 2
            if let at = try time(of: middle, in: room), at < start { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func time(of seq: SequenceNumber, in room: RoomID) throws(StoreError) -> UnixMilliseconds? {
        try first(
            """
            SELECT at FROM event WHERE room = ?1 AND seq = ?2
            UNION ALL SELECT at FROM event_tail WHERE room = ?1 AND seq = ?2
            """,
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, seq)
            }, { $0.int64(0) })
    }
}
