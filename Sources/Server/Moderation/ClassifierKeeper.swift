import Community
import Foundation
import Locking
import LyceumProtocol
import Moderation

/// The classifier that serves, and its tie to the record: what it starts from, and the log of what it has learned.
final class ClassifierKeeper: Sendable {
    /// A head's score and what it adds to a verdict.
    struct Score: Sendable {
        let score: HeadScore
        let points: Double
    }

    /// The classifier alone can hold a text and not block it.
    private static let mostPoints = 8.0
    static let defaultLabels = ["spam", "advertising", "abuse"]

    let classifier: SharedClassifier
    let labels: [String]
    /// What the state was before any decision of this community, as a snapshot: hardly ever needed, and then for a while.
    private let starter: [UInt8]
    private let starterName: String

    private struct Progress {
        var decisions = 0
        var version = ""
        /// How far each head may be believed; see ``trust(_:)``.
        var limits: [Double] = []
        var learnedFewest: [Int64] = []
        var ofAnything: [Score]?
    }

    private let progress: Locked<Progress>

    /// - Parameter starter: The model to begin with; `nil` for one that knows nothing.
    init(_ starter: Classifier?, store: any CommunityStore) throws {
        let beginning = starter ?? Classifier(labels: Self.defaultLabels)
        self.starter = beginning.snapshot()
        starterName = starter == nil ? "empty" : "starter"
        let (state, count) = try Self.restore(beginning, store)
        labels = state.labels
        classifier = SharedClassifier(state)
        progress = Locked(Progress(decisions: count))
        refresh(decisions: 0)
    }

    var version: String { progress.withLock { $0.version } }

    // MARK: Scores

    func scores(_ features: Features) -> [Score] {
        let limits = progress.withLock { $0.limits }
        return Self.limit(classifier.scores(features), to: limits)
    }

    /// What every text scores as long as nothing has been learned, so that none needs to be looked at; `nil` from the
    /// first decision on.
    var scoresOfAnything: [Score]? { progress.withLock { $0.ofAnything } }

    private static func limit(_ scores: [HeadScore], to limits: [Double]) -> [Score] {
        zip(scores, limits).map { Score(score: $0, points: max(0, min($0.logOdds, $1))) }
    }

    /// The heads that speak for their label, with the tokens that made them.
    func opinions(_ scores: [Score], _ features: Features, of text: NormalisedText) -> [VerdictReason] {
        scores.indices.filter { scores[$0].points > 0 }.map { head in
            let strongest = classifier.strongest(5, features, of: text, head: head)
            return .classifier(
                ClassifierOpinion(
                    label: labels[head], probability: scores[head].score.probability, score: scores[head].points,
                    tokens: strongest.map { ($0.token, $0.weight) }))
        }
    }

    /// A head that has seen few texts of either kind may not say much, however sure it is.
    private static func trust(_ report: HeadReport) -> Double {
        min(mostPoints, 2 * log1p(Double(report.learnedFewest)))
    }

    private func refresh(decisions: Int) {
        let reports = classifier.reports()
        let ofAnything = classifier.scoresOfAnything
        progress.withLock { progress in
            progress.decisions += decisions
            progress.limits = reports.map(Self.trust)
            progress.learnedFewest = reports.map(\.learnedFewest)
            progress.ofAnything = ofAnything.map { Self.limit($0, to: progress.limits) }
            progress.version = "\(starterName)+\(progress.decisions)"
        }
    }

    func learnedFewest(ofHead head: Int) -> Int64 { progress.withLock { $0.learnedFewest[head] } }

    // MARK: Learning, on the writer's thread

    /// Learns a decision and returns the log entry that must be stored in the same transaction.
    func learn(_ features: Features, as judgement: Judgement, id: ReviewItemID, isSampled: Bool) -> LogEntry {
        let decision = classifier.learn(features, as: judgement, id: UInt64(id), isSampled: isSampled)
        refresh(decisions: 1)
        return .learned(decision)
    }

    /// Takes a decision back exactly.
    func unlearn(_ decision: LearnedDecision) -> LogEntry {
        classifier.unlearn(decision)
        refresh(decisions: -1)
        return .unlearned(decision)
    }

    /// Takes back what was done for a transaction that failed.
    func revert(_ entry: LogEntry) {
        switch entry {
        case .learned(let decision):
            classifier.unlearn(decision)
            refresh(decisions: -1)
        case .unlearned(let decision):
            var state = classifier.copy()
            // Its own receipt speaks only of heads that the classifier has.
            try? state.replay(.learned(decision))
            classifier.replace(with: state)
            refresh(decisions: 1)
        }
    }

    // MARK: The record

    /// The starter model, or the newest snapshot, and all entries after it.
    private static func restore(_ starter: Classifier, _ store: any CommunityStore) throws -> (Classifier, Int) {
        try store.read { reader in
            var (state, after) = (starter, Int64(0))
            if let snapshot = try reader.classifierSnapshot(), let kept = try? Classifier(snapshot: snapshot.bytes) {
                (state, after) = (kept, snapshot.after)
            }
            try replay(reader, after: after, into: &state)
            return (state, try decisions(reader))
        }
    }

    /// A state made anew, and the last entry of the log that went into it.
    struct Rebuilt: Sendable {
        var state: Classifier
        var after: Int64
    }

    /// The state that the starter model and the whole log give; equal to what serves, bit for bit.
    func rebuild(from store: any CommunityStore) throws -> Rebuilt {
        try store.read { reader in
            var rebuilt = Rebuilt(state: try Classifier(snapshot: starter), after: 0)
            rebuilt.after = try Self.replay(reader, after: 0, into: &rebuilt.state)
            return rebuilt
        }
    }

    /// Serves a rebuilt state from now on, after what came since.
    ///
    /// - Returns: Whether it equals what served until now.
    func replace(with rebuilt: Rebuilt, catchingUpFrom reader: any CommunityReader) throws -> Bool {
        var state = rebuilt.state
        try Self.replay(reader, after: rebuilt.after, into: &state)
        let isEqual = state == classifier.copy()
        if !isEqual { classifier.replace(with: state) }
        refresh(decisions: 0)
        return isEqual
    }

    @discardableResult
    private static func replay(_ reader: any CommunityReader, after: Int64, into state: inout Classifier) throws
        -> Int64
    {
        var after = after
        while case let page = try reader.classifierEntries(after: after, limit: 1000), let last = page.last {
            for entry in page.flatMap({ DecisionLog.decode($0.bytes).entries }) { try state.replay(entry) }
            after = last.number
        }
        return after
    }

    private static func decisions(_ reader: any CommunityReader) throws -> Int {
        var (count, after) = (0, Int64(0))
        while case let page = try reader.classifierEntries(after: after, limit: 1000), let last = page.last {
            for entry in page.flatMap({ DecisionLog.decode($0.bytes).entries }) {
                if case .learned = entry { count += 1 } else { count -= 1 }
            }
            after = last.number
        }
        return count
    }

    /// Keeps the state, so that the next start need not replay what was learned so far.
    func keepSnapshot(in server: ServerState) {
        do {
            try server.store.write { transaction in
                let after = try transaction.classifierSnapshot()?.after ?? 0
                var last = after
                while let entry = try transaction.classifierEntries(after: last, limit: 1000).last {
                    last = entry.number
                }
                guard last >= after + Self.snapshotInterval else { return }
                try transaction.putClassifierSnapshot(classifier.copy().snapshot(), after: last)
            }
        } catch {
            server.log.warning("the classifier's snapshot was not kept", metadata: ["error": "\(error)"])
        }
    }

    /// Fewer entries than this are replayed faster than a snapshot is read.
    private static let snapshotInterval: Int64 = 500
}
