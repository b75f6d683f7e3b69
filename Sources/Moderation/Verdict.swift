/// What happens to a submission, mildest first. Raw values are wire format.
public enum VerdictAction: String, Sendable, Codable, Comparable, CaseIterable {
    case allow
    /// Posted with the offending spans masked.
    case redact
    /// Not posted; its author and the moderators see it until somebody decides.
    case hold
    /// Refused; nothing of it is posted.
    case block

    public static func < (left: Self, right: Self) -> Bool { left.severity < right.severity }

    private var severity: Int {
        switch self {
        case .allow: 0
        case .redact: 1
        case .hold: 2
        case .block: 3
        }
    }
}

/// What the moderation stage says of one text, with everything that made it say so.
public struct Verdict: Sendable, Hashable {
    public var action: VerdictAction
    /// The sum of all reasons; the room's thresholds turned it into `action`.
    public var score: Double
    /// Whether the text is posted and also goes into the review queue.
    public var isFlagged = false
    /// How long the author may not post, if a rule says so.
    public var timeout: Duration?
    /// Hash of the rule set that was in force.
    public var rulesVersion: String
    /// Version of the classifier's state.
    public var modelVersion: String
    public var reasons: [VerdictReason]

    public init(
        action: VerdictAction, score: Double, rulesVersion: String, modelVersion: String, reasons: [VerdictReason]
    ) {
        self.action = action
        self.score = score
        self.rulesVersion = rulesVersion
        self.modelVersion = modelVersion
        self.reasons = reasons
    }

    /// What `redact` masks: UTF-8 byte offsets in the original text.
    public var spans: [Range<Int>] {
        reasons.flatMap { reason -> [Range<Int>] in
            guard case .rule(let match) = reason else { return [] }
            return match.spans
        }
    }
}

/// One summand of a verdict's score.
public enum VerdictReason: Sendable, Hashable {
    case rule(RuleMatch)
    case classifier(ClassifierOpinion)
    /// The author's standing: trust earned (negative) or strikes (positive).
    case standing(score: Double)
}

/// A rule that matched.
public struct RuleMatch: Sendable, Hashable {
    /// Pack and rule, such as `ads.contact-handle`.
    public let rule: String
    public let kind: String
    public let score: Double
    /// UTF-8 byte offsets in the original text; empty for rules about the author's rate or the text as a whole.
    public let spans: [Range<Int>]
    public let action: RuleAction
    /// False for a rule on trial: it is reported and counts for nothing.
    public let isEnforced: Bool

    /// Whether it adds anything: a rule on trial or one that only others refer to does not.
    public var counts: Bool { isEnforced && (score != 0 || action != .score) }

    public init(
        rule: String, kind: String, score: Double, spans: [Range<Int>], action: RuleAction, isEnforced: Bool = true
    ) {
        self.rule = rule
        self.kind = kind
        self.score = score
        self.spans = spans
        self.action = action
        self.isEnforced = isEnforced
    }
}

/// What a rule asks for when it matches, mildest first.
public enum RuleAction: Sendable, Hashable {
    /// Nothing but its score.
    case score
    /// Posted, and shown to the moderators.
    case flag
    case redact
    case hold
    case block
    /// Blocked, and the author may not post for that long.
    case timeout(Duration)
}

/// What one head of the classifier thinks of a text.
public struct ClassifierOpinion: Sendable, Hashable {
    /// The head's label, such as `spam`.
    public let label: String
    /// Calibrated, 0...1.
    public let probability: Double
    /// The log-odds that go into the verdict's score.
    public let score: Double
    /// The strongest features with their exact share of the log-odds, strongest first.
    public let tokens: [(text: String, weight: Double)]

    public init(label: String, probability: Double, score: Double, tokens: [(text: String, weight: Double)]) {
        self.label = label
        self.probability = probability
        self.score = score
        self.tokens = tokens
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.label == right.label && left.probability == right.probability && left.score == right.score
            && left.tokens.elementsEqual(right.tokens, by: ==)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(label)
        hasher.combine(probability)
    }
}

// MARK: - Wire format (PROTOCOL section 6)

extension Verdict: Encodable {
    enum CodingKeys: String, CodingKey {
        case action, score, reasons, flagged
        case timeout = "timeout_s"
        case rulesVersion = "rules_version"
        case modelVersion = "model_version"
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(action, forKey: .action)
        try fields.encode(score, forKey: .score)
        if isFlagged { try fields.encode(true, forKey: .flagged) }
        if let timeout { try fields.encode(timeout.components.seconds, forKey: .timeout) }
        try fields.encode(rulesVersion, forKey: .rulesVersion)
        try fields.encode(modelVersion, forKey: .modelVersion)
        try fields.encode(reasons, forKey: .reasons)
    }
}

extension VerdictReason: Encodable {
    enum CodingKeys: String, CodingKey {
        case rule, kind, score, span, spans, observed, classifier, probability, tokens, standing
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .rule(let match):
            try fields.encode(match.rule, forKey: .rule)
            try fields.encode(match.kind, forKey: .kind)
            try fields.encode(match.score, forKey: .score)
            let spans = match.spans.map { [$0.lowerBound, $0.upperBound] }
            try fields.encodeIfPresent(spans.first, forKey: .span)
            if spans.count > 1 { try fields.encode(spans, forKey: .spans) }
            if !match.isEnforced { try fields.encode(true, forKey: .observed) }
        case .classifier(let opinion):
            try fields.encode(opinion.label, forKey: .classifier)
            try fields.encode(opinion.probability, forKey: .probability)
            var tokens = fields.nestedUnkeyedContainer(forKey: .tokens)
            for token in opinion.tokens {
                var pair = tokens.nestedUnkeyedContainer()
                try pair.encode(token.text)
                try pair.encode(token.weight)
            }
        case .standing(let score):
            try fields.encode(score, forKey: .standing)
        }
    }
}
