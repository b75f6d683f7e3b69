import Locking
import LyceumProtocol

/// What the rules say of one text.
public struct RuleOutcome: Sendable {
    /// All matches, also of rules that only observe, in the order of the packs.
    public internal(set) var matches: [RuleMatch] = []
    /// The sum over enforced matches.
    public internal(set) var score = 0.0

    /// No rule matches.
    public init() {}

    /// What the enforced rules ask for: the strictest wins.
    public var action: VerdictAction {
        matches.filter(\.isEnforced).map(\.action.verdict).max() ?? .allow
    }

    public var isFlagged: Bool { matches.contains { $0.isEnforced && $0.action == .flag } }

    /// The longest time-out that a match asks for.
    public var timeout: Duration? {
        matches.compactMap { match -> Duration? in
            if match.isEnforced, case .timeout(let duration) = match.action { duration } else { nil }
        }.max()
    }
}

extension RuleAction {
    var verdict: VerdictAction {
        switch self {
        case .score, .flag: .allow
        case .redact: .redact
        case .hold: .hold
        case .block, .timeout: .block
        }
    }
}

extension RuleSet {
    /// More spans of one rule in one text than this are not listed.
    static let mostSpans = 16

    /// Judges one text and notes it for the rules about rates and repeats.
    ///
    /// The text is scanned and compared by its samples without the lock of the memory, which is held for what is looked
    /// up and noted there alone.
    ///
    /// - Parameters:
    ///   - text: As the normaliser of this set wrote it, with ``denseViews`` at least.
    ///   - memory: `nil` for a text that nobody posts.
    public func evaluate(
        _ text: NormalisedText, _ context: RuleContext, _ scratch: inout RuleScratch,
        remembering memory: Locked<RuleMemory>?
    ) -> RuleOutcome {
        prepare(&scratch)
        var spans: [Int: [Range<Int>]] = [:]
        findKeywords(text, in: scratch.hyperscan, into: &spans)
        findPatterns(text, in: scratch.hyperscan, into: &spans)
        for index in direct {
            if let found = judge(index, text, context) { spans[index] = found }
        }
        if let memory { remember(text, context, &scratch, memory, into: &spans) }
        if direct.isEmpty, remembering.isEmpty, composites.isEmpty, spans.isEmpty { return RuleOutcome() }
        for index in Array(spans.keys) where !rules[index].scope.isOpen && !rules[index].scope.admits(context, text) {
            spans[index] = nil
        }
        for (index, formula) in composites where holds(formula, spans) && rules[index].scope.admits(context, text) {
            spans[index] = Array(formula.rules.flatMap { spans[$0] ?? [] }.prefix(Self.mostSpans))
        }
        return outcome(spans)
    }

    private func prepare(_ scratch: inout RuleScratch) {
        guard scratch.preparedFor !== identity else { return }
        let views = [keywords.skeleton.database, keywords.folded.database, keywords.pinyin.database]
        for database in (views + [regexes.folded.database, regexes.plain.database]).compactMap({ $0 }) {
            scratch.hyperscan.prepare(for: database)
        }
        for database in (regexes.folded.locators + regexes.plain.locators).compactMap({ $0 }) {
            scratch.hyperscan.prepare(for: database)
        }
        scratch.preparedFor = identity
    }

    private func outcome(_ spans: [Int: [Range<Int>]]) -> RuleOutcome {
        var outcome = RuleOutcome()
        for (index, found) in spans.sorted(by: { $0.key < $1.key }) {
            let rule = rules[index]
            outcome.matches.append(
                RuleMatch(
                    rule: rule.id, kind: rule.condition.kind, score: rule.score, spans: found, action: rule.action,
                    isEnforced: rule.isEnforced))
            if rule.isEnforced { outcome.score += rule.score }
        }
        return outcome
    }

    // MARK: Keywords

    func findKeywords(_ text: NormalisedText, in scratch: HyperscanScratch, into spans: inout [Int: [Range<Int>]]) {
        // Nearly every scan finds nothing; only then something is made to hold what was found.
        var found: KeywordMatches?
        if let database = keywords.skeleton.database, scratch.finds(in: text.skeleton.bytes, with: database) {
            found = found ?? KeywordMatches(index: keywords, units: text.units)
            found?.verifySkeleton(scratch.found, in: text.skeleton)
        }
        if let database = keywords.folded.database, scratch.finds(in: text.folded.bytes, with: database) {
            found = found ?? KeywordMatches(index: keywords, units: text.units)
            found?.verifyFolded(scratch.found, in: text.folded)
        }
        if let database = keywords.pinyin.database, scratch.finds(in: text.pinyin.bytes, with: database) {
            found = found ?? KeywordMatches(index: keywords, units: text.units)
            found?.verifyPinyin(scratch.found, in: text.pinyin)
        }
        found?.settle(into: &spans)
    }

    // MARK: Expressions

    private func findPatterns(
        _ text: NormalisedText, in scratch: HyperscanScratch, into spans: inout [Int: [Range<Int>]]
    ) {
        if let database = regexes.folded.database, scratch.finds(in: text.folded.bytes, with: database) {
            locate(scratch.found, regexes.folded, \.folded, text, scratch, into: &spans)
        }
        if let database = regexes.plain.database, scratch.finds(in: text.plain.bytes, with: database) {
            locate(scratch.found, regexes.plain, \.plain, text, scratch, into: &spans)
        }
    }

    private func locate(
        _ matches: KeywordMatches.Hits, _ view: RegexIndex.View, _ path: KeyPath<NormalisedText, TextView>,
        _ text: NormalisedText, _ scratch: HyperscanScratch, into spans: inout [Int: [Range<Int>]]
    ) {
        for match in matches {
            var ranges = [max(0, match.end - 1)..<match.end]
            if let locator = view.locators[Int(match.id)], scratch.finds(in: text[keyPath: path].bytes, with: locator) {
                ranges = Self.longest(scratch.found.map { $0.start..<$0.end })
            }
            spans[view.rules[Int(match.id)], default: []] += ranges.prefix(Self.mostSpans).map {
                text.span(of: $0, in: path)
            }
        }
    }

    /// Hyperscan reports every end of a match; the longest from each start is what a person would mark.
    private static func longest(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges.sorted(by: { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) })
        where range.lowerBound >= (result.last?.upperBound ?? 0) {
            result.append(range)
        }
        return result
    }

    // MARK: Composites

    private func holds(_ formula: CompiledFormula, _ spans: [Int: [Range<Int>]]) -> Bool {
        switch formula {
        case .rule(let index): spans[index] != nil
        case .all(let parts): parts.allSatisfy { holds($0, spans) }
        case .any(let parts): parts.contains { holds($0, spans) }
        case .not(let part): !holds(part, spans)
        case .score(let indices, let least):
            indices.reduce(0) { $0 + (spans[$1] == nil ? 0 : rules[$1].score) } >= least
        }
    }
}
