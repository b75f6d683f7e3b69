import Community
import LyceumProtocol

/// Polls, their counts and their ballots.
extension SQLiteReader {
    private static let pollColumns = """
        poll.room, poll.seq, poll.author, poll.opened_at, poll.kind, poll.question, poll.options, poll.is_anonymous,
        poll.hides_results, poll.right_option, poll.closes_at, poll.closed_at
        """

    func poll(_ seq: SequenceNumber, in room: RoomID) throws -> Poll? {
        try all(
            "SELECT \(Self.pollColumns) FROM poll WHERE room = ? AND seq = ?",
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, seq)
            }, Self.poll
        ).first ?? nil
    }

    func polls(in room: RoomID, isOpen: Bool, before seq: SequenceNumber, limit: Int) throws -> [Poll] {
        try all(
            """
            SELECT \(Self.pollColumns) FROM poll WHERE room = ? AND seq < ? AND closed_at IS \(isOpen ? "" : "NOT") NULL
            ORDER BY seq DESC LIMIT ?
            """,
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, seq)
                row.bind(3, Int64(limit))
            }, Self.poll
        ).compactMap(\.self)
    }

    func tally(of poll: Poll) throws -> PollTally {
        let stored = try first(
            "SELECT voters, counts FROM poll_tally WHERE room = ? AND poll = ?", { Self.bind(poll, to: $0) },
            { (voters: $0.int64(0), counts: Packed.integers($0.bytes(1))) })
        let options = poll.options.count
        guard let stored, stored.counts.count == options + (poll.kind == .ranked ? options * options : 0) else {
            throw StoreError.unavailable("Poll \(poll.seq) of room \(poll.room) has no counts that fit it.")
        }
        return PollTally(
            counts: Array(stored.counts.prefix(options)), voters: stored.voters,
            ranking: poll.kind == .ranked
                ? SchulzeRanking(options: options, pairs: Array(stored.counts.dropFirst(options))) : nil)
    }

    func ballot(of member: MemberID, on poll: Poll) throws -> Ballot? {
        try first(
            "SELECT member, at, choices, text FROM poll_ballot WHERE room = ? AND poll = ? AND member = ?",
            { row in
                Self.bind(poll, to: row)
                row.bind(3, member.rawValue)
            }, { Self.ballot($0) })
    }

    func ballots(on poll: Poll, after member: MemberID, limit: Int) throws -> [Ballot] {
        try all(
            """
            SELECT member, at, choices, text FROM poll_ballot WHERE room = ? AND poll = ? AND member > ?
            ORDER BY member LIMIT ?
            """,
            { row in
                Self.bind(poll, to: row)
                row.bind(3, member.rawValue)
                row.bind(4, Int64(limit))
            }, { Self.ballot($0) })
    }

    func openBallots(of member: MemberID, in room: RoomID?) throws -> [(poll: Poll, ballot: Ballot)] {
        try all(
            """
            SELECT \(Self.pollColumns), member, at, choices, text
            FROM poll_ballot JOIN poll ON poll.room = poll_ballot.room AND poll.seq = poll_ballot.poll
            WHERE poll_ballot.member = ? AND poll.closed_at IS NULL \(room == nil ? "" : "AND poll_ballot.room = ?")
            ORDER BY poll.room, poll.seq
            """,
            { row in
                row.bind(1, member.rawValue)
                if let room { row.bind(2, room.rawValue) }
            },
            { row in Self.poll(row).map { ($0, Self.ballot(row, from: 12)) } }
        ).compactMap(\.self)
    }

    func words(of poll: Poll, limit: Int) throws -> [PollWord] {
        try all(
            "SELECT word, count FROM poll_word WHERE room = ? AND poll = ? ORDER BY count DESC, word LIMIT ?",
            { row in
                Self.bind(poll, to: row)
                row.bind(3, Int64(limit))
            }, { PollWord(text: $0.text(0), count: $0.int64(1)) })
    }

    func tallyEvent(of poll: Poll) throws -> SequenceNumber? {
        try first(
            "SELECT told_by FROM poll_tally WHERE room = ? AND poll = ?", { Self.bind(poll, to: $0) },
            { $0.optionalInt64(0) }) ?? nil
    }

    func pollsToTell() throws -> [(room: RoomID, seq: SequenceNumber)] {
        try all(
            "SELECT room, poll FROM poll_tally WHERE is_untold", { _ in }, { (RoomID($0.int64(0)), $0.int64(1)) })
    }

    func pollsToClose() throws -> [(poll: (room: RoomID, seq: SequenceNumber), at: UnixMilliseconds)] {
        try all(
            "SELECT room, seq, closes_at FROM poll WHERE closed_at IS NULL AND closes_at IS NOT NULL", { _ in },
            { ((RoomID($0.int64(0)), $0.int64(1)), $0.int64(2)) })
    }

    static func bind(_ poll: Poll, to row: SQLStatement) {
        row.bind(1, poll.room.rawValue)
        row.bind(2, poll.seq)
    }

    /// Reads the row of `pollColumns` that the statement stands on; `nil` for what no version of Lyceum wrote.
    private static func poll(_ row: SQLStatement) -> Poll? {
        guard let kind = Poll.Kind(rawValue: row.text(4)) else { return nil }
        return Poll(
            room: RoomID(row.int64(0)), seq: row.int64(1), author: MemberID(row.int64(2)), openedAt: row.int64(3),
            kind: kind, question: row.text(5), options: Packed.texts(row.bytes(6)), isAnonymous: row.bool(7),
            hidesResults: row.bool(8), rightOption: row.optionalInt64(9).map(Int.init), closesAt: row.optionalInt64(10),
            closedAt: row.optionalInt64(11))
    }

    private static func ballot(_ row: SQLStatement, from column: Int32 = 0) -> Ballot {
        Ballot(
            member: MemberID(row.int64(column)), choices: row.bytes(column + 2).map(Int.init),
            text: row.text(column + 3), at: row.int64(column + 1))
    }
}

/// Short lists in one column.
enum Packed {
    /// Eight bytes each, little-endian.
    static func bytes(_ integers: [Int64]) -> [UInt8] {
        integers.flatMap { integer in withUnsafeBytes(of: integer.littleEndian) { Array($0) } }
    }

    static func integers(_ bytes: [UInt8]) -> [Int64] {
        bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count - raw.count % 8, by: 8).map {
                Int64(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Int64.self))
            }
        }
    }

    /// With a zero byte between; no text that is stored contains one.
    static func bytes(_ texts: [String]) -> [UInt8] {
        Array(texts.map { Array($0.utf8) }.joined(separator: [0]))
    }

    static func texts(_ bytes: [UInt8]) -> [String] {
        guard !bytes.isEmpty else { return [] }
        return bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
}
