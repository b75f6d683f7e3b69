/// All expressions of a rule set: one database a view that says which match, and one an expression that says where.
struct RegexIndex: Sendable {
    struct View: Sendable {
        var database: HyperscanDatabase?
        /// Rule of each expression.
        var rules: [Int] = []
        /// Databases that report where matches begin, nil for an expression that is too large for one.
        var locators: [HyperscanDatabase?] = []
    }

    private(set) var folded = View()
    private(set) var plain = View()

    /// The longest expression, in bytes of UTF-8.
    static let longestPattern = 2_000
    /// The most copies that the counted repeats of one expression may ask for; Hyperscan makes them all.
    static let mostRepeats = 2_000
    /// The largest database of one expression, in bytes.
    static let largestDatabase = 1 << 20

    init() {}

    /// Compiles every pattern alone, so that a bad one is named, and then all of them together.
    init(_ patterns: [(rule: Int, pattern: RegexPattern, file: String)], cache: RuleCache?) throws(RuleErrors) {
        var errors: [RuleError] = []
        for view in RegexPattern.View.allCases {
            let here = patterns.filter { $0.pattern.view == view }
            var compiled = View()
            for (rule, pattern, file) in here {
                do {
                    compiled.locators.append(try Self.locator(pattern.text, cache))
                    compiled.rules.append(rule)
                } catch {
                    errors.append(RuleError(RulePlace(file: file, line: pattern.line), error.message))
                }
            }
            guard errors.isEmpty, !here.isEmpty else { continue }
            let sources = here.map { Array($0.pattern.text.utf8) }
            do {
                compiled.database = try RuleCache.database(cache, for: sources, kind: "expressions") {
                    () throws(HyperscanDatabase.Failure) in
                    try HyperscanDatabase(expressions: here.map(\.pattern.text), findsStart: false)
                }
            } catch {
                let at = error.expression.map { here[$0] } ?? here[0]
                errors.append(
                    RuleError(
                        RulePlace(file: at.file, line: at.pattern.line), "the expressions together: \(error.message)"))
            }
            switch view {
            case .folded: folded = compiled
            case .plain: plain = compiled
            }
        }
        if !errors.isEmpty { throw RuleErrors(errors: errors) }
    }

    /// The database that finds where an expression matches; nil if only its end can be told.
    private static func locator(_ pattern: String, _ cache: RuleCache?) throws(HyperscanDatabase.Failure)
        -> HyperscanDatabase?
    {
        guard pattern.utf8.count <= longestPattern else {
            throw HyperscanDatabase.Failure(
                expression: 0, message: "the expression is longer than \(longestPattern) bytes")
        }
        guard repeats(in: pattern) <= mostRepeats else {
            let message = "the expression's counted repeats come to more than \(mostRepeats)"
            throw HyperscanDatabase.Failure(expression: 0, message: message)
        }
        let width = try HyperscanDatabase.width(of: pattern)
        guard width.least > 0 else {
            throw HyperscanDatabase.Failure(expression: 0, message: "the expression matches the empty text")
        }
        let source = Array(pattern.utf8)
        let matcher = try RuleCache.database(cache, for: [source], kind: "expression") {
            () throws(HyperscanDatabase.Failure) in try HyperscanDatabase(expressions: [pattern], findsStart: false)
        }
        guard matcher.size <= largestDatabase else {
            let message = "the expression needs \(matcher.size >> 10) KiB; \(largestDatabase >> 10) are allowed"
            throw HyperscanDatabase.Failure(expression: 0, message: message)
        }
        // Hyperscan cannot report starts for some expressions that it can match; then the end has to do.
        return try? RuleCache.database(cache, for: [source], kind: "locator") {
            () throws(HyperscanDatabase.Failure) in try HyperscanDatabase(expressions: [pattern], findsStart: true)
        }
    }

    /// How many copies of single characters the counted repeats `{n,m}` ask for: sums side by side, products when nested.
    static func repeats(in pattern: String) -> Int {
        var (sums, lastGroup, isEscaped, isInClass) = ([0], 0, false, false)
        var rest = Array(pattern.utf8)[...]
        while let byte = rest.popFirst() {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch byte {
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "["): isInClass = true
            case UInt8(ascii: "]"): isInClass = false
            case UInt8(ascii: "(") where !isInClass: sums.append(0)
            case UInt8(ascii: ")") where !isInClass && sums.count > 1:
                lastGroup = sums.removeLast()
                sums[sums.count - 1] += lastGroup
                if rest.first == UInt8(ascii: "{") { continue }
                lastGroup = 0
            case UInt8(ascii: "{") where !isInClass:
                let bounds = rest.prefix { $0 != UInt8(ascii: "}") }.split(separator: UInt8(ascii: ","))
                let most = min(bounds.last.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 1, mostRepeats + 1)
                sums[sums.count - 1] += max(lastGroup, 1) * most
                lastGroup = 0
            default: break
            }
            if sums[sums.count - 1] > mostRepeats { return mostRepeats + 1 }
        }
        return sums.reduce(0, +)
    }
}
