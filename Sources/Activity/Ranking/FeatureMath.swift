import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// ln(1 + `duration` / `unit`), both in milliseconds; a duration from the future is none.
@inline(__always) func logAge(_ duration: Int64, unit: Double) -> Double { log(1 + Double(max(0, duration)) / unit) }

/// ln(`floor` + `amount`); votes can bring a sum below nothing, which counts as nothing.
@inline(__always) func damped(_ amount: Double, floor: Double) -> Double { log(floor + max(0, amount)) }

@inline(__always) func halved(_ duration: Int64, every halfLife: Double) -> Double {
    exp2(-Double(max(0, duration)) / halfLife)
}

/// `a − b` without overflow for times that were never set.
@inline(__always) func elapsed(_ a: UnixMilliseconds, since b: UnixMilliseconds) -> Int64 {
    b == .min || b == .max ? Instant.furthest : a - b
}

enum Span {
    static let minute = 60_000.0
    static let hour = 3_600_000.0
    static let day = 86_400_000.0
}

extension Engine {
    /// How rare a term is: ln(1 + threads / threads that began with it).
    @inline(__always) func rarity(_ term: UInt32) -> Double {
        log(1 + Double(threadCount) / Double(max(1, terms[term].threads.count)))
    }

    /// Collaborative filtering of `item` for a member: similarity to what they did, the newer the more.
    ///
    /// - Parameter halfLife: In milliseconds; short for "what I am doing now", infinite for "what I am like".
    func collaborative(_ item: UInt32, for member: UInt32, _ now: Instant, halfLife: Double) -> Double {
        var score = 0.0
        for edge in members[member].edges where edge.item != item {
            guard let similarity = pairs.similarity(of: item, to: edge.item, byTarget: false, atLeast: 3) else {
                continue
            }
            score += similarity * (halfLife.isFinite ? halved(elapsed(now.at, since: edge.last), every: halfLife) : 1)
        }
        return score
    }

    /// The share of `profile`'s posts that fall in this hour of the day, smoothed; 1 is the even share.
    func presence(_ profile: UInt32, _ now: Instant) -> Double {
        let clock = profiles[profile].clock
        guard !clock.isEmpty else { return 1 }
        let hour = Int(now.hour.exponent % 24 + 24) % 24
        var total = 0.0
        for count in clock { total += Double(count) }
        let near = Double(clock[hour]) + 0.5 * Double(clock[(hour + 1) % 24] + clock[(hour + 23) % 24])
        return (near / 2 + 1) / (total / 24 + 1)
    }
}
