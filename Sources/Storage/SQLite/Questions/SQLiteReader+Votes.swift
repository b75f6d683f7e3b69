import Community
import LyceumProtocol

/// Votes, and what counts of them.
extension SQLiteReader {
    /// The question ?2 of room ?1 and all that were merged into it, directly or not, as `united(seq)`.
    private static let united = """
        WITH RECURSIVE united(seq) AS (
            SELECT ?2 UNION SELECT q.seq FROM question q JOIN united u ON q.room = ?1 AND q.merged_into = u.seq)
        """
    /// A vote on the question itself goes before those on merged ones, and of those the newest counts.
    private static let precedence = "v.question = ?2 DESC, v.at DESC, v.question DESC"

    func vote(of member: MemberID, on question: SequenceNumber, in room: RoomID) throws -> Int64 {
        try read(
            """
            \(Self.united)
            SELECT v.value FROM united u JOIN question_vote v ON v.room = ?1 AND v.question = u.seq AND v.member = ?3
            WHERE NOT v.is_void ORDER BY \(Self.precedence) LIMIT 1
            """, [room.rawValue, question, member.rawValue]
        ) { row throws(StoreError) in row.int64(0) }.first ?? 0
    }

    func recount(_ question: Question) throws -> VoteCounts {
        let excluded = try excludedVoter(of: question)
        return try read(
            """
            \(Self.united), ranked AS (
                SELECT v.value, row_number() OVER (PARTITION BY v.member ORDER BY \(Self.precedence)) AS rank
                FROM united u JOIN question_vote v ON v.room = ?1 AND v.question = u.seq
                WHERE NOT v.is_void AND v.member <> ?3)
            SELECT coalesce(sum(value > 0), 0), coalesce(sum(value < 0), 0) FROM ranked WHERE rank = 1
            """, [question.room.rawValue, question.seq, excluded.rawValue]
        ) { row throws(StoreError) in VoteCounts(up: row.int64(0), down: row.int64(1)) }.first ?? VoteCounts()
    }

    /// The author, whose votes on what was merged into their question would be votes on their own; 0 where those count.
    private func excludedVoter(of question: Question) throws -> MemberID {
        guard let session = try qaSession(question.qa, in: question.room), !session.rules.selfVotes else {
            return MemberID(0)
        }
        return try author(of: question)
    }

    func votes(of member: MemberID, inQA qa: SequenceNumber, of room: RoomID) throws -> [QuestionVote] {
        try read(
            """
            SELECT v.question, v.member, v.value, v.at FROM question q
                JOIN question_vote v ON v.room = q.room AND v.question = q.seq AND v.member = ?3
            WHERE q.room = ?1 AND q.qa = ?2 AND NOT v.is_void
            """, [room.rawValue, qa, member.rawValue], Self.vote)
    }

    func votes(inQA qa: SequenceNumber, of room: RoomID) throws -> [QuestionVote] {
        try read(
            """
            SELECT v.question, v.member, v.value, v.at FROM question q
                JOIN question_vote v ON v.room = q.room AND v.question = q.seq
            WHERE q.room = ?1 AND q.qa = ?2 AND NOT v.is_void AND v.value <> 0 ORDER BY v.at
            """, [room.rawValue, qa], Self.vote)
    }

    private static func vote(_ row: SQLStatement) throws(StoreError) -> QuestionVote {
        QuestionVote(question: row.int64(0), member: MemberID(row.int64(1)), value: row.int64(2), at: row.int64(3))
    }
}
