import LyceumProtocol

/// All rules in force, compiled: an immutable value that any number of threads evaluate with, each with its own state.
public struct RuleSet: Sendable {
    public let rules: [Rule]
    /// Changes with every change of a pack: equal packs have equal versions, in any process.
    public let version: String

    let keywords: KeywordIndex
    let regexes: RegexIndex
    let normaliser: Normaliser
    let allowedDomains: Set<String>
    /// Stable numbers of the rules for what ``RuleMemory`` keeps, so that a reload forgets nothing.
    let keys: [UInt64]
    /// Rules whose conditions are asked one by one, of the text alone.
    let direct: [Int]
    /// Rules about rates and repeats.
    let remembering: [Int]
    /// Composites after everything that they refer to.
    let composites: [(index: Int, formula: CompiledFormula)]
    /// How like those before it a text must be to be a repeat for some rule; `nil` if none asks.
    let leastSimilarity: Double?
    let hasSpanningWords: Bool
    /// What of a text's dense views the keywords are looked for in; nothing else reads them.
    public let denseViews: DenseViews
    /// Tells one compiled set from another; a ``RuleScratch`` is prepared for one.
    let identity: Identity

    final class Identity: Sendable {}

    /// Nothing matches.
    public static func empty(normaliser: Normaliser) -> RuleSet {
        RuleSet(
            rules: [], version: "empty", keywords: KeywordIndex(), regexes: RegexIndex(), normaliser: normaliser,
            allowedDomains: [], composites: [])
    }

    /// Reads and compiles packs.
    ///
    /// - Parameters:
    ///   - sources: Name and text of each file; names only appear in errors.
    ///   - cache: Where compiled databases are kept; without one, 500 expressions take seconds.
    /// - Throws: ``RuleErrors`` with all that is wrong, so that the caller keeps the set it has.
    public init(sources: [(file: String, yaml: String)], normaliser: Normaliser, cache: RuleCache? = nil)
        throws(RuleErrors)
    {
        var (packs, errors) = ([RulePack](), [RuleError]())
        var hash = StableHash()
        for source in sources.sorted(by: { $0.file < $1.file }) {
            hash.combine(Array(source.yaml.utf8))
            do { packs.append(try RulePack(yaml: source.yaml, file: source.file)) } catch { errors += error.errors }
        }
        for (name, same) in Dictionary(grouping: packs, by: \.name).sorted(by: { $0.key < $1.key }) where same.count > 1
        {
            errors.append(
                RuleError(
                    RulePlace(file: same[1].file, line: 1), "a second pack \"\(name)\"; the first is \(same[0].file)"))
        }
        if !errors.isEmpty { throw RuleErrors(errors: errors) }
        try self.init(packs: packs, version: hash.hexadecimal, normaliser: normaliser, cache: cache)
    }

    private init(packs: [RulePack], version: String, normaliser: Normaliser, cache: RuleCache?) throws(RuleErrors) {
        let rules = packs.flatMap(\.rules)
        var words = KeywordIndex.Builder(normaliser: normaliser)
        for pack in packs {
            for word in pack.allowedWords {
                words.add(word, rule: -1, isException: true, condition: nil, file: pack.file)
            }
        }
        var patterns: [(rule: Int, pattern: RegexPattern, file: String)] = []
        for (index, rule) in rules.enumerated() {
            switch rule.condition {
            case .keyword(let condition): words.add(condition, rule: index, file: rule.place.file)
            case .regex(let list): patterns += list.map { (index, $0, rule.place.file) }
            default: break
            }
        }
        self.init(
            rules: rules, version: version, keywords: try words.build(cache: cache),
            regexes: try RegexIndex(patterns, cache: cache), normaliser: normaliser,
            allowedDomains: Set(packs.flatMap(\.allowedDomains).map { $0.lowercased() }),
            composites: try Self.ordered(rules))
    }

    private init(
        rules: [Rule], version: String, keywords: KeywordIndex, regexes: RegexIndex, normaliser: Normaliser,
        allowedDomains: Set<String>, composites: [Int]
    ) {
        self.rules = rules
        self.version = version
        self.keywords = keywords
        self.regexes = regexes
        self.normaliser = normaliser
        self.allowedDomains = allowedDomains
        let indexOf = Dictionary(rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.composites = composites.compactMap { index in
            guard case .composite(let formula) = rules[index].condition else { return nil }
            return (index, CompiledFormula(formula) { indexOf[Self.resolve($0, from: rules[index].id)] })
        }
        keys = rules.map { rule in
            var hash = StableHash()
            hash.combine(Array(rule.id.utf8))
            return UInt64(hash.hexadecimal.prefix(16), radix: 16) ?? 0
        }
        direct = rules.indices.filter { index in
            switch rules[index].condition {
            case .keyword, .regex, .composite, .flood, .repeated: false
            default: true
            }
        }
        remembering = rules.indices.filter { index in
            switch rules[index].condition {
            case .flood, .repeated: true
            default: false
            }
        }
        let similarities = rules.compactMap { rule -> Double? in
            if case .repeated(let condition) = rule.condition { condition.similarity } else { nil }
        }
        leastSimilarity = similarities.min()
        hasSpanningWords = rules.contains {
            if case .keyword(let condition) = $0.condition { condition.spansMessages } else { false }
        }
        denseViews = DenseViews(
            (keywords.skeleton.database == nil ? [] : [.skeleton]) + (keywords.pinyin.database == nil ? [] : [.pinyin]))
        identity = Identity()
    }

    /// Whether no text can match, whatever stands in it.
    public var isEmpty: Bool { rules.isEmpty }

    // MARK: Composites

    /// Composites so that each stands behind those it refers to; refuses unknown names and circles.
    private static func ordered(_ rules: [Rule]) throws(RuleErrors) -> [Int] {
        let indexOf = Dictionary(rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        var (errors, order, state) = ([RuleError](), [Int](), [Int: Bool]())

        func visit(_ index: Int) {
            guard case .composite(let formula) = rules[index].condition else { return }
            if let isDone = state[index] {
                if !isDone {
                    errors.append(RuleError(rules[index].place, "\"\(rules[index].id)\" refers to itself in a circle"))
                }
                return
            }
            state[index] = false
            for name in formula.references {
                if let target = indexOf[Self.resolve(name, from: rules[index].id)] {
                    visit(target)
                } else {
                    errors.append(
                        RuleError(rules[index].place, "\"\(rules[index].id)\" refers to an unknown rule \"\(name)\""))
                }
            }
            state[index] = true
            order.append(index)
        }

        for index in rules.indices { visit(index) }
        if !errors.isEmpty { throw RuleErrors(errors: errors) }
        return order
    }

    /// `rule` in its own pack, or `pack.rule`.
    static func resolve(_ name: String, from id: String) -> String {
        name.contains(".") ? name : "\(id.prefix { $0 != "." }).\(name)"
    }
}

extension KeywordIndex.Builder {
    fileprivate mutating func add(_ condition: KeywordCondition, rule: Int, file: String) {
        for word in condition.words { add(word, rule: rule, isException: false, condition: condition, file: file) }
        for word in condition.exceptions { add(word, rule: rule, isException: true, condition: condition, file: file) }
    }
}
