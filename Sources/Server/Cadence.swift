import LyceumProtocol

/// Says when something is due that is done every so often. Whoever asks may come late or skip a second, and the wall clock
/// may jump; neither puts it off by more than the next asking.
struct Cadence: Sendable {
    private let interval: UnixMilliseconds
    private var lastAt: UnixMilliseconds = 0

    init(seconds: Int64) { interval = seconds * 1000 }

    /// Whether it is due now, in which case it counts as done.
    mutating func isDue(at now: UnixMilliseconds) -> Bool {
        guard abs(now - lastAt) >= interval else { return false }
        lastAt = now
        return true
    }
}
