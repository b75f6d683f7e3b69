import Community
import LyceumProtocol

/// How much is posted when. No event is indexed by its time, but a room's events follow each other in it.
extension SQLiteReader {
    func postCounts(
        in room: RoomID, since start: UnixMilliseconds, offset: Int64, atMost limit: Int
    ) throws(StoreError) -> [PostCount] {
        let newest = try newestEvent(of: room)
        guard newest > 0 else { return [] }
        let first = max(
            try firstEvent(of: room, in: 1...newest, where: .at, reaches: start), newest - Int64(limit) + 1)
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
}
