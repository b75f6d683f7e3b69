import LyceumProtocol

/// One member's vote on one question.
public struct QuestionVote: Hashable, Sendable {
    public let question: SequenceNumber
    public let member: MemberID
    /// 1, −1, or 0 for one that was taken back.
    public let value: Int64
    public let at: UnixMilliseconds

    public init(question: SequenceNumber, member: MemberID, value: Int64, at: UnixMilliseconds) {
        self.question = question
        self.member = member
        self.value = value
        self.at = at
    }
}

/// Questions about Q&A sessions.
public protocol QuestionReader {
    func qaSession(_ seq: SequenceNumber, in room: RoomID) throws -> QASession?
    /// A room's sessions, newest first.
    func qaSessions(in room: RoomID, limit: Int) throws -> [QASession]
    /// All that are scheduled or open, of every room.
    func runningQASessions() throws -> [QASession]

    func question(_ seq: SequenceNumber, in room: RoomID) throws -> Question?
    /// All of a session's questions, oldest first.
    func questions(of qa: SequenceNumber, in room: RoomID) throws -> [Question]
    /// The questions of the whole store that ``Question/isWorthShowing`` may hold for, after a place in it.
    func shownQuestions(after place: (room: RoomID, seq: SequenceNumber), limit: Int) throws -> [Question]
    func countQuestions(of qa: SequenceNumber, in room: RoomID) throws -> Int
    /// Those that a member asked, by name, under seal or waiting in the review queue, and did not withdraw.
    func countQuestions(of qa: SequenceNumber, in room: RoomID, by member: MemberID) throws -> Int
    /// Those of a session's questions that a member asked, by name or under seal.
    func ownQuestions(of qa: SequenceNumber, in room: RoomID, by member: MemberID) throws -> Set<SequenceNumber>
    /// Who asked a question, sealed or not.
    func author(of question: Question) throws -> MemberID
    func answers(to question: SequenceNumber, in room: RoomID) throws -> [QuestionAnswer]
    /// All answers to a session's questions, oldest first.
    func answers(inQA qa: SequenceNumber, of room: RoomID) throws -> [QuestionAnswer]
    func answer(_ seq: SequenceNumber, in room: RoomID) throws -> QuestionAnswer?
    /// The newest step of a question that was not taken back.
    func newestChange(of question: SequenceNumber, in room: RoomID) throws -> QuestionChange?

    /// What counts of a member's votes for a question: their own on it, else their newest on one merged into it.
    func vote(of member: MemberID, on question: SequenceNumber, in room: RoomID) throws -> Int64
    /// All votes of a member on a session's questions, each where it was cast.
    func votes(of member: MemberID, inQA qa: SequenceNumber, of room: RoomID) throws -> [QuestionVote]
    /// All that count on a session's questions, each where it was cast, oldest first.
    func votes(inQA qa: SequenceNumber, of room: RoomID) throws -> [QuestionVote]
    /// The counts as the votes have them, whatever was counted before.
    func recount(_ question: Question) throws -> VoteCounts
    /// Questions whose counts are not what the room was last told.
    func untoldTallies(limit: Int) throws -> [Question]
}

/// Changes of Q&A sessions, in the same transaction as the events that tell of them.
public protocol QuestionTransaction: QuestionReader {
    func put(_ session: QASession) throws
    /// Adds a question, with its author under seal if it is anonymous.
    func add(_ question: Question, by author: MemberID) throws
    /// Replaces what may change of a question, but its counts.
    func put(_ question: Question) throws
    func put(_ answer: QuestionAnswer) throws
    func add(_ change: QuestionChange) throws
    func remove(_ change: QuestionChange) throws

    /// Stores a member's vote in the place of an earlier one.
    func put(_ vote: QuestionVote, in room: RoomID) throws
    func put(_ counts: VoteCounts, of question: SequenceNumber, in room: RoomID) throws
    /// Notes that the room was told the counts as they are.
    func markTold(_ question: SequenceNumber, in room: RoomID) throws
    /// Deletes a member's votes in those of a room's sessions that are not closed; returns what they were cast on.
    func withdrawVotes(of member: MemberID, in room: RoomID) throws -> [SequenceNumber]
    /// Has all of a member's votes count no longer, or again; returns what they were cast on.
    func setVotes(of member: MemberID, counting: Bool) throws -> [(room: RoomID, question: SequenceNumber)]
}
