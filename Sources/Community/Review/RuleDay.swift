import LyceumProtocol

/// What one rule, or one label of the classifier, did on one day (UTC).
public struct RuleDay: Hashable, Sendable {
    /// Days since 1970-01-01.
    public let day: Int64
    /// The rule's id, or `classifier:` and a label.
    public let rule: String
    public var hits: Int64 = 0
    public var redacted: Int64 = 0
    public var held: Int64 = 0
    public var blocked: Int64 = 0
    /// Decisions of moderators that agreed, and that did not.
    public var confirmed: Int64 = 0
    public var overturned: Int64 = 0
    /// From the item's coming to its decision, in milliseconds, over all of those decisions.
    public var waited: Int64 = 0

    public init(day: Int64, rule: String) {
        self.day = day
        self.rule = rule
    }

    public static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.hits += right.hits
        sum.redacted += right.redacted
        sum.held += right.held
        sum.blocked += right.blocked
        sum.confirmed += right.confirmed
        sum.overturned += right.overturned
        sum.waited += right.waited
        return sum
    }
}
