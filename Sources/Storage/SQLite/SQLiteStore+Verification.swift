import Community
import GRDB
import LyceumProtocol

extension SQLiteStore {
    /// Checks that the database is whole and that the projections agree with the record.
    ///
    /// - Returns: A sentence for every fault, at most a few of each kind; empty if all is well.
    public func verify() throws -> [String] {
        try read { reader throws in
            guard let reader = reader as? SQLiteReader else { preconditionFailure("The store reads with its own.") }
            return try RecordVerifier(reader: reader).faults()
        }
    }
}

/// What must hold in every store, asked as questions whose answers are the faults.
struct RecordVerifier {
    let reader: SQLiteReader

    func faults() throws -> [String] {
        let integrity = try reader.all("PRAGMA integrity_check(5)", { _ in }, { $0.text(0) })
        // In a damaged file the other questions have no meaning.
        guard integrity == ["ok"] else { return integrity }
        _ = try reader.epoch()
        var faults: [String] = []
        for question in Self.questions {
            faults += try reader.all("\(question) LIMIT 5", { _ in }, { $0.text(0) })
        }
        return try faults + headFaults() + PollVerifier(reader: reader).faults()
            + QuestionVerifier(reader: reader).faults()
    }

    /// Heads are checked here and not by a query, as the newest of them wait in ``Advances``.
    private func headFaults() throws(StoreError) -> [String] {
        var community = CommunityHeads()
        try community.load(from: reader)
        var faults: [String] = []
        for (room, head) in community.rooms.sorted(by: { $0.key < $1.key }) where faults.count < 5 {
            faults += try recordFaults(of: room, endingAt: head)
        }
        for (place, position) in community.reads where faults.count < 5 {
            guard let head = community.rooms[place.room] else {
                faults.append("Member \(place.member) is in room \(place.room), which does not exist.")
                continue
            }
            if position.seq > head.seq || position.ordinal > head.ordinal {
                faults.append("Member \(place.member) has read past the end of room \(place.room).")
            }
        }
        return try faults + streamFaults(community)
    }

    /// Walks the whole record of a room: numbered without holes, messages counted, ending where the room says.
    private func recordFaults(of room: RoomID, endingAt head: Advances.Position) throws(StoreError) -> [String] {
        let row = try reader.prepare(
            """
            SELECT seq, ordinal, kind = 10 AND thread IS NULL FROM event WHERE room = ?1
            UNION ALL SELECT seq, ordinal, kind = 10 AND thread IS NULL FROM event_tail WHERE room = ?1
            ORDER BY seq
            """)
        defer { row.reset() }
        row.bind(1, room.rawValue)
        var (seq, ordinal) = (SequenceNumber(0), Int64(0))
        while try row.step() {
            seq += 1
            ordinal += row.bool(2) ? 1 : 0
            guard row.int64(0) == seq else { return ["Room \(room) has event \(row.int64(0)) in the place of \(seq)."] }
            guard row.int64(1) == ordinal else {
                return ["Event \(seq) of room \(room) counts \(row.int64(1)) messages, there are \(ordinal)."]
            }
        }
        guard head == Advances.Position(seq: seq, ordinal: ordinal) else {
            return ["Room \(room) stands at \(head.seq), its newest event is \(seq) with \(ordinal) messages."]
        }
        return []
    }

    private func streamFaults(_ community: CommunityHeads) throws(StoreError) -> [String] {
        let newest = try reader.all(
            "SELECT member, max(seq) FROM me_event GROUP BY member", { _ in }, { (MemberID($0.int64(0)), $0.int64(1)) })
        return newest.filter { community.streams[$0.0] != $0.1 }.prefix(5).map { member, seq in
            "Member \(member)'s stream ends at \(seq), not at \(community.streams[member] ?? 0)."
        }
    }

    private static let questions = [
        """
        SELECT 'Room ' || room || ' has events but does not exist.'
        FROM (SELECT room FROM event UNION SELECT room FROM event_tail) WHERE room NOT IN (SELECT id FROM room)
        """,
        """
        SELECT 'Event ' || event_tail.seq || ' of room ' || room || ' is older than some that were moved before it.'
        FROM event_tail WHERE seq <= (SELECT max(seq) FROM event WHERE event.room = event_tail.room)
        """,
        """
        SELECT 'Member ' || member || ' has ' || count(*) || ' own events numbered ' || min(seq) || ' to ' || max(seq)
            || '.'
        FROM me_event GROUP BY member HAVING max(seq) - min(seq) + 1 <> count(*)
        """,
        """
        SELECT 'Thread ' || root || ' of room ' || room || ' has no message as its root.' FROM thread
        WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.room = thread.room AND seq = root AND kind = 10)
            AND NOT EXISTS (SELECT 1 FROM event_tail WHERE event_tail.room = thread.room AND seq = root AND kind = 10)
        """,
        """
        SELECT 'Thread ' || root || ' of room ' || room || ' counts ' || replies || ' replies but has ' || found || '.'
        FROM (SELECT room, root, replies,
            (SELECT count(*) FROM event WHERE event.room = thread.room AND event.thread = root AND kind = 10)
            + (SELECT count(*) FROM event_tail
                WHERE event_tail.room = thread.room AND event_tail.thread = root AND kind = 10) AS found
            FROM thread)
        WHERE replies <> found
        """,
        """
        SELECT 'Session ' || id || ' is of member ' || member || ', who does not exist.' FROM session
        WHERE member NOT IN (SELECT id FROM member)
        """,
        """
        SELECT 'Bot ' || member || ' or its owner ' || owner || ' does not exist.' FROM bot
        WHERE member NOT IN (SELECT id FROM member) OR owner NOT IN (SELECT id FROM member)
        """,
        """
        SELECT 'The next ' || name || ' would get a number that is taken.' FROM meta
        WHERE (name = 'member' AND value < (SELECT max(id) FROM member))
            OR (name = 'room' AND value < (SELECT max(id) FROM room))
            OR (name = 'session' AND value < (SELECT max(id) FROM session))
            OR (name = 'bot_invocation' AND value < (SELECT max(id) FROM bot_invocation))
        """,
    ]
}

/// Where rooms, read marks and members' streams stand, tables and waiting advances together.
private struct CommunityHeads {
    private(set) var rooms: [RoomID: Advances.Position] = [:]
    private(set) var reads: [Advances.Place: Advances.Position] = [:]
    private(set) var streams: [MemberID: SequenceNumber] = [:]

    mutating func load(from reader: SQLiteReader) throws(StoreError) {
        let rooms = try reader.all(
            "SELECT room, seq, ordinal FROM room_head", { _ in },
            { (RoomID($0.int64(0)), Advances.Position(seq: $0.int64(1), ordinal: $0.int64(2))) })
        let reads = try reader.all(
            "SELECT member, room, read_seq, read_ordinal FROM membership", { _ in },
            { row in
                (
                    Advances.Place(member: MemberID(row.int64(0)), room: RoomID(row.int64(1))),
                    Advances.Position(seq: row.int64(2), ordinal: row.int64(3))
                )
            })
        let streams = try reader.all(
            "SELECT id, me_seq FROM member", { _ in }, { (MemberID($0.int64(0)), $0.int64(1)) })
        let waiting = try reader.waitingAdvances()
        self.rooms = Dictionary(uniqueKeysWithValues: rooms).merging(waiting.rooms) { $1 }
        self.reads = Dictionary(uniqueKeysWithValues: reads)
        // A mark of someone who has left since moves nothing.
        for (place, position) in waiting.reads where self.reads[place] != nil { self.reads[place] = position }
        self.streams = Dictionary(uniqueKeysWithValues: streams).merging(waiting.streams) { $1 }
    }
}
