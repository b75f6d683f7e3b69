import LyceumProtocol
import Yams

/// One file of rules.
public struct RulePack: Sendable {
    public let name: String
    public let file: String
    public let rules: [Rule]
    /// Phrases inside which no keyword of any pack counts.
    public let allowedWords: [(text: String, line: Int)]
    /// Hosts and registered domains that no link rule of any pack sees.
    public let allowedDomains: Set<String>

    /// The largest file that is read, in bytes.
    public static let maximumBytes = 16 << 20
    /// The most rules in one pack. Words are cheap, rules are not: each one's condition is asked for every message.
    public static let maximumRules = 5_000

    /// Reads a pack strictly: an unknown key or kind, a missing value, a word that says nothing are all refused.
    ///
    /// - Parameter file: The name that errors carry.
    /// - Throws: ``RuleErrors`` with every mistake in the file.
    public init(yaml: String, file: String) throws(RuleErrors) {
        var fields = PackFields(try Self.root(yaml, file), file: file, what: "a pack")
        let name = fields.requiredString("pack")
        if !Self.isName(name) { fields.complain("\"pack\" must be made of a-z, 0-9 and -") }
        let mode = fields.choice("mode", RuleMode.self) ?? .enforce
        let allow = fields.nested("allow") { allow in
            let read = (words: allow.strings("words"), domains: allow.set("domains"))
            allow.finish(known: "allow has words, domains")
            return read
        }
        let nodes = Self.ruleNodes(&fields)
        var rules: [Rule] = []
        for node in nodes {
            var rule = PackFields(node, file: file, what: "a rule")
            rules.append(RuleReader.read(&rule, pack: name, mode: mode))
            fields.absorb(rule.errors)
        }
        fields.finish(known: "a pack has pack, mode, allow, rules")
        for (id, same) in Dictionary(grouping: rules, by: \.id) where same.count > 1 {
            fields.absorb(same.dropFirst().map { RuleError($0.place, "a second rule \"\(id)\"") })
        }
        if !fields.errors.isEmpty { throw RuleErrors(errors: fields.errors.sorted { $0.place.line < $1.place.line }) }
        self.name = name
        self.file = file
        self.rules = rules
        allowedWords = allow?.words ?? []
        allowedDomains = allow?.domains ?? []
    }

    private static func ruleNodes(_ fields: inout PackFields) -> [Node] {
        guard let node = fields.node("rules") else {
            fields.complain("\"rules\" is missing")
            return []
        }
        guard case .sequence(let sequence) = node else {
            fields.complain("\"rules\" must be a list", at: node)
            return []
        }
        guard sequence.count <= maximumRules else {
            fields.complain(
                "\(sequence.count) rules; one pack may have \(maximumRules). Put words into one rule's list", at: node)
            return []
        }
        return Array(sequence)
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    private static func root(_ yaml: String, _ file: String) throws(RuleErrors) -> Node {
        func refuse(_ line: Int, _ reason: String) -> RuleErrors {
            RuleErrors(errors: [RuleError(RulePlace(file: file, line: line), reason)])
        }
        guard yaml.utf8.count <= maximumBytes else { throw refuse(0, "larger than \(maximumBytes >> 20) MiB") }
        if let line = firstAlias(in: yaml) {
            throw refuse(line, "anchors and aliases are not read: a few of them can stand for millions of values")
        }
        do {
            guard let node = try compose(yaml: yaml) else { throw refuse(0, "the file is empty") }
            return node
        } catch let error as YamlError {
            let problem = YAMLProblem(error)
            throw refuse(problem.line, problem.reason)
        } catch let error as RuleErrors {
            throw error
        } catch {
            throw refuse(0, "not YAML: \(error)")
        }
    }

    /// The line of the first `&anchor` or `*alias`. The parser would expand aliases before anybody could count them.
    private static func firstAlias(in yaml: String) -> Int? {
        for (number, line) in yaml.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            var (previous, quote): (UInt8, UInt8?) = (0x20, nil)
            var significant: UInt8 = 0x3A
            for (byte, next) in zip(line, line.dropFirst()) {
                if let open = quote {
                    if byte == open, previous != 0x5C { quote = nil }
                } else if byte == 0x23, previous == 0x20 {
                    break
                } else if byte == 0x22 || byte == 0x27, isNodeStart(after: significant) {
                    quote = byte
                } else if byte == 0x26 || byte == 0x2A, isNodeStart(after: significant), next > 0x20 {
                    return number + 1
                }
                if byte != 0x20 { significant = previous == 0x20 || byte != 0x2D ? byte : 0x61 }
                previous = byte
            }
        }
        return nil
    }

    /// Whether a value may begin behind `:`, `-`, `[`, `{`, `,` or `?`.
    private static func isNodeStart(after byte: UInt8) -> Bool { [0x3A, 0x2D, 0x5B, 0x7B, 0x2C, 0x3F].contains(byte) }
}

/// Whether a rule acts or only reports.
enum RuleMode: String, CaseIterable { case enforce, observe }
