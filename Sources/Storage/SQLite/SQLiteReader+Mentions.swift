import Community
import LyceumProtocol

/// Mentions that a member has not read.
extension SQLiteReader {
    /// Counts a message once, even where it calls both the member and the whole room, and no member's own call.
    func unreadMentions(of member: MemberID, after marks: [RoomID: SequenceNumber]) throws -> [RoomID: Int] {
        var counts: [RoomID: Int] = [:]
        for (room, seq) in marks {
            let count = try countMentions(of: member, in: room, after: seq)
            if count > 0 { counts[room] = count }
        }
        return counts
    }

    private func countMentions(of member: MemberID, in room: RoomID, after seq: SequenceNumber) throws(StoreError)
        -> Int
    {
        try first(
            """
            SELECT count(*) FROM (
                SELECT seq FROM mention WHERE member = ?1 AND room = ?2 AND seq > ?3
                UNION
                SELECT seq FROM room_mention AS call WHERE room = ?2 AND seq > ?3
                    AND ?1 <> coalesce(
                        (SELECT author FROM event WHERE event.room = ?2 AND event.seq = call.seq),
                        (SELECT author FROM event_tail WHERE event_tail.room = ?2 AND event_tail.seq = call.seq), 0))
            """,
            { row in
                row.bind(1, member.rawValue)
                row.bind(2, room.rawValue)
                row.bind(3, seq)
            }, { Int($0.int64(0)) }) ?? 0
    }
}
