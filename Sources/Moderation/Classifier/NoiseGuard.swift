/// Keeps single wrong labels out of the classifier: 5 % of them cost it one to two points.
///
/// One moderator's word is enough where the classifier is unsure or agrees. Against a confident score, or against a
/// colleague, it takes a second opinion first.
public struct NoiseGuard: Sendable {
    public enum Advice: Sendable, Equatable {
        case learn(isPositive: Bool)
        case askAnother
    }

    /// One moderator's label of one text.
    public struct Opinion: Sendable, Equatable {
        public var moderator: Int64
        public var isPositive: Bool

        public init(moderator: Int64, isPositive: Bool) {
            self.moderator = moderator
            self.isPositive = isPositive
        }
    }

    /// Log-odds from which on a score counts as confident.
    public var confidence: Double
    /// How many messages with and without the label a head must have learned for its confidence to count.
    public var experience: Int64

    public init(confidence: Double = 4, experience: Int64 = 100) {
        self.confidence = confidence
        self.experience = experience
    }

    /// What to do with the opinions so far; the last of each moderator counts.
    ///
    /// - Parameters:
    ///   - score: The head's score of the text, without what these opinions may have taught.
    ///   - learned: ``HeadReport/learnedFewest`` of the head.
    public func advice(_ opinions: [Opinion], score: HeadScore, learned: Int64) -> Advice {
        var latest: [Int64: Bool] = [:]
        for opinion in opinions { latest[opinion.moderator] = opinion.isPositive }
        let positives = latest.values.count { $0 }
        let negatives = latest.count - positives
        guard positives != negatives else { return .askAnother }
        let isPositive = positives > negatives
        let isSurprising = learned >= experience && (isPositive ? -score.logOdds : score.logOdds) > confidence
        let isAlone = positives + negatives == 1
        return isSurprising && isAlone ? .askAnother : .learn(isPositive: isPositive)
    }
}
