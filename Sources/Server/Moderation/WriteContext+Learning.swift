import Community
import LyceumProtocol
import Moderation

/// What decisions teach the classifier, in the transaction that stores them.
extension WriteContext {
    /// Learns from a decision at once, or asks another moderator where one's word is not enough. There is one classifier
    /// for all, so it learns nothing from what members decide in rooms of their own.
    ///
    /// - Returns: The item that asks for a second opinion, if there is one.
    func teach(_ item: ReviewItem, _ order: DecisionOrder) throws -> ReviewItemID? {
        guard let stage, order.action != .redact, !item.text.isEmpty, item.kind != .appeal, item.kind != .sanction,
            let moderator = actor.member, countsEverywhere(decidingIn: item.room)
        else { return nil }
        let features = stage.features(of: item.text).features
        guard features.count > 0 else { return nil }
        let heads = heads(of: item, order, stage)
        let scores = stage.learner.scores(features)
        let opinions =
            try transaction.decidedItems(fingerprint: item.fingerprint, text: item.text)
            .filter { $0.id != item.id }.compactMap(Self.opinion) + [
                NoiseGuard.Opinion(moderator: moderator.rawValue, isPositive: order.action != .approve)
            ]
        let isAskedTwice = item.parent != nil
        var (judgement, mustAsk) = (Judgement(), false)
        for head in heads {
            let learned = stage.learner.learnedFewest(ofHead: head)
            switch NoiseGuard().advice(opinions, score: scores[head].score, learned: learned) {
            case .learn(let isPositive): judgement.set(head, to: isPositive)
            // Whoever is asked a second time and stays with it has thought about it.
            case .askAnother where isAskedTwice && Set(opinions.map(\.isPositive)).count == 1:
                judgement.set(head, to: order.action != .approve)
            case .askAnother: mustAsk = true
            }
        }
        if judgement != Judgement() {
            let entry = stage.learner.learn(features, as: judgement, id: item.id, isSampled: item.kind == .sample)
            onFailure { stage.learner.revert(entry) }
            try transaction.appendClassifierEntry(DecisionLog.encode(entry), of: item.id, at: now)
        }
        return mustAsk && !isAskedTwice ? try askAnother(item) : nil
    }

    private static func opinion(_ item: ReviewItem) -> NoiseGuard.Opinion? {
        guard let decision = item.decision, decision.by.rawValue != 0, decision.action != .redact else { return nil }
        return NoiseGuard.Opinion(moderator: decision.by.rawValue, isPositive: decision.action != .approve)
    }

    /// A fine text has none of the labels. An unwanted one has those that the moderator names, or else the one that the
    /// classifier thinks likeliest; about the others nothing is said.
    private func heads(of item: ReviewItem, _ order: DecisionOrder, _ stage: ModerationStage) -> [Int] {
        let labels = stage.learner.labels
        if order.action == .approve { return Array(labels.indices) }
        let named = order.labels.compactMap { labels.firstIndex(of: $0) }
        if !named.isEmpty { return named }
        let likeliest = VerdictText(item.verdict).labels.max { $0.probability < $1.probability }
        return [likeliest.flatMap { labels.firstIndex(of: $0.name) } ?? 0]
    }

    private func askAnother(_ item: ReviewItem) throws -> ReviewItemID {
        var check = ReviewItem(
            id: try transaction.makeReviewItemID(), kind: .check, room: item.room, member: item.member,
            text: item.text, createdAt: now)
        check.parent = item.id
        (check.subject, check.isSealed) = (item.subject, item.isSealed)
        check.verdict = item.verdict
        check.fingerprint = item.fingerprint
        try add(&check, nil)
        return check.id
    }

    /// Takes back exactly what the item has taught, and the question about it.
    func unteach(_ item: ReviewItem, check: ReviewItemID?) throws {
        guard let stage else { return }
        // The last entry counts: a decision may have been learned, taken back and learned anew.
        let entries = try transaction.classifierEntries(of: item.id).flatMap { DecisionLog.decode($0).entries }
        if case .learned(let decision)? = entries.last {
            let entry = stage.learner.unlearn(decision)
            onFailure { stage.learner.revert(entry) }
            try transaction.appendClassifierEntry(DecisionLog.encode(entry), of: item.id, at: now)
        }
        if let check, var question = try transaction.reviewItem(check), question.state == .open {
            question.state = .expired
            try update(&question, telling: .updated)
        }
    }
}
