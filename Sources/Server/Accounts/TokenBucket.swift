import LyceumProtocol

/// A token bucket: `capacity` at once, `perSecond` in the long run.
///
/// The clock may jump (it is the wall clock where buckets outlive a connection); a step back gives nothing and takes
/// nothing.
struct TokenBucket: Sendable {
    let capacity: Double
    let perSecond: Double
    private var tokens: Double
    private var updated: UnixMilliseconds

    init(capacity: Double, perSecond: Double, at now: UnixMilliseconds) {
        self.capacity = capacity
        self.perSecond = perSecond
        tokens = capacity
        updated = now
    }

    /// Takes `cost` tokens if there are as many.
    mutating func take(_ cost: Double, at now: UnixMilliseconds) -> Bool {
        refill(at: now)
        guard tokens >= cost else { return false }
        tokens -= cost
        return true
    }

    /// Returns tokens that were taken for nothing.
    mutating func giveBack(_ tokens: Double) { self.tokens = min(capacity, self.tokens + tokens) }

    /// How long until `cost` tokens are there, in milliseconds; 0 if they are.
    func milliseconds(until cost: Double, at now: UnixMilliseconds) -> Int64 {
        var copy = self
        copy.refill(at: now)
        return copy.tokens >= cost ? 0 : Int64(((cost - copy.tokens) / perSecond * 1000).rounded(.up))
    }

    /// The whole tokens that are there.
    func available(at now: UnixMilliseconds) -> Int {
        var copy = self
        copy.refill(at: now)
        return Int(copy.tokens)
    }

    func isFull(at now: UnixMilliseconds) -> Bool {
        var copy = self
        copy.refill(at: now)
        return copy.tokens >= capacity
    }

    private mutating func refill(at now: UnixMilliseconds) {
        if now > updated { tokens = min(capacity, tokens + Double(now - updated) / 1000 * perSecond) }
        updated = now
    }
}
