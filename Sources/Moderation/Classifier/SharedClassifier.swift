import Locking

/// One classifier for all threads: those that score and the one that learns.
///
/// A lock, and nothing cleverer, because a score holds it for one to four microseconds and a decision for about as long,
/// while decisions come at the pace of people. Copy-on-write generations would copy 48 MiB for each decision, and a
/// reader without a lock could see half of one. Features are extracted before the lock is taken. A score thus sees
/// every decision learned before it, at once.
public final class SharedClassifier: Sendable {
    private let classifier: Locked<Classifier>

    public init(_ classifier: Classifier) { self.classifier = Locked(classifier) }

    public func scores(_ features: Features, standing: Double = 0) -> [HeadScore] {
        classifier.withLock { $0.scores(features, standing: standing) }
    }

    /// What every text scores as long as no feature is known; `nil` from then on.
    public var scoresOfAnything: [HeadScore]? {
        classifier.withLock { $0.isBlank ? $0.scores(Features()) : nil }
    }

    public func explain(_ features: Features, of text: NormalisedText, head: Int) -> Explanation {
        classifier.withLock { $0.explain(features, of: text, head: head) }
    }

    public func strongest(
        _ count: Int, _ features: Features, of text: NormalisedText, head: Int
    ) -> [Explanation.Term] {
        classifier.withLock { $0.strongest(count, features, of: text, head: head) }
    }

    public func learn(
        _ features: Features, as judgement: Judgement, id: UInt64, isSampled: Bool = false
    ) -> LearnedDecision {
        classifier.withLock { $0.learn(features, as: judgement, id: id, isSampled: isSampled) }
    }

    public func unlearn(_ decision: LearnedDecision) { classifier.withLock { $0.unlearn(decision) } }

    public func reports() -> [HeadReport] {
        classifier.withLock { classifier in classifier.labels.indices.map { classifier.report(ofHead: $0) } }
    }

    public var labels: [String] { classifier.withLock { $0.labels } }

    /// A copy of the state at one moment, to encode a snapshot from without holding up anyone.
    ///
    /// The next decision copies the table once if the copy still lives then.
    public func copy() -> Classifier { classifier.withLock { $0 } }

    /// Puts another model in place: after a restore, or with a new label.
    public func replace(with classifier: Classifier) { self.classifier.withLock { $0 = classifier } }
}
