import LyceumProtocol

/// One token bucket for each address.
struct AddressLimiter {
    /// Beyond it, addresses that have not been limited lately are forgotten.
    private static let size = 50_000

    let capacity: Double
    let perSecond: Double
    private var buckets: [String: TokenBucket] = [:]

    init(capacity: Double, perSecond: Double) {
        self.capacity = capacity
        self.perSecond = perSecond
    }

    mutating func admit(_ address: String, at now: UnixMilliseconds) -> Bool {
        if buckets.count >= Self.size { buckets = buckets.filter { !$0.value.isFull(at: now) } }
        if buckets.count >= Self.size { buckets.removeAll(keepingCapacity: true) }
        return buckets[address, default: TokenBucket(capacity: capacity, perSecond: perSecond, at: now)].take(
            1, at: now)
    }
}
