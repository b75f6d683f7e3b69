import Community
import LyceumProtocol

/// Changes of polls, their counts and their ballots.
extension SQLiteTransaction {
    func put(_ poll: Poll) throws {
        try run("INSERT OR REPLACE INTO poll VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            Self.bind(poll, to: row)
            row.bind(3, poll.author.rawValue)
            row.bind(4, poll.openedAt)
            row.bind(5, poll.kind.rawValue)
            row.bind(6, poll.question)
            row.bind(7, Packed.bytes(poll.options))
            row.bind(8, poll.isAnonymous)
            row.bind(9, poll.hidesResults)
            row.bind(10, poll.rightOption.map(Int64.init))
            row.bind(11, poll.closesAt)
            row.bind(12, poll.closedAt)
        }
        let empty = PollTally(of: poll)
        try run("INSERT OR IGNORE INTO poll_tally VALUES (?, ?, 0, ?, 0, NULL)") { row in
            Self.bind(poll, to: row)
            row.bind(3, Packed.bytes(empty.counts + (empty.ranking?.pairs ?? [])))
        }
    }

    func put(_ tally: PollTally, of poll: Poll) throws {
        try run("UPDATE poll_tally SET voters = ?3, counts = ?4, is_untold = 1 WHERE room = ?1 AND poll = ?2") { row in
            Self.bind(poll, to: row)
            row.bind(3, tally.voters)
            row.bind(4, Packed.bytes(tally.counts + (tally.ranking?.pairs ?? [])))
        }
    }

    func setTold(_ event: SequenceNumber?, of poll: Poll) throws {
        try run(
            "UPDATE poll_tally SET is_untold = 0, told_by = coalesce(?3, told_by) WHERE room = ?1 AND poll = ?2"
        ) { row in
            Self.bind(poll, to: row)
            row.bind(3, event)
        }
    }

    func put(_ ballot: Ballot, on poll: Poll) throws {
        try run("INSERT OR REPLACE INTO poll_ballot VALUES (?, ?, ?, ?, ?, ?)") { row in
            Self.bind(poll, to: row)
            row.bind(3, ballot.member.rawValue)
            row.bind(4, ballot.at)
            row.bind(5, ballot.choices.map { UInt8(truncatingIfNeeded: $0) })
            row.bind(6, ballot.text)
        }
    }

    func removeBallot(of member: MemberID, on poll: Poll) throws {
        try run("DELETE FROM poll_ballot WHERE room = ? AND poll = ? AND member = ?") { row in
            Self.bind(poll, to: row)
            row.bind(3, member.rawValue)
        }
    }

    func count(_ word: String, by difference: Int64, on poll: Poll) throws {
        try run(
            """
            INSERT INTO poll_word VALUES (?, ?, ?, ?)
            ON CONFLICT (room, poll, word) DO UPDATE SET count = count + excluded.count
            """
        ) { row in
            Self.bind(poll, to: row)
            row.bind(3, word)
            row.bind(4, difference)
        }
        guard difference < 0 else { return }
        try run("DELETE FROM poll_word WHERE room = ? AND poll = ? AND word = ? AND count <= 0") { row in
            Self.bind(poll, to: row)
            row.bind(3, word)
        }
    }

    func remove(_ poll: Poll) throws {
        try run("DELETE FROM poll WHERE room = ? AND seq = ?") { Self.bind(poll, to: $0) }
        for table in ["poll_tally", "poll_ballot", "poll_word"] {
            try run("DELETE FROM \(table) WHERE room = ? AND poll = ?") { Self.bind(poll, to: $0) }
        }
    }
}
