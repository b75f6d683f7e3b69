/// Which passed texts are worth a moderator's look, so that a few labels teach as much as all would.
///
/// The uncertain band teaches the classifier most; the random sample shows what it misses, and how often clean text
/// scores high. Learning only from what was flagged would raise false positives tenfold (measured, `CLASSIFIER.md`).
public struct LabelRequests: Sendable {
    public enum Reason: String, Sendable { case uncertain, sample }

    /// A text is uncertain when any head's log-odds are this near to 0.
    public var band: Double
    /// The share of all other texts that is drawn at random, 0...1.
    public var sampleShare: Double

    public init(band: Double = 2, sampleShare: Double = 0.02) {
        self.band = band
        self.sampleShare = sampleShare
    }

    /// Why to ask for the labels of a text with these scores, or `nil`. The sample is drawn first: it must stay unbiased.
    public func reason(
        _ scores: [HeadScore], using random: inout some RandomNumberGenerator
    ) -> Reason? {
        if Double.random(in: 0..<1, using: &random) < sampleShare { return .sample }
        return scores.contains { abs($0.logOdds) < band } ? .uncertain : nil
    }
}
