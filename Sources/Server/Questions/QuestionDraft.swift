import Community
import LyceumProtocol

/// A question on its way into a session: from the one who asks, or from the review queue that releases it.
struct QuestionDraft {
    let room: RoomID
    let qa: SequenceNumber
    let author: MemberID
    var text: String
    let isAnonymous: Bool

    /// Puts the question into its session; everything that could be refused has been checked.
    ///
    /// One that waits for the host is told without text and author, only so that it has a number and hosts look.
    func post(premoderated: Bool, in context: WriteContext) throws -> Question {
        var question = Question(
            room: room, seq: context.nextSeq(in: room), qa: qa, author: isAnonymous ? MemberID(0) : author,
            isAnonymous: isAnonymous, text: text, askedAt: context.now, state: premoderated ? .submitted : .open)
        if !premoderated { question.textSeq = question.seq }
        let teller = isAnonymous || premoderated ? MemberID(0) : author
        try context.append(.questionAsked, in: room, by: teller) { QuestionText.writeAsked(question, to: &$0) }
        try context.transaction.add(question, by: author)
        context.changedQuestions.append(question)
        // What an anonymous author earns would show in their record at the moment of asking.
        if !isAnonymous { try context.countPost(of: author) }
        return question
    }
}

/// An answer on its way to a question.
struct AnswerDraft {
    let author: MemberID
    var text: String
    let isSpoken: Bool
    let message: SequenceNumber?

    /// Adds the answer. Of those who hold the session and of mentors it settles the question, and counts if none did
    /// before; of others it is a proposal.
    func post(to question: inout Question, settles: Bool, in context: WriteContext) throws -> RoomEvent {
        let (room, now) = (question.room, context.now)
        let answer = QuestionAnswer(
            room: room, seq: context.nextSeq(in: room), question: question.seq, author: author, at: now,
            text: text, isSpoken: isSpoken, message: message, isByMentor: context.isMentor(author, in: room))
        try context.transaction.put(answer)
        return try context.advance(&question, .answered, .init(answer: answer), by: author) { question in
            guard settles else { return }
            (question.state, question.slot) = (.answered, nil)
            question.answeredAt = question.answeredAt ?? now
            question.accepted = question.accepted ?? answer.seq
        }
    }

    /// Whether an answer of `author` settles the question.
    static func settles(_ session: QASession, by author: MemberID, in context: WriteContext) -> Bool {
        Gate.mayHold(session, author, of: context.community) || context.isMentor(author, in: session.room)
    }
}

extension WriteContext {
    func isMentor(_ member: MemberID, in room: RoomID) -> Bool {
        (community.membership(of: member, in: room)?.role ?? community.members[member]?.role) == .mentor
    }
}
