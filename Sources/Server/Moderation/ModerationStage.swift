import Community
import Locking
import LyceumProtocol
import Moderation

/// The stage in the way of every text: rules, classifier and standing add up to one score and one verdict.
///
/// It runs on whatever thread submits and never waits for anything but its own short locks. What it judges with is
/// immutable and swapped whole; what rules remember of rates and repeats is behind one lock, which is held for that alone.
final class ModerationStage: Sendable {
    /// What one judgement works with; kept from one to the next for its buffers.
    private struct Desk {
        var text = NormalisedText()
        var extractor = FeatureExtractor()
        var features = Features()
        var scratch = RuleScratch()
        /// Draws the sample; the system's generator would be a system call per text.
        var random = SplitMix64(seed: .random(in: 0 ... .max))
        private var hasFeatures = false

        /// Reads a text in the views that somebody will look at.
        mutating func read(_ text: String, _ normaliser: Normaliser, dense views: DenseViews) {
            normaliser.normalise(text, into: &self.text, dense: views)
            hasFeatures = false
        }

        /// Extracts the features of the text that was read, if that has not been done.
        mutating func extract() {
            if !hasFeatures { extractor.extract(text, into: &features) }
            hasFeatures = true
        }
    }

    /// Hands a desk on by reference, since copying one costs as much as extracting the features.
    ///
    /// `@unchecked Sendable`: nobody touches it but the one who took it off `desks`.
    private final class Place: @unchecked Sendable {
        var desk = Desk()
    }

    let settings: ModerationSettings
    let learner: ClassifierKeeper
    let counts = RuleCounts()
    let time = DurationHistogram()
    private let rules: Locked<RulesInForce>
    private let memory = Locked(RuleMemory())
    private let recent = Locked(RecentJudgements())
    private let places = Locked<[Place]>([])
    private let requests: LabelRequests
    /// How many labels may be asked for.
    private let budget: Locked<TokenBucket>

    init(settings: ModerationSettings, rules: RulesInForce, learner: ClassifierKeeper, now: UnixMilliseconds) {
        self.settings = settings
        self.learner = learner
        self.rules = Locked(rules)
        requests = LabelRequests(sampleShare: settings.sampleShare)
        let perHour = Double(settings.checksPerHour)
        budget = Locked(TokenBucket(capacity: max(1, perHour / 6), perSecond: perHour / 3600, at: now))
    }

    var rulesInForce: RulesInForce { rules.withLock { $0 } }

    /// Judges with other rules from the next text on; what rules remember stays.
    func replace(rules new: RulesInForce) { rules.withLock { $0 = new } }

    /// Judges one text. It is noted for the rules about rates and repeats.
    func judge(_ submitted: SubmittedText, _ facts: AuthorFacts) -> Judged {
        let started = ContinuousClock.now
        // The same reason is given again and again, and is neither a flood nor a repeat.
        let judged =
            submitted.kind == .reason
            ? judge(submitted, facts, remembering: nil) : judge(submitted, facts, remembering: memory)
        time.record(started.duration(to: .now))
        counts.note(judged.verdict, at: facts.context.now)
        return judged
    }

    /// Judges a text, or says again what was said when it came the first time under its nonce: who repeats a post after
    /// a broken connection is no flood. Where no text is looked at, there is nothing to remember.
    func judge(_ submitted: SubmittedText, _ facts: AuthorFacts, repeatedAs key: RecentJudgements.Key) -> Judged {
        if rulesInForce.set.isEmpty, learner.scoresOfAnything != nil { return judge(submitted, facts) }
        if let known = recent.withLock({ $0[key] }), known.text == submitted.text { return known.judged }
        let judged = judge(submitted, facts)
        recent.withLock { $0[key] = (submitted.text, judged) }
        return judged
    }

    /// Judges a text that nobody posts, as for `POST /v1/moderate`: it leaves no trace among those that are posted.
    func tryOut(_ submitted: SubmittedText, _ facts: AuthorFacts) -> Verdict {
        judge(submitted, facts, remembering: nil).verdict
    }

    /// What the classifier learns from a text, and looks at it by.
    func features(of text: String) -> (features: Features, normalised: NormalisedText) {
        withDesk { desk in
            desk.read(text, rulesInForce.normaliser, dense: [])
            desk.extract()
            return (desk.features, desk.text)
        }
    }

    private func judge(
        _ submitted: SubmittedText, _ facts: AuthorFacts, remembering memory: Locked<RuleMemory>?
    ) -> Judged {
        withDesk { judge(submitted, facts, remembering: memory, at: &$0) }
    }

    private func judge(
        _ submitted: SubmittedText, _ facts: AuthorFacts, remembering memory: Locked<RuleMemory>?,
        at desk: inout Desk
    ) -> Judged {
        let rules = rulesInForce
        let ofAnything = learner.scoresOfAnything
        // Where neither rules nor heads are, a text is read only if somebody will look at it after all.
        let isUnread = rules.set.isEmpty && ofAnything != nil
        if !isUnread { desk.read(submitted.text, rules.normaliser, dense: rules.set.denseViews) }
        if ofAnything == nil { desk.extract() }
        let outcome =
            rules.set.isEmpty
            ? RuleOutcome()
            : rules.set.evaluate(desk.text, facts.context, &desk.scratch, remembering: memory)
        let scores = ofAnything ?? learner.scores(desk.features)
        var verdict = sum(outcome, scores, facts, rules)
        let isClean = verdict.action == .allow && !verdict.isFlagged
        let request = isClean ? request(scores, facts, &desk.random) : nil
        if isClean, request == nil { return Judged(kind: submitted.kind, verdict: verdict) }
        if isUnread { desk.read(submitted.text, rules.normaliser, dense: []) }
        desk.extract()
        if !isClean { verdict.reasons += learner.opinions(scores, desk.features, of: desk.text) }
        return Judged(
            kind: submitted.kind, verdict: verdict, fingerprint: Fingerprint.of(desk.features), request: request)
    }

    /// Adds up, and lets the strictest of thresholds, rules and the author's being new decide.
    private func sum(
        _ outcome: RuleOutcome, _ scores: [ClassifierKeeper.Score], _ facts: AuthorFacts, _ rules: RulesInForce
    ) -> Verdict {
        let suspicion = outcome.score + (scores.map(\.points).max() ?? 0)
        // Standing weighs what speaks against a text; by itself it says nothing about any.
        let standing = suspicion > 0 ? facts.standing : 0
        var verdict = Verdict(
            action: .allow, score: suspicion + standing, rulesVersion: rules.set.version,
            modelVersion: learner.version,
            reasons: outcome.matches.filter { $0.counts || !$0.isEnforced }.map { .rule($0) })
        if standing != 0 { verdict.reasons.append(.standing(score: standing)) }
        verdict.action = max(outcome.action, facts.thresholds.action(for: verdict.score))
        if let hold = facts.hold {
            verdict.action = max(verdict.action, .hold)
            verdict.reasons.append(
                .rule(RuleMatch(rule: hold.rawValue, kind: "newcomer", score: 0, spans: [], action: .hold)))
        }
        verdict.isFlagged = verdict.action <= .redact && (outcome.isFlagged || verdict.score >= facts.thresholds.flag)
        verdict.timeout = outcome.timeout
        return verdict
    }

    private func request(
        _ scores: [ClassifierKeeper.Score], _ facts: AuthorFacts, _ random: inout SplitMix64
    ) -> LabelRequests.Reason? {
        guard facts.mayBeSampled, settings.checksPerHour > 0 else { return nil }
        guard let reason = requests.reason(scores.map(\.score), using: &random),
            budget.withLock({ $0.take(1, at: facts.context.now) })
        else { return nil }
        return reason
    }

    private func withDesk<Result>(_ body: (inout Desk) -> Result) -> Result {
        let place = places.withLock { $0.popLast() } ?? Place()
        defer { places.withLock { $0.append(place) } }
        return body(&place.desk)
    }
}
