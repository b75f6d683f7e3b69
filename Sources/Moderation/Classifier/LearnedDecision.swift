/// What a moderator decided about the labels of one text: each label present, absent, or not spoken about.
public struct Judgement: Sendable, Equatable {
    /// Bit *n* speaks of the classifier's label *n*.
    public private(set) var known: UInt32 = 0
    public private(set) var positive: UInt32 = 0

    public init() {}

    public mutating func set(_ head: Int, to isPositive: Bool) {
        known |= 1 << UInt32(head)
        if isPositive { positive |= 1 << UInt32(head) } else { positive &= ~(1 << UInt32(head)) }
    }

    @inline(__always)
    subscript(head: Int) -> Bool? {
        let bit = UInt32(1) << UInt32(head)
        return known & bit == 0 ? nil : positive & bit != 0
    }
}

/// Exactly what one decision added to a ``Classifier``: the receipt that un-learning gives back.
///
/// It holds no text, only hashes, and is what the decision log stores.
public struct LearnedDecision: Sendable, Equatable {
    /// The caller's name for the decision, such as the review item's number.
    public let id: UInt64
    /// The features that were counted; empty if no head learned from the text.
    public internal(set) var hashes: [UInt64]
    public internal(set) var shares: [Share]

    /// What it added to one head. Fixed-point numbers are in the units of ``ClassifierHead``.
    public struct Share: Sendable, Equatable {
        public internal(set) var head: UInt8
        public internal(set) var isPositive: Bool
        /// Whether the features were counted; otherwise the score was right and far enough from 0.
        public internal(set) var isCounted: Bool
        public internal(set) var isSampled: Bool
        /// The bin of ``ScoreRecord`` it was counted in.
        public internal(set) var bin: UInt8
        /// Added to the weight of each feature.
        public internal(set) var weight: Int32
        public internal(set) var bias: Int64
        public internal(set) var slope: Int64
        public internal(set) var intercept: Int64
    }
}
