/// Everything one label's head keeps besides its counts by feature: all integers, all sums over learned decisions.
struct ClassifierHead: Sendable, Equatable {
    static let biasFractionBits = 24
    static let calibrationFractionBits = 32

    /// Learned messages, and the features they had in all, without and with the label.
    var messages: (negative: Int64, positive: Int64) = (0, 0)
    var featureTotals: (negative: Int64, positive: Int64) = (0, 0)
    /// Slots that hold a count of this head.
    var vocabulary: Int64 = 0
    /// The residual's constant, in units of 2^−``biasFractionBits``.
    var bias: Int64 = 0
    /// Slope − 1 and intercept of the calibration, in units of 2^−``calibrationFractionBits``.
    var slope: Int64 = 0
    var intercept: Int64 = 0
    /// Every decision that named this head, learned from or not, by the score it had when it came.
    var record = ScoreRecord()

    static func == (a: Self, b: Self) -> Bool {
        a.messages == b.messages && a.featureTotals == b.featureTotals && a.vocabulary == b.vocabulary
            && a.bias == b.bias && a.slope == b.slope && a.intercept == b.intercept && a.record == b.record
    }

    /// The constants of a score that depend on the head alone.
    struct Constants: Sendable, Equatable {
        /// Added once for each known feature: ln((T0 + αV) / (T1 + αV)).
        var perFeature = 0.0
        /// ln((m1 + 1) / (m0 + 1)) + b
        var offset = 0.0
        var slope = 1.0
        var intercept = 0.0
        /// How far one decision moves the residual now.
        var rate = 0.0
    }

    func constants(_ tuning: ClassifierTuning) -> Constants {
        func positive(_ value: Int64) -> Double { Double(max(0, value)) }
        let smoothing = tuning.smoothing * positive(vocabulary) + tuning.smoothing
        let learned = positive(messages.negative) + positive(messages.positive)
        return Constants(
            perFeature: ExactMath.ln(
                (positive(featureTotals.negative) + smoothing) / (positive(featureTotals.positive) + smoothing)),
            offset: ExactMath.ln((positive(messages.positive) + 1) / (positive(messages.negative) + 1))
                + Self.value(of: bias, fractionBits: Self.biasFractionBits),
            slope: min(4, max(0.25, 1 + Self.value(of: slope, fractionBits: Self.calibrationFractionBits))),
            intercept: min(4, max(-4, Self.value(of: intercept, fractionBits: Self.calibrationFractionBits))),
            rate: tuning.rate / (1 + learned / tuning.messagesPerRate).squareRoot())
    }

    private static func value(of fixed: Int64, fractionBits: Int) -> Double {
        Double(fixed) / Double(sign: .plus, exponent: fractionBits, significand: 1)
    }
}

/// The constants of the learner. Its optimum is flat: halving or doubling one moves no labelled set by half a point.
///
/// They are part of what a log replays to, so a snapshot carries them.
public struct ClassifierTuning: Sendable, Equatable {
    /// Weight of the Naive Bayes sum, which is divided by the root of the number of known features.
    public var damping = 0.4
    /// α of the counts' Laplace smoothing.
    public var smoothing = 0.2
    /// First step size of the residual. It falls with the root of the messages learned, counted in `messagesPerRate`.
    public var rate = 5.0
    public var messagesPerRate = 8000.0
    /// The bias learns slower than the weights by this factor.
    public var biasRate = 0.02
    /// A right answer scored this far from 0, in log-odds, teaches nothing.
    public var margin = 5.0
    public var calibrationRate = 0.02

    public init() {}
}

/// How often each score was right: decisions by label and by the raw score they had before they were learned.
public struct ScoreRecord: Sendable, Equatable {
    /// Raw scores from −12 to 12 in quarters; what lies outside counts at the ends.
    public static let binCount = 96
    static let binWidth = 0.25

    /// All decisions, without and with the label.
    public internal(set) var negatives = [UInt32](repeating: 0, count: binCount)
    public internal(set) var positives = [UInt32](repeating: 0, count: binCount)
    /// Those that were drawn at random from what passed: the unbiased view that thresholds are set from.
    public internal(set) var sampledNegatives = [UInt32](repeating: 0, count: binCount)

    static func bin(ofRaw raw: Double) -> Int {
        let index = (raw / binWidth).rounded(.down) + Double(binCount / 2)
        return Int(min(Double(binCount - 1), max(0, index)))
    }

    static func lowerEdge(ofBin bin: Int) -> Double { Double(bin - binCount / 2) * binWidth }

    mutating func add(bin: Int, isPositive: Bool, isSampled: Bool, count: UInt32) {
        if isPositive { positives[bin] &+= count } else { negatives[bin] &+= count }
        if isSampled, !isPositive { sampledNegatives[bin] &+= count }
    }
}
