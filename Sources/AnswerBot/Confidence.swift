import Foundation

/// How sure the bot is that an answer helps: a probability, kept true by what people say of its answers.
///
/// Platt scaling (Platt, "Probabilistic Outputs for Support Vector Machines", 1999) of the evidence, done online: each
/// yes or no is one step of gradient descent on the log loss, with a step that shrinks as 1/(1 + n/50) and a pull
/// towards the start, so that a handful of votes cannot silence the bot or make it chatter. The start was fitted to two
/// hundred questions in both languages, half of them asked before in other words and half of them only similar, and
/// is sterner about other kinds of questions than the fit, of which there were few.
public struct Confidence: Codable, Sendable, Hashable {
    /// Constant, then what ``Knowledge/Evidence`` has in its order, then the record of the answer.
    static let start = [-3.75, 1.9, 1.7, 3.8, -5.0, 1.0]

    private(set) var weights = Confidence.start
    private(set) var votes = 0
    /// Yes and no of single answers, by `room:seq`.
    private var records: [String: Record] = [:]

    struct Record: Codable, Sendable, Hashable {
        var yes = 0
        var no = 0
        /// Log-odds, by Laplace's rule of succession.
        var weight: Double { log(Double(yes + 1) / Double(no + 1)) }
    }

    public init() {}

    /// What was learned of single answers stays when a new version weighs other evidence.
    public init(from decoder: any Decoder) throws {
        let kept = try decoder.container(keyedBy: CodingKeys.self)
        let weights = try kept.decode([Double].self, forKey: .weights)
        if weights.count == Self.start.count { self.weights = weights }
        votes = try kept.decode(Int.self, forKey: .votes)
        records = try kept.decode([String: Record].self, forKey: .records)
    }

    public func probability(_ evidence: Knowledge.Evidence, of answer: AnswerID) -> Double {
        probability(Self.features(evidence, records[Self.key(answer)]))
    }

    /// Learns whether an answer with this evidence has helped.
    public mutating func learn(_ evidence: Knowledge.Evidence, of answer: AnswerID, helped: Bool) {
        let features = Self.features(evidence, records[Self.key(answer)])
        let error = (helped ? 1 : 0) - probability(features)
        let step = 0.5 / (1 + Double(votes) / 50)
        for index in weights.indices {
            weights[index] += step * (error * features[index] - 0.001 * (weights[index] - Self.start[index]))
        }
        votes += 1
        if helped {
            records[Self.key(answer), default: Record()].yes += 1
        } else {
            records[Self.key(answer), default: Record()].no += 1
        }
    }

    private func probability(_ features: [Double]) -> Double {
        1 / (1 + exp(-zip(weights, features).reduce(0) { $0 + $1.0 * $1.1 }))
    }

    private static func features(_ evidence: Knowledge.Evidence, _ record: Record?) -> [Double] {
        [1, evidence.question, evidence.text, evidence.agreement, evidence.mismatch, record?.weight ?? 0]
    }

    private static func key(_ id: AnswerID) -> String { "\(id.room):\(id.seq)" }
}
