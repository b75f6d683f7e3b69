import LyceumProtocol

/// Which posts the rankers learn from: all of them as long as they are few, and so many a second of many.
///
/// Learning from one post costs as much as ranking several lists, and while it lasts nobody is pushed anything. The pace
/// follows the dates of public posts alone: what happens in private rooms must not be told from what is learnt.
public struct LearningPace: Sendable {
    /// Posts a second that are learnt from in the long run; twice as many may come at once.
    private let perSecond: Double
    /// Of posts that are read long after they were written, every n-th is learnt from, chosen by its name.
    private let oneInOld: UInt64
    private var allowance: Double
    private var lastAt = UnixMilliseconds.min

    /// Posts older than this, in milliseconds, are being caught up on.
    private static let catchingUp: Int64 = 60_000

    public init(perSecond: Double = 8, oneInOld: UInt64 = 16) {
        self.perSecond = perSecond
        self.oneInOld = max(1, oneInOld)
        allowance = 2 * perSecond
    }

    /// Every post, whatever it costs.
    public static let unbounded = LearningPace(perSecond: .infinity, oneInOld: 1)

    /// Whether to learn from `event`, of which a part of the pace is then used up.
    public mutating func admits(_ event: ActivityEvent, at now: UnixMilliseconds) -> Bool {
        guard event.audience == .everyone, case .post = event.kind else { return false }
        if now - event.at > Self.catchingUp {
            let name = UInt64(bitPattern: event.seq) ^ Interner.hash(UInt64(bitPattern: event.room.rawValue))
            return Interner.hash(name) % oneInOld == 0
        }
        let elapsed = Double(elapsed(event.at, since: lastAt)) / 1_000
        allowance = min(2 * perSecond, allowance + max(0, elapsed) * perSecond)
        lastAt = max(lastAt, event.at)
        guard allowance >= 1 else { return false }
        allowance -= 1
        return true
    }
}
