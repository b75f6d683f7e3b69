import LyceumProtocol
import Moderation
import Retrieval

/// Where an answer stands: what a reply cites.
public struct AnswerID: Hashable, Sendable {
    public let room: RoomID
    /// The answer's, or the pinned message's.
    public let seq: SequenceNumber

    public init(room: RoomID, seq: SequenceNumber) {
        self.room = room
        self.seq = seq
    }
}

/// An accepted answer, or a pinned message.
public struct Answer: Sendable, Hashable {
    public let id: AnswerID
    /// What it answers; `nil` for a pinned message that answers nothing in particular.
    public let question: String?
    public let text: String

    public init(id: AnswerID, question: String?, text: String) {
        self.id = id
        self.question = question
        self.text = text
    }
}

/// The answers the bot knows, and how well each answers a question.
///
/// Two BM25 indexes, of what was asked and of what was answered, find the few that may answer; what speaks for each of
/// those is then read off the texts themselves.
public struct Knowledge: Sendable {
    /// What speaks for an answer, each in `0...1`. Shares are by weight: what few answers say weighs more.
    public struct Evidence: Sendable, Hashable {
        /// How much of the question the older question says; for one without, what its text says.
        public var question = 0.0
        /// How much of the question the older question and its answer say together.
        public var text = 0.0
        /// How far the two questions are one: what each says of the other, multiplied.
        public var agreement = 0.0
        /// 1 where the older question asks for another kind of thing, ½ where it does not say for which.
        public var mismatch = 0.0

        public init(question: Double = 0, text: Double = 0, agreement: Double = 0, mismatch: Double = 0) {
            (self.question, self.text, self.agreement, self.mismatch) = (question, text, agreement, mismatch)
        }
    }

    /// So many of each index are looked at.
    private static let candidates = 8
    /// An answer's own words count for less than those of the question it was given to.
    private static let answerShare = 0.8
    /// A pinned message that says all that is asked was still not written as an answer to it.
    private static let pinShare = 0.7

    private var questions = TextIndex<AnswerID>()
    private var texts = TextIndex<AnswerID>()
    private var answers: [AnswerID: Answer] = [:]

    public init() {}

    public var count: Int { answers.count }

    public subscript(id: AnswerID) -> Answer? { answers[id] }

    public mutating func learn(_ answer: Answer) {
        answers[answer.id] = answer
        if let question = answer.question {
            questions.add(answer.id, Reading(question).indexed)
        } else {
            questions.remove(answer.id)
        }
        texts.add(answer.id, Reading(answer.text).indexed)
    }

    public mutating func forget(_ id: AnswerID) {
        answers[id] = nil
        questions.remove(id)
        texts.remove(id)
    }

    public mutating func forget(_ room: RoomID) {
        for id in answers.keys where id.room == room { forget(id) }
    }

    /// The answers that may answer a question, with what speaks for each.
    ///
    /// - Parameter isAllowed: Asked of the best ones only.
    public func candidates(
        for question: String, where isAllowed: (AnswerID) -> Bool
    ) -> [(answer: Answer, evidence: Evidence)] {
        Reading.tongues(of: question).flatMap { candidates(for: $0, where: isAllowed) }
    }

    private func candidates(
        for asked: Reading, where isAllowed: (AnswerID) -> Bool
    ) -> [(answer: Answer, evidence: Evidence)] {
        let found = [questions, texts].flatMap {
            $0.search(asked.indexed, limit: Self.candidates, where: isAllowed).map(\.id)
        }
        let weights = TermWeights(answers.count) { questions.frequency(of: $0) + texts.frequency(of: $0) }
        return Set(found).compactMap { id in answers[id].map { ($0, Self.evidence(of: $0, for: asked, weights)) } }
    }

    private static func evidence(of answer: Answer, for asked: Reading, _ weights: TermWeights) -> Evidence {
        let text = Reading(answer.text)
        guard let question = answer.question else {
            let share = weights.share(of: asked, in: text)
            return Evidence(question: share, text: share, agreement: pinShare * share * share)
        }
        let older = Reading(question)
        let share = weights.share(of: asked, in: older)
        return Evidence(
            question: share, text: weights.share(of: asked, in: older, or: text, countingFor: answerShare),
            agreement: share * weights.share(of: older, in: asked), mismatch: mismatch(asked.kinds, older.kinds))
    }

    /// Where something is done in an interface is how it is done, so the one answers the other.
    private static func mismatch(_ asked: Set<QuestionKind>, _ older: Set<QuestionKind>) -> Double {
        let wanted = asked.subtracting([.manner])
        guard !wanted.isEmpty, wanted.isDisjoint(with: older) else { return 0 }
        if !older.subtracting([.manner]).isEmpty { return 1 }
        return wanted == [.place] && older == [.manner] ? 0 : 0.5
    }
}
