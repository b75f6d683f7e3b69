import Community
import LyceumProtocol

/// What hangs on messages: reactions, pins, revisions, mentions.
extension SQLiteReader {
    func reactions(to messages: [SequenceNumber], in room: RoomID, viewer: MemberID) throws
        -> [SequenceNumber: [ReactionCount]]
    {
        var reactions: [SequenceNumber: [ReactionCount]] = [:]
        for seq in messages {
            let counts = try all(
                """
                SELECT emoji, count(*), max(member = ?) FROM reaction WHERE room = ? AND seq = ?
                GROUP BY emoji ORDER BY min(id)
                """,
                { row in
                    row.bind(1, viewer.rawValue)
                    row.bind(2, room.rawValue)
                    row.bind(3, seq)
                },
                { ReactionCount(emoji: $0.text(0), count: Int($0.int64(1)), mine: $0.bool(2)) })
            if !counts.isEmpty { reactions[seq] = counts }
        }
        return reactions
    }

    func pinned(among messages: [SequenceNumber], in room: RoomID) throws -> Set<SequenceNumber> {
        var pinned: Set<SequenceNumber> = []
        for seq in messages {
            let isPinned = try first(
                "SELECT 1 FROM pin WHERE room = ? AND seq = ?",
                { row in
                    row.bind(1, room.rawValue)
                    row.bind(2, seq)
                }, { _ in true })
            if isPinned == true { pinned.insert(seq) }
        }
        return pinned
    }

    func pins(in room: RoomID) throws -> [SequenceNumber] {
        try all(
            "SELECT seq FROM pin WHERE room = ? ORDER BY id DESC", { $0.bind(1, room.rawValue) }, { $0.int64(0) })
    }

    func revisions(of seq: SequenceNumber, in room: RoomID) throws -> [Revision] {
        try all(
            "SELECT replaced_by, at, by, text FROM revision WHERE room = ? AND seq = ? ORDER BY replaced_by",
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, seq)
            },
            { row in
                Revision(
                    room: room, seq: seq, replacedBy: row.int64(0), at: row.int64(1), by: MemberID(row.int64(2)),
                    text: row.text(3))
            })
    }
}
