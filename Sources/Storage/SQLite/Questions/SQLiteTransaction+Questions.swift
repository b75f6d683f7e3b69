import Community
import LyceumProtocol

/// Changes of Q&A sessions, questions, answers and votes.
extension SQLiteTransaction {
    func put(_ session: QASession) throws {
        try run(
            """
            INSERT OR REPLACE INTO qa_session VALUES (
                ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { row in
            row.bind(1, session.room.rawValue)
            row.bind(2, session.seq)
            row.bind(3, session.title)
            row.bind(4, session.host.rawValue)
            row.bind(5, session.cohosts.map(\.description).joined(separator: ","))
            row.bind(6, session.state.rawValue)
            row.bind(7, session.startsAt)
            row.bind(8, session.endsAt)
            row.bind(9, session.openedAt)
            row.bind(10, session.closedAt)
            row.bind(11, session.rules.anonymousAllowed)
            row.bind(12, session.rules.premoderated)
            row.bind(13, session.rules.downvotes)
            row.bind(14, session.rules.selfVotes)
            row.bind(15, session.rules.memberAnswers)
            row.bind(16, session.rules.concurrent)
            row.bind(17, session.rules.questionCharacters)
            row.bind(18, session.rules.questionsPerMember)
            row.bind(19, LabelText.column(session.labels))
            row.bind(20, session.isStartAnnounced)
            row.bind(21, session.isEndAnnounced)
        }
    }

    func add(_ question: Question, by author: MemberID) throws {
        try run(
            """
            INSERT INTO question (
                room, seq, qa, author, is_anonymous, text, asked_at, text_seq, state, slot, merged_into, labels, thread,
                accepted, answered_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { row in
            row.bind(1, question.room.rawValue)
            row.bind(2, question.seq)
            row.bind(3, question.qa)
            row.bind(4, question.isAnonymous ? 0 : author.rawValue)
            row.bind(5, question.isAnonymous)
            row.bind(6, question.text)
            row.bind(7, question.askedAt)
            row.bind(8, question.textSeq)
            row.bind(from: 9, question.standing)
        }
        try run("INSERT INTO question_tally VALUES (?, ?, 0, 0, 0, 0)") { row in
            row.bind(1, question.room.rawValue)
            row.bind(2, question.seq)
        }
        guard question.isAnonymous else { return }
        try run("INSERT INTO question_seal VALUES (?, ?, ?)") { row in
            row.bind(1, question.room.rawValue)
            row.bind(2, question.seq)
            row.bind(3, author.rawValue)
        }
    }

    func put(_ question: Question) throws {
        try run(
            """
            UPDATE question SET text = ?, text_seq = ?, state = ?, slot = ?, merged_into = ?, labels = ?, thread = ?,
                accepted = ?, answered_at = ? WHERE room = ? AND seq = ?
            """
        ) { row in
            row.bind(1, question.text)
            row.bind(2, question.textSeq)
            row.bind(from: 3, question.standing)
            row.bind(10, question.room.rawValue)
            row.bind(11, question.seq)
        }
    }

    func put(_ answer: QuestionAnswer) throws {
        try run("INSERT OR REPLACE INTO question_answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, answer.room.rawValue)
            row.bind(2, answer.seq)
            row.bind(3, answer.question)
            row.bind(4, answer.author.rawValue)
            row.bind(5, answer.at)
            row.bind(6, answer.text)
            row.bind(7, answer.isSpoken)
            row.bind(8, answer.message)
            row.bind(9, answer.isByMentor)
            row.bind(10, answer.isRemoved)
            row.bind(11, answer.textSeq)
        }
    }

    func add(_ change: QuestionChange) throws {
        try run("INSERT INTO question_change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, change.room.rawValue)
            row.bind(2, change.question)
            row.bind(3, change.seq)
            row.bind(4, change.kind.rawValue)
            row.bind(from: 5, change.before)
        }
    }

    func remove(_ change: QuestionChange) throws {
        try run("DELETE FROM question_change WHERE room = ? AND question = ? AND seq = ?") { row in
            row.bind(1, change.room.rawValue)
            row.bind(2, change.question)
            row.bind(3, change.seq)
        }
    }

    // MARK: Votes

    func put(_ vote: QuestionVote, in room: RoomID) throws {
        try run("INSERT OR REPLACE INTO question_vote VALUES (?, ?, ?, ?, ?, 0)") { row in
            row.bind(1, room.rawValue)
            row.bind(2, vote.question)
            row.bind(3, vote.member.rawValue)
            row.bind(4, vote.value)
            row.bind(5, vote.at)
        }
    }

    func put(_ counts: VoteCounts, of question: SequenceNumber, in room: RoomID) throws {
        try run("UPDATE question_tally SET up = ?, down = ? WHERE room = ? AND question = ?") { row in
            row.bind(1, counts.up)
            row.bind(2, counts.down)
            row.bind(3, room.rawValue)
            row.bind(4, question)
        }
    }

    func markTold(_ question: SequenceNumber, in room: RoomID) throws {
        try run("UPDATE question_tally SET told_up = up, told_down = down WHERE room = ? AND question = ?") { row in
            row.bind(1, room.rawValue)
            row.bind(2, question)
        }
    }

    func withdrawVotes(of member: MemberID, in room: RoomID) throws -> [SequenceNumber] {
        let questions = try read(
            """
            SELECT v.question FROM question_vote v JOIN question q ON q.room = v.room AND q.seq = v.question
                JOIN qa_session s ON s.room = q.room AND s.seq = q.qa
            WHERE v.member = ? AND v.room = ? AND s.state <> 'closed'
            """, [member.rawValue, room.rawValue]
        ) { row throws(StoreError) in row.int64(0) }
        for question in questions {
            try run("DELETE FROM question_vote WHERE room = ? AND question = ? AND member = ?") { row in
                row.bind(1, room.rawValue)
                row.bind(2, question)
                row.bind(3, member.rawValue)
            }
        }
        return questions
    }

    func setVotes(of member: MemberID, counting: Bool) throws -> [(room: RoomID, question: SequenceNumber)] {
        let places = try read(
            "SELECT room, question FROM question_vote WHERE member = ? AND is_void = ?",
            [member.rawValue, counting ? 1 : 0]
        ) { row throws(StoreError) in (room: RoomID(row.int64(0)), question: row.int64(1)) }
        try run("UPDATE question_vote SET is_void = ? WHERE member = ?") { row in
            row.bind(1, !counting)
            row.bind(2, member.rawValue)
        }
        return places
    }
}

extension SQLStatement {
    /// Binds how a question stands to seven parameters from `index` on, in the order of ``standing(from:)``.
    fileprivate func bind(from index: Int32, _ standing: QuestionChange.Standing) {
        bind(index, standing.state.rawValue)
        bind(index + 1, standing.slot?.rawValue)
        bind(index + 2, standing.into)
        bind(index + 3, LabelText.column(standing.labels))
        bind(index + 4, standing.thread)
        bind(index + 5, standing.accepted)
        bind(index + 6, standing.answeredAt)
    }

    /// Reads how a question stands from seven columns: `state slot merged_into labels thread accepted answered_at`.
    ///
    /// - Returns: `nil` if the state is none that this version knows.
    func standing(from column: Int32) -> QuestionChange.Standing? {
        guard let state = Question.State(rawValue: text(column)) else { return nil }
        return .init(
            state: state, slot: optionalText(column + 1).flatMap(Question.Slot.init(rawValue:)),
            into: optionalInt64(column + 2), labels: LabelText.labels(text(column + 3)),
            thread: optionalInt64(column + 4), accepted: optionalInt64(column + 5),
            answeredAt: optionalInt64(column + 6))
    }
}
