/// A Naive Bayes classifier for short text that learns from every decision and forgets any of them exactly.
///
/// One head a label, one against the rest. A head's score of a text with *n* features that it knows is
///
///     z = d/√(n+1) · Σ ln[((c1+α)/(T1+αV)) / ((c0+α)/(T0+αV))] + ln((m1+1)/(m0+1)) + Σ w/√(n+1) + b
///
/// where the first sum is multinomial (Boolean) Naive Bayes damped by length and *w*, *b* are an online residual learnt
/// from the same features. Features it does not know change nothing, so padding with new ones does not dilute the rest.
/// Groups of Han characters that are strange where their sounds are well known are scored by their sounds, letters that
/// stood apart by the words that they read as (``ChainReader``).
/// A decision is learned when the score was wrong or nearer to 0 than the margin.
///
/// The state is integers only, and each is a sum of what the learned decisions added (see ``CountTable``), so:
/// learning the same decisions in the same order gives the same bits on any machine; un-learning one gives back exactly
/// its share, whatever came between; and a log of ``LearnedDecision`` rebuilds the state in any order.
///
/// A value copies its table when two owners share it and one learns. ``SharedClassifier`` is how threads share one.
public struct Classifier: Sendable, Equatable {
    public static let maximumHeads = 32
    public static let defaultSlotBits = 20

    public private(set) var labels: [String]
    public let tuning: ClassifierTuning
    private(set) var table: CountTable
    private(set) var heads: [ClassifierHead]
    private var constants: [ClassifierHead.Constants]
    private let logarithms: LogarithmTable

    /// - Parameters:
    ///   - labels: At most ``maximumHeads`` different names; a label's index is its head.
    ///   - slotBits: The table has 2^`slotBits` slots of 4 bytes, and 12 more a head once they are used; 8...22.
    public init(labels: [String], slotBits: Int = defaultSlotBits, tuning: ClassifierTuning = .init()) {
        self.init(
            labels: labels, tuning: tuning, table: CountTable(slotBits: slotBits, headCount: labels.count),
            heads: labels.map { _ in ClassifierHead() })
    }

    init(labels: [String], tuning: ClassifierTuning, table: CountTable, heads: [ClassifierHead]) {
        precondition(labels.count <= Self.maximumHeads, "a classifier has at most \(Self.maximumHeads) heads")
        precondition(Set(labels).count == labels.count, "each label has one head")
        self.labels = labels
        self.tuning = tuning
        self.table = table
        self.heads = heads
        constants = heads.map { $0.constants(tuning) }
        logarithms = LogarithmTable(smoothing: tuning.smoothing)
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.labels == b.labels && a.tuning == b.tuning && a.heads == b.heads && a.table == b.table
    }

    /// Whether it knows no feature, so that all texts score alike.
    public var isBlank: Bool { table.isBlank }
    /// In bytes; grows with what was learned.
    public var memory: Int { table.byteCount }
    /// In bytes, however much is learned; fixed by the number of slots and heads.
    public var mostMemory: Int { table.mostBytes }

    public func head(of label: String) -> Int? { labels.firstIndex(of: label) }

    /// Adds a head that has learned nothing.
    public mutating func addLabel(_ label: String) {
        precondition(!labels.contains(label), "each label has one head")
        precondition(labels.count < Self.maximumHeads, "a classifier has at most \(Self.maximumHeads) heads")
        labels.append(label)
        heads.append(ClassifierHead())
        constants.append(ClassifierHead().constants(tuning))
        table = table.withAnotherHead()
    }

    // MARK: Scores

    /// One score a head, in the order of ``labels``.
    ///
    /// - Parameter standing: What is known of the author, in log-odds that the text is unwanted: negative for a member
    ///   in good standing. It moves the verdict and is never learned.
    public func scores(_ features: Features, standing: Double = 0) -> [HeadScore] {
        rawScores(sums(of: read(features))).enumerated().map { head, raw in
            HeadScore(
                raw: raw, logOdds: raw * constants[head].slope + constants[head].intercept + standing)
        }
    }

    /// The features with letters that stood apart read as words that it knows.
    func read(_ features: Features) -> Features {
        guard !features.chains.isEmpty else { return features }
        let decisions = heads.map { $0.messages.negative + $0.messages.positive }.max() ?? 0
        return ChainReader(table, decisions: decisions).read(features)
    }

    func rawScores(_ sums: [Sums]) -> [Double] {
        heads.indices.map { head in
            let (sum, constant) = (sums[head], constants[head])
            let bayes = Self.logarithm(sum.logarithms) + Double(sum.known) * constant.perFeature
            return bayesScale(known: sum.known) * bayes + Double(sum.weights) * Self.weightScale(known: sum.known)
                + constant.offset
        }
    }

    /// What a head's score of some features is made of.
    struct Sums {
        var known = 0
        var logarithms: Int64 = 0
        var weights: Int64 = 0
    }

    func sums(of features: Features, soundsSpeak: Bool = true) -> [Sums] {
        var sums = [Sums](repeating: Sums(), count: heads.count)
        table.forEach(features, soundsSpeak: soundsSpeak) { words, first, _ in
            var word = first
            for head in sums.indices {
                add(words, word, to: &sums[head])
                word += CountTable.wordsPerHead
            }
        }
        return sums
    }

    /// What each feature gives to one head.
    func sums(byFeatureOf features: Features, head: Int) -> [Sums] {
        var sums = [Sums](repeating: Sums(), count: features.count)
        table.forEach(features, soundsSpeak: true) { words, first, feature in
            add(words, first + head * CountTable.wordsPerHead, to: &sums[feature])
        }
        return sums
    }

    @inline(__always)
    private func add(_ words: UnsafeBufferPointer<Int32>, _ word: Int, to sum: inout Sums) {
        let (negative, positive) = (words[word], words[word + 1])
        if negative | positive != 0 {
            sum.known += 1
            sum.logarithms += Int64(logarithms[positive] - logarithms[negative])
        }
        sum.weights += Int64(words[word + 2])
    }

    func bayesScale(known: Int) -> Double { tuning.damping / Double(known + 1).squareRoot() }

    /// The factor from a weight in a slot to its part of the score.
    static func weightScale(known: Int) -> Double {
        1 / (Double(1 << CountTable.weightFractionBits) * Double(known + 1).squareRoot())
    }

    static func logarithm(_ fixed: Int64) -> Double { Double(fixed) / Double(1 << LogarithmTable.fractionBits) }

    func constants(ofHead head: Int) -> ClassifierHead.Constants { constants[head] }

    // MARK: Learning

    /// Learns one decision and returns what it added, to be kept for ``unlearn(_:)``.
    ///
    /// - Parameter isSampled: Whether the text was drawn at random from what passed: only such decisions say how often
    ///   clean text scores high.
    public mutating func learn(
        _ features: Features, as judgement: Judgement, id: UInt64, isSampled: Bool = false
    ) -> LearnedDecision {
        // By what was written: what a group of characters teaches, its sounds are taught as well.
        let raw = rawScores(sums(of: features, soundsSpeak: false))
        var decision = LearnedDecision(id: id, hashes: [], shares: [])
        for head in heads.indices {
            guard let isPositive = judgement[head] else { continue }
            decision.shares.append(
                share(head, isPositive, raw: raw[head], features: features.count, isSampled: isSampled))
        }
        if decision.shares.contains(where: \.isCounted) { decision.hashes = features.hashes }
        apply(decision)
        return decision
    }

    /// Takes a decision back and learns it anew from what the others have taught, but for its share in the calibration.
    ///
    /// That share stays the one it had when it came: the residual has since learned the others around this very text, so
    /// without it the text scores on the wrong side of what a new one would, and calibrating by such scores teaches that
    /// the classifier is worse than it is.
    public mutating func restudy(_ features: Features, as judgement: Judgement, _ first: LearnedDecision)
        -> LearnedDecision
    {
        unlearn(first)
        let again = learn(features, as: judgement, id: first.id)
        var kept = again
        for index in kept.shares.indices {
            kept.shares[index].slope = first.shares[index].slope
            kept.shares[index].intercept = first.shares[index].intercept
            kept.shares[index].bin = first.shares[index].bin
        }
        unlearn(again)
        relearn(kept)
        return kept
    }

    /// Adds what `decision` added before: how a log is replayed.
    public mutating func relearn(_ decision: LearnedDecision) { apply(decision) }

    /// Gives back exactly what `decision` added, which must be part of this classifier.
    public mutating func unlearn(_ decision: LearnedDecision) { apply(decision, sign: -1) }

    private func share(
        _ head: Int, _ isPositive: Bool, raw: Double, features: Int, isSampled: Bool
    ) -> LearnedDecision.Share {
        let constant = constants[head]
        let step = residualStep(head, isPositive, raw: raw, features)
        // The calibration sees scores within ±8: one far-off score must not turn it over.
        let bounded = min(8, max(-8, raw))
        let error =
            tuning.calibrationRate
            * ((isPositive ? 1 : 0) - ExactMath.sigmoid(constant.slope * bounded + constant.intercept))
        return LearnedDecision.Share(
            head: UInt8(head), isPositive: isPositive, isCounted: isNear(raw, isPositive), isSampled: isSampled,
            bin: UInt8(ScoreRecord.bin(ofRaw: raw)), weight: step.weight, bias: step.bias,
            slope: ExactMath.fixed(error * bounded, bits: ClassifierHead.calibrationFractionBits),
            intercept: ExactMath.fixed(error, bits: ClassifierHead.calibrationFractionBits))
    }

    private func isNear(_ raw: Double, _ isPositive: Bool) -> Bool {
        isPositive ? raw < tuning.margin : raw > -tuning.margin
    }

    private func residualStep(
        _ head: Int, _ isPositive: Bool, raw: Double, _ features: Int
    ) -> (weight: Int32, bias: Int64) {
        guard isNear(raw, isPositive) else { return (0, 0) }
        let step = constants[head].rate * ((isPositive ? 1 : 0) - ExactMath.sigmoid(raw))
        return (
            ExactMath.fixed(step / Double(features + 1).squareRoot(), bits: CountTable.weightFractionBits),
            ExactMath.fixed(tuning.biasRate * step, bits: ClassifierHead.biasFractionBits)
        )
    }

    private mutating func apply(_ decision: LearnedDecision, sign: Int64 = 1) {
        for share in decision.shares {
            let head = Int(share.head)
            heads[head].bias &+= sign &* share.bias
            heads[head].slope &+= sign &* share.slope
            heads[head].intercept &+= sign &* share.intercept
            heads[head].record.add(
                bin: Int(share.bin), isPositive: share.isPositive, isSampled: share.isSampled,
                count: UInt32(truncatingIfNeeded: sign))
            if share.isCounted { count(decision.hashes, share, sign: sign) }
            refresh(head)
        }
    }

    private mutating func count(_ hashes: [UInt64], _ share: LearnedDecision.Share, sign: Int64) {
        let (head, features) = (Int(share.head), sign &* Int64(hashes.count))
        if share.isPositive {
            heads[head].messages.positive &+= sign
            heads[head].featureTotals.positive &+= features
        } else {
            heads[head].messages.negative &+= sign
            heads[head].featureTotals.negative &+= features
        }
        addToTable(
            .init(
                head: head, isPositive: share.isPositive, count: Int32(sign),
                weight: Int32(truncatingIfNeeded: sign) &* share.weight), hashes)
    }

    private mutating func addToTable(_ increment: CountTable.Increment, _ hashes: [UInt64]) {
        heads[increment.head].vocabulary &+= Int64(table.add(increment, to: hashes))
    }

    private mutating func refresh(_ head: Int) { constants[head] = heads[head].constants(tuning) }
}

/// A head's opinion of one text.
public struct HeadScore: Sendable, Equatable {
    /// The plain sum, before calibration and standing; 0 is undecided.
    public let raw: Double
    /// Calibrated log-odds that the label fits, with the author's standing.
    public let logOdds: Double
    /// ``logOdds`` as a probability, 0...1.
    public var probability: Double { ExactMath.sigmoid(logOdds) }
}
