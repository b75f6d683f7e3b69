import Community
import LyceumProtocol

/// Q&A sessions, their questions and answers.
extension SQLiteReader {
    private static let sessionColumns = """
        room, seq, title, host, cohosts, state, starts_at, ends_at, opened_at, closed_at, anonymous_allowed,
        premoderated, downvotes, self_votes, member_answers, concurrent, question_chars, questions_per_member, labels,
        is_start_announced, is_end_announced
        """
    private static let questionColumns = """
        q.room, q.seq, q.qa, q.author, q.is_anonymous, q.text, q.asked_at, q.text_seq, q.state, q.slot, q.merged_into,
        q.labels, q.thread, q.accepted, q.answered_at, t.up, t.down
        """
    private static let questions = """
        SELECT \(questionColumns) FROM question q JOIN question_tally t ON t.room = q.room AND t.question = q.seq
        """
    private static let answers = """
        SELECT a.room, a.seq, a.question, a.author, a.at, a.text, a.is_spoken, a.message, a.is_by_mentor, a.is_removed,
            a.text_seq
        FROM question_answer a
        """

    // MARK: Sessions

    func qaSession(_ seq: SequenceNumber, in room: RoomID) throws -> QASession? {
        try sessions("WHERE room = ? AND seq = ?", room.rawValue, seq).first
    }

    func qaSessions(in room: RoomID, limit: Int) throws -> [QASession] {
        try sessions("WHERE room = ? ORDER BY seq DESC LIMIT ?", room.rawValue, Int64(limit))
    }

    func runningQASessions() throws -> [QASession] { try sessions("WHERE state <> 'closed' ORDER BY room, seq") }

    private func sessions(_ rest: String, _ parameters: Int64...) throws(StoreError) -> [QASession] {
        try read("SELECT \(Self.sessionColumns) FROM qa_session \(rest)", parameters, Self.session)
    }

    private static func session(_ row: SQLStatement) throws(StoreError) -> QASession {
        guard let state = QASession.State(rawValue: row.text(5)) else {
            throw .unavailable("Session \(row.int64(1)) of room \(row.int64(0)) is in unknown state \(row.text(5)).")
        }
        var session = QASession(
            room: RoomID(row.int64(0)), seq: row.int64(1), title: row.text(2), host: MemberID(row.int64(3)),
            state: state)
        session.cohosts = row.text(4).split(separator: ",").compactMap { Int64($0).map { MemberID($0) } }
        (session.startsAt, session.endsAt) = (row.optionalInt64(6), row.optionalInt64(7))
        (session.openedAt, session.closedAt) = (row.optionalInt64(8), row.optionalInt64(9))
        session.rules.anonymousAllowed = row.bool(10)
        session.rules.premoderated = row.bool(11)
        session.rules.downvotes = row.bool(12)
        session.rules.selfVotes = row.bool(13)
        session.rules.memberAnswers = row.bool(14)
        session.rules.concurrent = row.bool(15)
        session.rules.questionCharacters = row.int64(16)
        session.rules.questionsPerMember = row.int64(17)
        session.labels = LabelText.labels(row.text(18))
        (session.isStartAnnounced, session.isEndAnnounced) = (row.bool(19), row.bool(20))
        return session
    }

    // MARK: Questions

    func question(_ seq: SequenceNumber, in room: RoomID) throws -> Question? {
        try read("\(Self.questions) WHERE q.room = ? AND q.seq = ?", [room.rawValue, seq], Self.question).first
    }

    func questions(of qa: SequenceNumber, in room: RoomID) throws -> [Question] {
        try read(
            "\(Self.questions) WHERE q.room = ? AND q.qa = ? ORDER BY q.seq", [room.rawValue, qa], Self.question)
    }

    func shownQuestions(after place: (room: RoomID, seq: SequenceNumber), limit: Int) throws -> [Question] {
        try read(
            """
            \(Self.questions) WHERE (q.room, q.seq) > (?, ?) AND q.state IN ('open', 'live', 'answered')
            ORDER BY q.room, q.seq LIMIT ?
            """, [place.room.rawValue, place.seq, Int64(limit)], Self.question)
    }

    func untoldTallies(limit: Int) throws -> [Question] {
        try read(
            """
            SELECT \(Self.questionColumns) FROM question_tally t INDEXED BY question_tally_untold
                JOIN question q ON t.room = q.room AND t.question = q.seq
            WHERE t.up <> t.told_up OR t.down <> t.told_down LIMIT ?
            """, [Int64(limit)], Self.question)
    }

    func countQuestions(of qa: SequenceNumber, in room: RoomID) throws -> Int {
        try count("SELECT count(*) FROM question WHERE room = ? AND qa = ?", room.rawValue, qa)
    }

    func countQuestions(of qa: SequenceNumber, in room: RoomID, by member: MemberID) throws -> Int {
        let asked = try count(
            """
            SELECT count(*) FROM question q WHERE q.room = ?1 AND q.qa = ?2
                AND (q.author = ?3 OR q.is_anonymous AND EXISTS (
                    SELECT 1 FROM question_seal s WHERE s.room = ?1 AND s.question = q.seq AND s.author = ?3))
                AND NOT EXISTS (
                    SELECT 1 FROM question_change c
                    WHERE c.room = ?1 AND c.question = q.seq AND c.kind = 'withdrawn')
            """, room.rawValue, qa, member.rawValue)
        let waiting = try count(
            """
            SELECT count(*) FROM review_item
            WHERE room = ? AND about = ? AND member = ? AND subject = 'question' AND kind = 'held' AND state = 'open'
            """, room.rawValue, qa, member.rawValue)
        return asked + waiting
    }

    func ownQuestions(of qa: SequenceNumber, in room: RoomID, by member: MemberID) throws -> Set<SequenceNumber> {
        let own = try read(
            """
            SELECT seq FROM question WHERE room = ?1 AND qa = ?2 AND author = ?3
            UNION ALL SELECT q.seq FROM question_seal s JOIN question q ON q.room = s.room AND q.seq = s.question
            WHERE s.author = ?3 AND s.room = ?1 AND q.qa = ?2
            """, [room.rawValue, qa, member.rawValue]
        ) { row throws(StoreError) in row.int64(0) }
        return Set(own)
    }

    func author(of question: Question) throws -> MemberID {
        guard question.isAnonymous else { return question.author }
        let author = try first(
            "SELECT author FROM question_seal WHERE room = ? AND question = ?",
            { row in
                row.bind(1, question.room.rawValue)
                row.bind(2, question.seq)
            }, { MemberID($0.int64(0)) })
        guard let author else {
            throw StoreError.unavailable("The seal of question \(question.seq) of room \(question.room) is lost.")
        }
        return author
    }

    private static func question(_ row: SQLStatement) throws(StoreError) -> Question {
        guard let standing = row.standing(from: 8) else {
            throw .unavailable("Question \(row.int64(1)) of room \(row.int64(0)) is in unknown state \(row.text(8)).")
        }
        var question = Question(
            room: RoomID(row.int64(0)), seq: row.int64(1), qa: row.int64(2), author: MemberID(row.int64(3)),
            isAnonymous: row.bool(4), text: row.text(5), askedAt: row.int64(6),
            state: standing.state)
        question.textSeq = row.optionalInt64(7)
        question.standing = standing
        question.counts = VoteCounts(up: row.int64(15), down: row.int64(16))
        return question
    }

    // MARK: Answers and changes

    func answers(to question: SequenceNumber, in room: RoomID) throws -> [QuestionAnswer] {
        try read(
            "\(Self.answers) WHERE a.room = ? AND a.question = ? ORDER BY a.seq", [room.rawValue, question],
            Self.answer)
    }

    func answers(inQA qa: SequenceNumber, of room: RoomID) throws -> [QuestionAnswer] {
        try read(
            """
            \(Self.answers) JOIN question q ON q.room = a.room AND q.seq = a.question
            WHERE q.room = ? AND q.qa = ? ORDER BY a.seq
            """, [room.rawValue, qa], Self.answer)
    }

    func answer(_ seq: SequenceNumber, in room: RoomID) throws -> QuestionAnswer? {
        try read("\(Self.answers) WHERE a.room = ? AND a.seq = ?", [room.rawValue, seq], Self.answer).first
    }

    private static func answer(_ row: SQLStatement) throws(StoreError) -> QuestionAnswer {
        var answer = QuestionAnswer(
            room: RoomID(row.int64(0)), seq: row.int64(1), question: row.int64(2), author: MemberID(row.int64(3)),
            at: row.int64(4), text: row.text(5), isSpoken: row.bool(6), message: row.optionalInt64(7),
            isByMentor: row.bool(8))
        answer.isRemoved = row.bool(9)
        answer.textSeq = row.int64(10)
        return answer
    }

    func newestChange(of question: SequenceNumber, in room: RoomID) throws -> QuestionChange? {
        try read(
            """
            SELECT seq, kind, state, slot, merged_into, labels, thread, accepted, answered_at FROM question_change
            WHERE room = ? AND question = ? ORDER BY seq DESC LIMIT 1
            """, [room.rawValue, question]
        ) { row throws(StoreError) in
            guard let kind = QuestionChange.Kind(rawValue: row.text(1)), let before = row.standing(from: 2) else {
                throw .unavailable("Change \(row.int64(0)) of room \(room) is of unknown kind \(row.text(1)).")
            }
            return QuestionChange(room: room, question: question, seq: row.int64(0), kind: kind, before: before)
        }.first
    }

    // MARK: How

    func read<Value>(
        _ sql: String, _ parameters: [Int64], _ make: (SQLStatement) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        let row = try prepare(sql)
        defer { row.reset() }
        for (index, parameter) in parameters.enumerated() { row.bind(Int32(index + 1), parameter) }
        var values: [Value] = []
        while try row.step() { values.append(try make(row)) }
        return values
    }

    private func count(_ sql: String, _ parameters: Int64...) throws(StoreError) -> Int {
        try read(sql, parameters) { row throws(StoreError) in Int(row.int64(0)) }.first ?? 0
    }
}

/// Labels as one column: a label has no line breaks.
enum LabelText {
    static func column(_ labels: [String]) -> String { labels.joined(separator: "\n") }
    static func labels(_ column: String) -> [String] { column.split(separator: "\n").map(String.init) }
}
