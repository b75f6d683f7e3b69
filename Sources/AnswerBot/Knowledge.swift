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
/// Two BM25 indexes, of what was asked and of what was answered: that the question was asked before says more than
/// that the answer has its words.
public struct Knowledge: Sendable {
    /// What speaks for an answer, each about in `0...1`.
    public struct Evidence: Sendable, Hashable {
        /// How much of the question the older question says; for one without, what its text says.
        public var question = 0.0
        /// How much of the question the answer's text says.
        public var text = 0.0
    }

    private static let candidates = 5

    private var questions = TextIndex<AnswerID>()
    private var texts = TextIndex<AnswerID>()
    private var answers: [AnswerID: Answer] = [:]

    public init() {}

    public var count: Int { answers.count }

    public subscript(id: AnswerID) -> Answer? { answers[id] }

    public mutating func learn(_ answer: Answer) {
        answers[answer.id] = answer
        if let question = answer.question {
            questions.add(answer.id, Reading.indexed(question))
        } else {
            questions.remove(answer.id)
        }
        texts.add(answer.id, Reading.indexed(answer.text))
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
        let query = Reading.indexed(question)
        let terms = Set(SearchTokeniser.phrases(in: query).flatMap(\.terms))
        var evidence: [AnswerID: Evidence] = [:]
        for (id, share) in Self.found(query, terms, in: questions, isAllowed) {
            evidence[id, default: Evidence()].question = share
        }
        for (id, share) in Self.found(query, terms, in: texts, isAllowed) {
            evidence[id, default: Evidence()].text = share
            if answers[id]?.question == nil { evidence[id]?.question = share }
        }
        return evidence.compactMap { id, evidence in answers[id].map { ($0, evidence) } }
    }

    /// The best of an index, and which share of the query each says. A term that no text has counts like an average
    /// one: a question of which only the common words are known has not been answered.
    private static func found(
        _ query: String, _ terms: Set<String>, in index: TextIndex<AnswerID>, _ isAllowed: (AnswerID) -> Bool
    ) -> [(AnswerID, Double)] {
        let full = index.fullScore(of: query)
        guard full > 0, !terms.isEmpty else { return [] }
        let known = Double(terms.count { index.fullScore(of: $0) > 0 }) / Double(terms.count)
        return index.search(query, limit: candidates, where: isAllowed).map { ($0.id, min(1, $0.score / full) * known) }
    }
}
