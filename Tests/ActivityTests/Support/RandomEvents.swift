import Activity
import LyceumProtocol

/// SplitMix64 (Steele, Lea, Flood, 2014): the same sequence everywhere for a seed.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Something that happens to a tracker.
enum Step {
    case event(ActivityEvent)
    case exclude(MemberID)
    case include(MemberID)
}

/// Random histories of a small community: everybody meets everybody, so that effects cross.
struct RandomEvents {
    static let start: Int64 = 1_760_000_000_000
    static let words = [
        "swift", "actor", "kernel", "memory", "#tuning", "#async", "EventLoop", "fan_out", "微信小程序", "编译器", "数据库", "the",
    ]

    var random: SplitMix64
    var members = 6
    /// Rooms 1... are public, 11... private, 21... direct.
    var rooms: [Int64] = [1, 2, 3]
    /// Length of the history in milliseconds.
    var span: Int64 = 12 * 86_400_000
    private var heads: [Int64: Int64] = [:]
    private var deleted: [Int64: [Int64]] = [:]
    private var posts: [Int64: [(seq: Int64, thread: Int64, author: Int64)]] = [:]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    static func audience(_ room: Int64) -> Audience { room < 10 ? .everyone : room < 20 ? .room : .direct }

    mutating func steps(_ count: Int) -> [Step] {
        var steps: [Step] = []
        var clock = Self.start
        for _ in 0..<count {
            clock += Int64.random(in: 0...(2 * span / Int64(count)), using: &random)
            steps.append(step(at: clock))
            // A repeated event, now and then.
            if case .event(let event) = steps[steps.count - 1], chance(30) { steps.append(.event(event)) }
        }
        return steps
    }

    private mutating func step(at clock: Int64) -> Step {
        if chance(40) { return .exclude(member()) }
        if chance(30) { return .include(member()) }
        let room = rooms.randomElement(using: &random) ?? 1
        let seq = heads[room, default: 0] + 1
        heads[room] = seq
        // Some arrive late, and dated before what came before them.
        let at = chance(10) ? clock - Int64.random(in: 0...span / 2, using: &random) : clock
        let by = member()
        let kind = kind(room, seq, by.rawValue)
        return .event(
            ActivityEvent(
                seq: seq, at: at, member: by, room: RoomID(room), audience: Self.audience(room), kind: kind))
    }

    private mutating func kind(_ room: Int64, _ seq: Int64, _ by: Int64) -> ActivityEvent.Kind {
        let known = posts[room] ?? []
        guard let post = known.randomElement(using: &random) else { return newPost(room, seq, by, nil) }
        let target = ActivityEvent.Target(seq: post.seq, thread: post.thread, author: MemberID(post.author))
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<40: return newPost(room, seq, by, post.thread)
        case 40..<55: return newPost(room, seq, by, nil)
        case 55..<62: return .reaction(target)
        case 62..<67: return .vote(target, value: Bool.random(using: &random) ? 1 : -1)
        case 67..<70: return .accepted(target)
        case 70..<74: return .follow(thread: Bool.random(using: &random) ? post.thread : nil)
        case 74..<78: return .read(thread: Bool.random(using: &random) ? post.thread : nil)
        case 78..<82: return .join
        case 82..<84: return .leave
        case 84..<93:
            let victim = Int64.random(in: 1...max(1, seq - 1), using: &random)
            deleted[room, default: []].append(victim)
            return .deletion(of: victim)
        case 93..<96: return .restoration(of: deleted[room]?.randomElement(using: &random) ?? post.seq)
        case 96..<98: return .title(of: post.thread, chance(3) ? nil : text())
        default: return .edit(of: post.seq, text: text(), mentions: mentions())
        }
    }

    private mutating func newPost(_ room: Int64, _ seq: Int64, _ by: Int64, _ thread: Int64?) -> ActivityEvent.Kind {
        let root = thread ?? seq
        posts[room, default: []].append((seq, root, by))
        let forms: [ActivityEvent.Post.Form] = [.message, .question, .answer]
        return .post(
            ActivityEvent.Post(
                form: forms.randomElement(using: &random) ?? .message, thread: root,
                title: thread == nil && chance(2) ? text() : nil,
                text: text(), mentions: mentions(), replyTo: chance(4) ? member() : nil))
    }

    private mutating func text() -> String {
        (0..<Int.random(in: 0...5, using: &random)).map { _ in Self.words.randomElement(using: &random) ?? "" }
            .joined(separator: " ")
    }

    private mutating func mentions() -> [MemberID] { chance(3) ? [member()] : [] }
    private mutating func member() -> MemberID { MemberID(Int64.random(in: 1...Int64(members), using: &random)) }
    private mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }
}

/// A tracker with the record it may ask.
struct Community {
    var tracker = Tracker()
    var history = RecordedHistory()
    var outcomes: [Tracker.Outcome] = []

    mutating func perform(_ step: Step) {
        switch step {
        case .event(let event):
            let outcome = tracker.ingest(event, now: max(event.at, RandomEvents.start), history: history)
            outcomes.append(outcome)
            if outcome != .repeated { history.append(event) }
        case .exclude(let member): tracker.exclude(member, history: history)
        case .include(let member): tracker.include(member, history: history)
        }
    }

    static func after(_ steps: some Sequence<Step>) -> Community {
        var community = Community()
        for step in steps { community.perform(step) }
        return community
    }
}
