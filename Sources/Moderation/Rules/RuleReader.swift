import LyceumProtocol
import Yams

/// Reads one rule of a pack.
enum RuleReader {
    private static let commonKeys =
        "every rule has id, kind, score, action, timeout, mode, reason, scope, exempt, examples, and keys of its kind"

    static func read(_ fields: inout PackFields, pack: String, mode: RuleMode) -> Rule {
        let name = fields.requiredString("id")
        if !name.isEmpty, !RulePack.isName(name) { fields.complain("\"id\" must be made of a-z, 0-9 and -") }
        let condition = condition(&fields)
        let score = fields.number("score", in: -100...100) ?? 0
        let action = action(&fields)
        let mode = fields.choice("mode", RuleMode.self) ?? mode
        let reason = fields.nested("reason") { reason in
            let read = RuleReason(english: reason.requiredString("en"), chinese: reason.requiredString("zh"))
            reason.finish(known: "reason has en, zh")
            return read
        }
        if reason == nil { fields.complain("\"reason\" is missing: people are told why, in en and zh") }
        let scope = scope(&fields)
        if case .newcomer = condition, scope.accountAgeBelow == nil, scope.postsBelow == nil {
            fields.complain("a newcomer rule needs account_age_below or posts_below in its scope")
        }
        let examples = examples(&fields)
        fields.finish(known: commonKeys)
        return Rule(
            id: "\(pack).\(name)", place: RulePlace(file: fields.file, line: fields.line),
            condition: condition ?? .newcomer, score: score, action: action, isEnforced: mode == .enforce,
            reason: reason ?? RuleReason(english: "", chinese: ""), scope: scope, examples: examples)
    }

    // MARK: Kinds

    private static func condition(_ fields: inout PackFields) -> RuleCondition? {
        let kind = fields.requiredString("kind")
        switch kind {
        case "keyword": return .keyword(keyword(&fields))
        case "regex": return .regex(patterns(&fields))
        case "link": return .link(link(&fields))
        case "flood":
            return .flood(
                FloodCondition(
                    moreThan: fields.requiredInteger("more_than", in: 1...100),
                    window: fields.requiredDuration("within"),
                    by: fields.choice("by", CountingScope.self) ?? .member))
        case "repeat": return .repeated(repeated(&fields))
        case "mentions": return .mentions(moreThan: fields.requiredInteger("more_than", in: 0...10_000))
        case "capitals":
            return .capitals(
                share: fields.number("share", in: 0.1...1) ?? 0.7,
                letters: fields.integer("letters", in: 1...10_000) ?? 12)
        case "emoji": return .emoji(moreThan: fields.requiredInteger("more_than", in: 0...10_000))
        case "marks": return .marks(moreThan: fields.requiredInteger("more_than", in: 0...10_000))
        case "scripts": return .scripts(scripts(&fields))
        case "length": return length(&fields)
        case "newcomer": return .newcomer
        case "evasion": return evasion(&fields)
        case "composite": return composite(&fields)
        case "": return nil
        default:
            let known = """
                keyword, regex, link, flood, repeat, mentions, capitals, emoji, marks, scripts, length, newcomer, evasion, \
                composite
                """
            fields.complain("unknown kind \"\(kind)\"; the kinds are \(known)")
            return nil
        }
    }

    private static func keyword(_ fields: inout PackFields) -> KeywordCondition {
        let words = fields.strings("words")
        if words.isEmpty { fields.complain("\"words\" is missing or empty") }
        return KeywordCondition(
            words: words, match: fields.choice("match", KeywordCondition.Match.self) ?? .word,
            matchesHomophones: fields.bool("homophones") ?? false,
            spansMessages: fields.bool("across_messages") ?? false,
            exceptions: fields.strings("except"))
    }

    private static func patterns(_ fields: inout PackFields) -> [RegexPattern] {
        let view = fields.choice("view", RegexPattern.View.self) ?? .folded
        let patterns = fields.strings("patterns").map { RegexPattern(text: $0.text, line: $0.line, view: view) }
        if patterns.isEmpty { fields.complain("\"patterns\" is missing or empty") }
        return patterns
    }

    private static func link(_ fields: inout PackFields) -> LinkCondition {
        LinkCondition(
            domains: lowercased(fields.set("domains")), exceptions: lowercased(fields.set("except")),
            onlyDisguised: fields.bool("disguised") ?? false, onlyInternational: fields.bool("international") ?? false,
            moreThan: fields.integer("more_than", in: 0...1_000) ?? 0)
    }

    private static func lowercased(_ names: Set<String>) -> Set<String> { Set(names.map { $0.lowercased() }) }

    private static func repeated(_ fields: inout PackFields) -> RepeatCondition {
        RepeatCondition(
            times: fields.requiredInteger("times", in: 2...RecentTexts.mostRepeats),
            window: fields.requiredDuration("within"),
            by: fields.choice("by", CountingScope.self) ?? .member,
            similarity: fields.number("similarity", in: 0.5...1) ?? 1,
            minimumCharacters: fields.integer("characters", in: 1...1_000) ?? 6,
            members: fields.integer("members", in: 1...RecentTexts.mostRepeats) ?? 1)
    }

    private static func scripts(_ fields: inout PackFields) -> ScriptCondition {
        func set(_ key: String) -> Scripts {
            fields.strings(key).reduce(into: Scripts()) { scripts, name in
                if let known = Scripts.named.first(where: { $0.name == name.text }) {
                    scripts.insert(known.script)
                } else {
                    let names = Scripts.named.map(\.name).joined(separator: ", ")
                    fields.absorb([
                        RuleError(
                            RulePlace(file: fields.file, line: name.line),
                            "unknown script \"\(name.text)\"; known: \(names)")
                    ])
                }
            }
        }
        let condition = ScriptCondition(
            allowed: set("allowed"), present: set("present"), mixedInWord: fields.bool("mixed_in_word") ?? false)
        if condition.allowed.isEmpty, condition.present.isEmpty, !condition.mixedInWord {
            fields.complain("a scripts rule needs allowed, present or mixed_in_word")
        }
        return condition
    }

    private static func length(_ fields: inout PackFields) -> RuleCondition {
        let characters = fields.integer("characters", in: 1...1_000_000)
        let lines = fields.integer("lines", in: 1...100_000)
        if characters == nil, lines == nil { fields.complain("a length rule needs characters or lines") }
        return .length(characters: characters, lines: lines)
    }

    private static func evasion(_ fields: inout PackFields) -> RuleCondition {
        let names: [(String, NormaliserChange)] = [
            ("compatibility", .compatibility), ("confusable", .confusable), ("invisible", .invisible),
            ("bidirectional", .bidirectional), ("mark", .mark), ("enclosed", .enclosed), ("leet", .leet),
            ("separated", .separated), ("elongated", .elongated), ("interrupted", .interrupted),
            ("digit-form", .digitForm), ("split-han", .splitHan), ("invalid-bytes", .invalidBytes),
        ]
        var changes: [NormaliserChange] = []
        for name in fields.strings("of") {
            if let known = names.first(where: { $0.0 == name.text }) {
                changes.append(known.1)
            } else {
                let known = names.map(\.0).joined(separator: ", ")
                fields.absorb([
                    RuleError(
                        RulePlace(file: fields.file, line: name.line),
                        "unknown evasion \"\(name.text)\"; known: \(known)")
                ])
            }
        }
        if changes.isEmpty { fields.complain("\"of\" is missing or empty") }
        return .evasion(changes, moreThan: fields.integer("more_than", in: 0...10_000) ?? 0)
    }

    // MARK: Composites

    private static func composite(_ fields: inout PackFields) -> RuleCondition {
        guard let node = fields.node("when") else {
            fields.complain("\"when\" is missing")
            return .newcomer
        }
        return .composite(formula(node, &fields, depth: 0))
    }

    /// `a`, `{all: […]}`, `{any: […]}`, `{not: …}`, `{score_of: […], at_least: 5}`.
    private static func formula(_ node: Node, _ fields: inout PackFields, depth: Int) -> RuleFormula {
        if case .scalar(let scalar) = node { return .rule(scalar.string) }
        var parts = PackFields(node, file: fields.file, what: "a condition")
        defer { fields.absorb(parts.errors) }
        guard depth < 16 else {
            parts.complain("conditions nest deeper than 16")
            return .any([])
        }
        var formula: RuleFormula?
        if let list = parts.node("all") { formula = .all(formulas(list, "all", &parts, depth)) }
        if formula == nil, let list = parts.node("any") { formula = .any(formulas(list, "any", &parts, depth)) }
        if formula == nil, let part = parts.node("not") { formula = .not(Self.formula(part, &parts, depth: depth + 1)) }
        if formula == nil, parts.has("score_of") {
            formula = .score(
                parts.strings("score_of").map(\.text), atLeast: parts.number("at_least", in: 0...1_000) ?? 1)
        }
        if formula == nil, parts.errors.isEmpty {
            parts.complain("a condition is a rule's id, or has all, any, not or score_of")
        }
        parts.finish(known: "a condition has one of all, any, not, score_of with at_least")
        return formula ?? .any([])
    }

    private static func formulas(_ node: Node, _ key: String, _ fields: inout PackFields, _ depth: Int) -> [RuleFormula]
    {
        guard case .sequence(let sequence) = node, !sequence.isEmpty else {
            fields.complain("\"\(key)\" must be a list of conditions", at: node)
            return []
        }
        return sequence.map { formula($0, &fields, depth: depth + 1) }
    }

    // MARK: What every rule has

    private enum ActionName: String, CaseIterable { case score, flag, redact, hold, block, timeout }

    private static func action(_ fields: inout PackFields) -> RuleAction {
        let name = fields.choice("action", ActionName.self) ?? .score
        let timeout = fields.duration("timeout")
        if (name == .timeout) != (timeout != nil) { fields.complain("action timeout and \"timeout: 10m\" go together") }
        switch name {
        case .score: return .score
        case .flag: return .flag
        case .redact: return .redact
        case .hold: return .hold
        case .block: return .block
        case .timeout: return .timeout(timeout ?? .seconds(60))
        }
    }

    private static func scope(_ fields: inout PackFields) -> RuleScope {
        var result =
            fields.nested("scope") { scope in
                var read = RuleScope()
                read.rooms = scope.set("rooms")
                read.roles = scope.set("roles")
                read.trustBelow = scope.integer("trust_below", in: 0...100)
                read.languages = scope.set("languages")
                for name in scope.strings("surfaces") {
                    if let surface = TextSurface(rawValue: name.text) {
                        read.surfaces.insert(surface)
                    } else {
                        scope.complain("unknown surface \"\(name.text)\"")
                    }
                }
                read.accountAgeBelow = scope.duration("account_age_below")
                read.postsBelow = scope.integer("posts_below", in: 1...100_000)
                if let unknown = read.languages.first(where: { !["zh", "en", "other"].contains($0) }) {
                    scope.complain("unknown language \"\(unknown)\"; zh, en or other")
                }
                scope.finish(
                    known: "scope has rooms, roles, trust_below, languages, surfaces, account_age_below, posts_below")
                return read
            } ?? RuleScope()
        if let exempt = fields.nested("exempt", readExemption) {
            result.exemptRooms = exempt.rooms
            result.exemptRoles = exempt.roles
            if let trust = exempt.trust { result.trustBelow = min(trust, result.trustBelow ?? trust) }
        }
        return result
    }

    private static func readExemption(_ exempt: inout PackFields) -> (
        rooms: Set<String>, roles: Set<String>, trust: Int?
    ) {
        let read = (exempt.set("rooms"), exempt.set("roles"), exempt.integer("trust_at_least", in: 0...100))
        exempt.finish(known: "exempt has rooms, roles, trust_at_least")
        return read
    }

    // MARK: Examples

    private static func examples(_ fields: inout PackFields) -> [RuleExample] {
        fields.nested("examples") { examples in
            let lists = [("match", true), ("pass", false)].map { key, mustMatch in
                guard let node = examples.node(key) else { return [RuleExample]() }
                guard case .sequence(let sequence) = node else {
                    examples.complain("\"\(key)\" must be a list", at: node)
                    return []
                }
                return sequence.compactMap { example($0, mustMatch, &examples) }
            }
            examples.finish(known: "examples has match, pass")
            return lists.flatMap { $0 }
        } ?? []
    }

    /// A text, a list of texts that one member posts a second apart, or a mapping with the circumstances.
    private static func example(_ node: Node, _ mustMatch: Bool, _ fields: inout PackFields) -> RuleExample? {
        let place = RulePlace(file: fields.file, line: node.mark?.line ?? fields.line)
        var context = RuleContext(member: MemberID(1), room: RoomID(1), now: 0)
        guard case .mapping = node else {
            guard let texts = texts(node) else {
                fields.complain("an example is a text, a list of texts, or has text and circumstances", at: node)
                return nil
            }
            return RuleExample(texts: texts, mustMatch: mustMatch, context: context, place: place)
        }
        var circumstances = PackFields(node, file: fields.file, what: "an example")
        let texts = circumstances.node("text").flatMap(texts)
        if texts == nil { circumstances.complain("\"text\" is missing") }
        context.mentions = circumstances.integer("mentions", in: 0...100_000) ?? 0
        context.trust = circumstances.integer("trust", in: 0...100) ?? 0
        context.posts = circumstances.integer("posts", in: 0...1_000_000) ?? 0
        context.accountAge = circumstances.duration("account_age") ?? .zero
        context.roomName = circumstances.string("room") ?? ""
        context.roles = circumstances.set("roles")
        context.surface = circumstances.choice("surface", TextSurface.self) ?? .message
        circumstances.finish(known: "an example has text, mentions, trust, posts, account_age, room, roles, surface")
        fields.absorb(circumstances.errors)
        return RuleExample(texts: texts ?? [], mustMatch: mustMatch, context: context, place: place)
    }

    private static func texts(_ node: Node) -> [String]? {
        switch node {
        case .scalar(let scalar): return [scalar.string]
        case .sequence(let sequence):
            let texts = sequence.compactMap { node -> String? in
                if case .scalar(let scalar) = node { scalar.string } else { nil }
            }
            return texts.isEmpty || texts.count != sequence.count ? nil : texts
        case .mapping, .alias: return nil
        }
    }
}
