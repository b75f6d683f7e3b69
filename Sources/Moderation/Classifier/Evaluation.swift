/// How well predictions matched the truth, by label and as a whole.
public struct Evaluation: Sendable {
    /// The row for what has no label in ``labels``.
    public static let clean = "clean"

    /// One text: what it was, and what the classifier said of each label.
    public struct Outcome: Sendable {
        public var truth: Set<String>
        public var logOdds: [Double]

        public init(truth: Set<String>, logOdds: [Double]) {
            self.truth = truth
            self.logOdds = logOdds
        }
    }

    public struct LabelFigures: Sendable {
        public var label: String
        public var precision: Double
        public var recall: Double
        public var f1: Double
        /// Area under the receiver operating characteristic, 0...1; `nil` for ``clean``, or when one side is empty.
        public var auc: Double?
        public var count: Int
    }

    public let count: Int
    /// Share of texts whose labels were all right.
    public let accuracy: Double
    /// Share of clean texts that were given a label.
    public let falsePositiveRate: Double
    /// Of texts that carry any label, the share above the threshold that 1 % of clean texts reach.
    public let recallAtOnePercent: Double
    /// Mean distance between stated probability and observed share, over ten bins (expected calibration error).
    public let calibrationError: Double
    /// ``clean`` first, then each label.
    public let figures: [LabelFigures]

    public var error: Double { 1 - accuracy }
    public var macroF1: Double { figures.map(\.f1).reduce(0, +) / Double(max(1, figures.count)) }
    /// Mean over the labels that have one.
    public var auc: Double? {
        let areas = figures.compactMap(\.auc)
        return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
    }

    /// - Parameter labels: The order of each outcome's `logOdds`. When no text has two, only the likeliest is predicted.
    public init(labels: [String], outcomes: [Outcome]) {
        let isExclusive = outcomes.allSatisfy { $0.truth.count <= 1 }
        let predictions = outcomes.map { Self.predict($0.logOdds, labels: labels, isExclusive: isExclusive) }
        let correct = zip(outcomes, predictions).count { $0.truth == $1 }
        let cleanPredictions = zip(outcomes, predictions).filter { $0.0.truth.isEmpty }.map(\.1)
        count = outcomes.count
        accuracy = Self.ratio(correct, outcomes.count)
        falsePositiveRate = Self.ratio(cleanPredictions.count { !$0.isEmpty }, cleanPredictions.count)
        figures =
            [Self.figures(Self.clean, zip(outcomes, predictions).map { ($0.truth.isEmpty, $1.isEmpty) }, auc: nil)]
            + labels.enumerated().map { index, label in
                Self.figures(
                    label, zip(outcomes, predictions).map { ($0.truth.contains(label), $1.contains(label)) },
                    auc: Self.auc(outcomes.map { ($0.logOdds[index], $0.truth.contains(label)) }))
            }
        recallAtOnePercent = Self.recall(of: outcomes, above: Self.threshold(blocking: 0.01, of: outcomes))
        calibrationError = Self.calibrationError(outcomes, labels: labels)
    }

    private static func predict(_ logOdds: [Double], labels: [String], isExclusive: Bool) -> Set<String> {
        let present = labels.indices.filter { logOdds[$0] > 0 }
        guard isExclusive, let likeliest = present.max(by: { logOdds[$0] < logOdds[$1] }) else {
            return Set(present.map { labels[$0] })
        }
        return [labels[likeliest]]
    }

    private static func figures(
        _ label: String, _ pairs: [(truth: Bool, predicted: Bool)], auc: Double?
    ) -> LabelFigures {
        let hits = pairs.count { $0.truth && $0.predicted }
        let (actual, predicted) = (pairs.count { $0.truth }, pairs.count { $0.predicted })
        return LabelFigures(
            label: label, precision: ratio(hits, predicted), recall: ratio(hits, actual),
            f1: ratio(2 * hits, actual + predicted), auc: auc, count: actual)
    }

    private static func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

    /// The chance that a labelled text scores above one without the label (Mann–Whitney), ties counting half.
    static func auc(_ scores: [(score: Double, isPositive: Bool)]) -> Double? {
        let ordered = scores.sorted { $0.score < $1.score }
        let positives = ordered.count { $0.isPositive }
        guard positives > 0, positives < ordered.count else { return nil }
        var (rankSum, index) = (0.0, 0)
        while index < ordered.count {
            let end = ordered[index...].firstIndex { $0.score != ordered[index].score } ?? ordered.count
            let rank = Double(index + end + 1) / 2
            rankSum += rank * Double(ordered[index..<end].count { $0.isPositive })
            index = end
        }
        let (p, n) = (Double(positives), Double(ordered.count - positives))
        return (rankSum - p * (p + 1) / 2) / (p * n)
    }

    /// The score that at most `share` of the clean texts exceed, where a text's score is its highest of any label.
    public static func threshold(blocking share: Double, of outcomes: [Outcome]) -> Double {
        let clean = outcomes.filter { $0.truth.isEmpty }.map { $0.logOdds.max() ?? 0 }.sorted(by: >)
        guard !clean.isEmpty else { return 0 }
        return clean[min(clean.count - 1, Int(Double(clean.count) * share))]
    }

    /// The share of texts with a label that score above `threshold`.
    public static func recall(of outcomes: [Outcome], above threshold: Double) -> Double {
        let unwanted = outcomes.filter { !$0.truth.isEmpty }
        return ratio(unwanted.count { ($0.logOdds.max() ?? 0) > threshold }, unwanted.count)
    }

    private static func calibrationError(_ outcomes: [Outcome], labels: [String]) -> Double {
        var bins = [(count: Int, stated: Double, observed: Int)](repeating: (0, 0, 0), count: 10)
        for outcome in outcomes {
            for (index, label) in labels.enumerated() {
                let probability = ExactMath.sigmoid(outcome.logOdds[index])
                let bin = min(9, Int(probability * 10))
                bins[bin].count += 1
                bins[bin].stated += probability
                bins[bin].observed += outcome.truth.contains(label) ? 1 : 0
            }
        }
        let distance = bins.reduce(0) { $0 + abs($1.stated - Double($1.observed)) }
        return distance / Double(max(1, outcomes.count * labels.count))
    }
}
