/// One rule of a pack, as read; ``RuleSet`` compiles it.
public struct Rule: Sendable {
    /// `pack.rule`.
    public let id: String
    public let place: RulePlace
    public let condition: RuleCondition
    /// What a match adds to the verdict's score.
    public let score: Double
    public let action: RuleAction
    /// False for `mode: observe`.
    public let isEnforced: Bool
    public let reason: RuleReason
    public let scope: RuleScope
    public let examples: [RuleExample]
}

/// Where something stands in a pack, for messages to its author.
public struct RulePlace: Sendable, Hashable {
    public let file: String
    /// From 1; 0 if the whole file is meant.
    public let line: Int
}

/// What is wrong with a pack; shows as `file:line: reason`.
public struct RuleError: Error, Sendable, Hashable, CustomStringConvertible {
    public let place: RulePlace
    public let reason: String

    public init(_ place: RulePlace, _ reason: String) {
        self.place = place
        self.reason = reason
    }

    public var description: String { "\(place.file):\(place.line): \(reason)" }
}

/// Everything that is wrong with a set of packs, in the order of files and lines; none of it is loaded.
public struct RuleErrors: Error, Sendable, CustomStringConvertible {
    public let errors: [RuleError]
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// What a member is told.
public struct RuleReason: Sendable, Hashable {
    public let english: String
    public let chinese: String
}

public enum RuleCondition: Sendable {
    case keyword(KeywordCondition)
    case regex([RegexPattern])
    case link(LinkCondition)
    case flood(FloodCondition)
    case repeated(RepeatCondition)
    /// More than so many members mentioned in one text.
    case mentions(moreThan: Int)
    /// At least this share of at least so many cased letters is upper-case.
    case capitals(share: Double, letters: Int)
    case emoji(moreThan: Int)
    /// More combining marks than this on one character.
    case marks(moreThan: Int)
    case scripts(ScriptCondition)
    /// More than so many characters or lines.
    case length(characters: Int?, lines: Int?)
    /// The author is new; what "new" means stands in the scope.
    case newcomer
    /// The normaliser undid more than so many of these.
    case evasion([NormaliserChange], moreThan: Int)
    case composite(RuleFormula)

    /// The word that packs use.
    public var kind: String {
        switch self {
        case .keyword: "keyword"
        case .regex: "regex"
        case .link: "link"
        case .flood: "flood"
        case .repeated: "repeat"
        case .mentions: "mentions"
        case .capitals: "capitals"
        case .emoji: "emoji"
        case .marks: "marks"
        case .scripts: "scripts"
        case .length: "length"
        case .newcomer: "newcomer"
        case .evasion: "evasion"
        case .composite: "composite"
        }
    }
}

public struct KeywordCondition: Sendable {
    public enum Match: String, Sendable, CaseIterable { case word, prefix, suffix, substring }

    public let words: [(text: String, line: Int)]
    /// For words that begin or end with anything but Han, which has no word boundaries.
    public let match: Match
    /// Whether Han characters that sound alike match too.
    public let matchesHomophones: Bool
    /// Whether a word may begin in one short message and end in the author's next.
    public let spansMessages: Bool
    /// Phrases inside which the words do not count.
    public let exceptions: [(text: String, line: Int)]
}

public struct RegexPattern: Sendable {
    public enum View: String, Sendable, CaseIterable { case folded, plain }

    public let text: String
    public let line: Int
    public let view: View
}

public struct LinkCondition: Sendable {
    /// Registered domains or hosts; empty means any.
    public let domains: Set<String>
    public let exceptions: Set<String>
    public let onlyDisguised: Bool
    public let onlyInternational: Bool
    public let moreThan: Int
}

/// Whose messages count together.
public enum CountingScope: String, Sendable, CaseIterable { case member, room, community }

public struct FloodCondition: Sendable {
    public let moreThan: Int
    public let window: Duration
    public let by: CountingScope
}

public struct RepeatCondition: Sendable {
    /// This many equal texts, the present one included.
    public let times: Int
    public let window: Duration
    public let by: CountingScope
    /// Share of common character pairs from which texts are equal; 1 asks for the same skeleton.
    public let similarity: Double
    public let minimumCharacters: Int
    /// How many different authors the texts must have.
    public let members: Int
}

public struct ScriptCondition: Sendable {
    /// Scripts that are unremarkable; empty if `present` or `mixedInWord` decides.
    public let allowed: Scripts
    public let present: Scripts
    /// Whether one word mixes letters of scripts that look alike.
    public let mixedInWord: Bool
}

public indirect enum RuleFormula: Sendable {
    case rule(String)
    case all([RuleFormula])
    case any([RuleFormula])
    case not(RuleFormula)
    /// At least so many points from these rules together.
    case score([String], atLeast: Double)

    var references: [String] {
        switch self {
        case .rule(let id): [id]
        case .all(let parts), .any(let parts): parts.flatMap(\.references)
        case .not(let part): part.references
        case .score(let ids, _): ids
        }
    }
}

/// A formula whose names have become indices of rules.
indirect enum CompiledFormula: Sendable {
    case rule(Int)
    case all([CompiledFormula])
    case any([CompiledFormula])
    case not(CompiledFormula)
    case score([Int], atLeast: Double)

    /// - Parameter index: Gives the index of a name; nil only for names that were refused before.
    init(_ formula: RuleFormula, _ index: (String) -> Int?) {
        switch formula {
        case .rule(let name): self = index(name).map { .rule($0) } ?? .any([])
        case .all(let parts): self = .all(parts.map { CompiledFormula($0, index) })
        case .any(let parts): self = .any(parts.map { CompiledFormula($0, index) })
        case .not(let part): self = .not(CompiledFormula(part, index))
        case .score(let names, let least): self = .score(names.compactMap(index), atLeast: least)
        }
    }

    var rules: [Int] {
        switch self {
        case .rule(let index): [index]
        case .all(let parts), .any(let parts): parts.flatMap(\.rules)
        case .not(let part): part.rules
        case .score(let indices, _): indices
        }
    }
}

/// To whom and where a rule applies. Empty sets and nils do not restrict.
public struct RuleScope: Sendable {
    public var rooms: Set<String> = []
    public var exemptRooms: Set<String> = []
    public var roles: Set<String> = []
    public var exemptRoles: Set<String> = []
    /// Only authors with less trust than this.
    public var trustBelow: Int?
    /// `zh` or `en`, by the text's own letters.
    public var languages: Set<String> = []
    public var surfaces: Set<TextSurface> = []
    /// Only authors whose account is younger or who have posted fewer messages; either makes a newcomer.
    public var accountAgeBelow: Duration?
    public var postsBelow: Int?

    public init() {}
}

/// What kind of text is judged. Raw values are what packs write.
public enum TextSurface: String, Sendable, CaseIterable, Codable {
    case message, title, topic, name, profile, question, answer, poll, file, bot, report
}

/// A conversation that must or must not make the rule match; its last message decides.
public struct RuleExample: Sendable {
    public let texts: [String]
    public let mustMatch: Bool
    public let context: RuleContext
    public let place: RulePlace
}
