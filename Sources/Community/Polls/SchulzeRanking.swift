/// The order of options that a room prefers, from ballots that each put some of them in order.
///
/// Schulze's method: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
/// single-winner election method", Social Choice and Welfare 36 (2011), sections 2.2 and 2.3, with the strength of a
/// link measured by winning votes. It elects whoever beats everybody else one to one if there is such an option, and
/// unlike instant run-off neither a better place for the winner nor a copy of a loser changes that; and it needs sums
/// only, so changed and withdrawn ballots are counted exactly. Options that the ballots do not tell apart share a place.
public struct SchulzeRanking: Hashable, Sendable {
    public let options: Int
    /// `pairs[a * options + b]`: how many ballots prefer `a` to `b`.
    public private(set) var pairs: [Int64]

    public init(options: Int) { self.init(options: options, pairs: Array(repeating: 0, count: options * options)) }

    /// - Parameter pairs: As ``pairs`` has them, `options * options` of them.
    public init(options: Int, pairs: [Int64]) {
        precondition(pairs.count == options * options, "a ranking compares every option with every other")
        self.options = options
        self.pairs = pairs
    }

    /// How many ballots prefer one option to another.
    public func preferring(_ a: Int, to b: Int) -> Int64 { pairs[a * options + b] }

    /// Counts one ballot, or with `-1` takes it back. Options that it leaves out come after all that it names.
    public mutating func count(_ order: [Int], by one: Int64) {
        var isBehind = [Bool](repeating: true, count: options)
        for choice in order {
            isBehind[choice] = false
            for other in 0..<options where isBehind[other] { pairs[choice * options + other] += one }
        }
    }

    /// Options by place, the best first; those of one place are not told apart. Empty while nobody has voted.
    public var places: [[Int]] {
        guard pairs.contains(where: { $0 > 0 }) else { return [] }
        let strength = strongestPaths()
        var left = Array(0..<options)
        var places: [[Int]] = []
        // "Beats" has no circles (Schulze, section 4.1), so something is always unbeaten.
        while !left.isEmpty {
            let unbeaten = left.filter { option in
                !left.contains { strength[$0 * options + option] > strength[option * options + $0] }
            }
            places.append(unbeaten)
            left.removeAll(where: unbeaten.contains)
        }
        return places
    }

    /// The strength of the strongest path between each two options, as in Floyd and Warshall's algorithm.
    private func strongestPaths() -> [Int64] {
        var strength = pairs
        for a in 0..<options {
            for b in 0..<options where preferring(a, to: b) <= preferring(b, to: a) { strength[a * options + b] = 0 }
        }
        for through in 0..<options {
            for a in 0..<options where a != through {
                for b in 0..<options where b != a && b != through {
                    let path = min(strength[a * options + through], strength[through * options + b])
                    strength[a * options + b] = max(strength[a * options + b], path)
                }
            }
        }
        return strength
    }
}
