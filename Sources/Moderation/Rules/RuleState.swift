import Locking
import LyceumProtocol

/// What the rules about rates and repeats remember of all texts.
///
/// Bounded: at most ``RecentTimes/capacity`` authors or rooms a rule generation, ``RecentTexts/capacity`` texts and as
/// many short messages. What is forgotten first is what was used longest ago.
public struct RuleMemory {
    var times = RecentTimes()
    var texts = RecentTexts()
    var tails = MessageTails()

    public init() {}
}

/// The work space of one evaluation at a time: whoever evaluates beside others has one of their own.
public struct RuleScratch {
    let hyperscan = HyperscanScratch()
    /// The rule set that `hyperscan` was prepared for; kept alive, so that no later set can have the same address.
    var preparedFor: RuleSet.Identity?
    var sample = TextSample()
    var joined = NormalisedText()

    public init() {}
}

/// Memory and work space of one who evaluates alone.
public struct RuleState {
    /// `nil` for texts that nobody posts: rules about rates and repeats then neither see nor note anything.
    let memory: Locked<RuleMemory>?
    var scratch = RuleScratch()

    public init(remembering remembers: Bool = true) { memory = remembers ? Locked(RuleMemory()) : nil }
}

extension RuleSet {
    /// As ``evaluate(_:_:_:remembering:)``.
    public func evaluate(_ text: NormalisedText, _ context: RuleContext, _ state: inout RuleState) -> RuleOutcome {
        evaluate(text, context, &state.scratch, remembering: state.memory)
    }
}

/// A map of bounded size: two halves, of which the older is dropped when the newer is full.
struct AgingMap<Key: Hashable, Value> {
    private var newer: [Key: Value] = [:]
    private var older: [Key: Value] = [:]
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity / 2 }

    subscript(key: Key) -> Value? { newer[key] ?? older[key] }

    mutating func set(_ key: Key, _ value: Value) {
        if newer.count >= capacity, newer[key] == nil {
            swap(&older, &newer)
            newer.removeAll(keepingCapacity: true)
        }
        newer[key] = value
    }
}

/// When whose messages came, for rules about floods.
struct RecentTimes {
    static let capacity = 100_000

    private struct Key: Hashable {
        let rule: UInt64
        let member: Int64
        let room: Int64
    }

    private var recent = AgingMap<Key, [UnixMilliseconds]>(capacity: capacity)

    /// Notes one message and tells whether there are now more than `condition.moreThan` within its window.
    mutating func exceeds(_ condition: FloodCondition, rule: UInt64, _ context: RuleContext) -> Bool {
        let key = Key(
            rule: rule, member: condition.by == .member ? context.member.rawValue : 0,
            room: condition.by == .room ? context.room.rawValue : 0)
        let oldest = context.now - condition.window.milliseconds
        var times = (recent[key] ?? []).filter { $0 > oldest && $0 <= context.now }
        times.append(context.now)
        // One more than the limit answers every later question as well.
        if times.count > condition.moreThan + 1 { times.removeFirst(times.count - condition.moreThan - 1) }
        recent.set(key, times)
        return times.count > condition.moreThan
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}

/// The last short message of each author in a room, for words that are split over two.
struct MessageTails {
    static let capacity = 20_000
    /// Messages longer than this, in bytes, are not parts of a word.
    static let longest = 64
    static let window = Duration.seconds(60)

    private struct Key: Hashable {
        let member: Int64
        let room: Int64
    }

    private var recent = AgingMap<Key, (plain: [UInt8], at: UnixMilliseconds)>(capacity: capacity)

    /// The plain view of the author's previous message in the room, if both it and this one are short; notes this one.
    mutating func exchange(_ text: NormalisedText, _ context: RuleContext) -> [UInt8]? {
        let key = Key(member: context.member.rawValue, room: context.room.rawValue)
        let isShort = text.plain.bytes.count <= Self.longest
        let before = recent[key]
        guard isShort || before != nil else { return nil }
        recent.set(key, (isShort ? text.plain.bytes : [], context.now))
        guard isShort, let before, !before.plain.isEmpty, context.now - before.at <= Self.window.milliseconds else {
            return nil
        }
        return before.plain
    }
}
