/// What a head has learned and how it has done, for `classifier.stats` and for thresholds.
public struct HeadReport: Sendable, Equatable {
    public let label: String
    /// Messages whose features were counted, without and with the label.
    public let learnedNegatives: Int64
    public let learnedPositives: Int64
    /// Slots of the table in use by this head.
    public let features: Int64
    public let record: ScoreRecord
    let slope: Double
    let intercept: Double

    public var learnedFewest: Int64 { min(learnedNegatives, learnedPositives) }
    /// Decisions of every kind that named the label.
    public var decisions: Int { (record.negatives + record.positives).reduce(0) { $0 + Int($1) } }

    /// Precision and recall against decisions, of the scores they had when they came; `nil` without any to judge by.
    public var precision: Double? { Self.ratio(hits, hits + count(record.negatives, fromRaw: undecided)) }
    public var recall: Double? { Self.ratio(hits, count(record.positives, fromRaw: -.infinity)) }

    private var hits: Int { count(record.positives, fromRaw: undecided) }
    private var undecided: Double { -intercept / slope }

    private func count(_ histogram: [UInt32], fromRaw raw: Double) -> Int {
        histogram.indices.filter { ScoreRecord.lowerEdge(ofBin: $0) >= raw }.reduce(0) { $0 + Int(histogram[$1]) }
    }

    private static func ratio(_ part: Int, _ whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }

    /// The lowest log-odds that at most `rate` of clean texts reach, judged by the random sample.
    ///
    /// One text is added to those that reach it, so that a small sample gives a careful answer.
    /// - Returns: `nil` while the sample is too small to promise that rate at all.
    public func threshold(falsePositiveRate rate: Double) -> Double? {
        let sample = record.sampledNegatives.reduce(0) { $0 + Int($1) }
        var (reaching, threshold): (Int, Double?) = (1, nil)
        for bin in record.sampledNegatives.indices.reversed() {
            reaching += Int(record.sampledNegatives[bin])
            guard Double(reaching) <= rate * Double(sample + 1) else { break }
            threshold = slope * ScoreRecord.lowerEdge(ofBin: bin) + intercept
        }
        return threshold
    }
}

extension Classifier {
    public func report(ofHead head: Int) -> HeadReport {
        let (state, constants) = (heads[head], constants(ofHead: head))
        return HeadReport(
            label: labels[head], learnedNegatives: state.messages.negative,
            learnedPositives: state.messages.positive, features: state.vocabulary, record: state.record,
            slope: constants.slope, intercept: constants.intercept)
    }
}
