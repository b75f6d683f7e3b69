import LyceumProtocol

/// When a delivery that failed is tried again: exponential back-off with equal jitter ("Exponential Backoff And Jitter",
/// AWS Architecture Blog, 2015), so that receivers that fell over together are not woken together.
struct RetrySchedule: Sendable {
    /// No wait is longer, in milliseconds.
    static let longest: UnixMilliseconds = 6 * 3_600_000

    /// In milliseconds.
    let first: UnixMilliseconds
    let attempts: Int64

    /// How long to wait, in milliseconds; `nil` if the delivery is to be given up.
    ///
    /// - Parameters:
    ///   - attempt: How often it has been tried, from 1.
    ///   - asked: What the receiver asked for, in milliseconds; it can lengthen the wait, not shorten it.
    ///   - random: In `0..<1`.
    func wait(after attempt: Int64, asked: UnixMilliseconds, random: Double) -> UnixMilliseconds? {
        guard attempt < attempts else { return nil }
        let doublings = min(2 * (attempt - 1), 40)
        let whole = min(first << doublings, Self.longest)
        let jittered = whole / 2 + UnixMilliseconds(Double(whole / 2) * random)
        return max(jittered, min(asked, Self.longest))
    }
}
