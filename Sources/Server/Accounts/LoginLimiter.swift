import LyceumProtocol

/// Slows guessing of passwords without ever locking the owner out.
///
/// Failures are counted in two token buckets: one for each address, over all accounts, and one for each account, over
/// all addresses that have never signed in to it. An address that has is a *known* one and pays only from its own
/// bucket for that account, so strangers who guess at an account cannot keep its owner away.
struct LoginLimiter {
    /// Failures in a row before waiting begins, and how fast they are forgotten.
    private static let perAddress = (burst: 20.0, perSecond: 0.2)
    private static let perAccount = (burst: 10.0, perSecond: 1.0 / 30)
    /// Most buckets of a kind; beyond it the fullest (least suspicious) are forgotten.
    private static let capacity = 50_000

    private var addresses: [String: TokenBucket] = [:]
    private var accounts: [String: TokenBucket] = [:]
    private var known: [Pair: TokenBucket] = [:]

    private struct Pair: Hashable {
        let account: String
        let address: String
    }

    init() {}

    /// How long this attempt must wait, in milliseconds; 0 lets it through.
    func delay(account: String, address: String, at now: UnixMilliseconds) -> Int64 {
        let pair = Pair(account: account, address: address)
        if let wait = known[pair]?.milliseconds(until: 1, at: now) { return wait }
        return max(
            addresses[address]?.milliseconds(until: 1, at: now) ?? 0,
            accounts[account]?.milliseconds(until: 1, at: now) ?? 0)
    }

    mutating func failed(account: String, address: String, at now: UnixMilliseconds) {
        let pair = Pair(account: account, address: address)
        if known[pair] != nil {
            _ = known[pair]?.take(1, at: now)
            return
        }
        Self.charge(&addresses, address, Self.perAddress, at: now)
        Self.charge(&accounts, account, Self.perAccount, at: now)
    }

    /// Notes that the address has signed in to the account, which makes it a known one, and gives back what the attempt
    /// was charged: it was no failure after all.
    mutating func succeeded(account: String, address: String, at now: UnixMilliseconds) {
        addresses[address]?.giveBack(1)
        accounts[account]?.giveBack(1)
        if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
        known[Pair(account: account, address: address)] = TokenBucket(
            capacity: Self.perAccount.burst, perSecond: Self.perAccount.perSecond, at: now)
    }

    private static func charge<Key: Hashable>(
        _ buckets: inout [Key: TokenBucket], _ key: Key, _ rate: (burst: Double, perSecond: Double),
        at now: UnixMilliseconds
    ) {
        if buckets.count >= capacity { buckets = buckets.filter { !$0.value.isFull(at: now) } }
        if buckets.count >= capacity { buckets.removeAll(keepingCapacity: true) }
        var bucket = buckets[key] ?? TokenBucket(capacity: rate.burst, perSecond: rate.perSecond, at: now)
        _ = bucket.take(1, at: now)
        buckets[key] = bucket
    }
}
