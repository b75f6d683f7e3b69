/// How long to wait before connecting again: exponential with full jitter.
///
/// Marc Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015), the variant "Full Jitter": a time drawn
/// evenly from zero to the exponential limit spreads a restarted server's clients best.
public struct Backoff: Sendable {
    /// The limit of the first wait.
    public var base: Duration
    /// The limit that is never passed.
    public var cap: Duration
    private var attempt = 0

    public init(base: Duration = .milliseconds(250), cap: Duration = .seconds(30)) {
        self.base = base
        self.cap = cap
    }

    /// The next wait.
    /// - Parameter least: What the server asked for; the jitter comes on top.
    public mutating func next(
        atLeast least: Duration = .zero, using random: inout some RandomNumberGenerator
    ) -> Duration {
        let limit = attempt < 20 ? min(cap, base * (1 << attempt)) : cap
        attempt += 1
        return least + limit * Double.random(in: 0...1, using: &random)
    }

    /// The connection stands: the next failure begins anew.
    public mutating func reset() { attempt = 0 }
}
