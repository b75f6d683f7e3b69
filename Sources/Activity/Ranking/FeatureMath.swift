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

    /// The share of `profile`'s posts that fall in this hour of the day, smoothed; 1 is the even share.
    func presence(_ profile: UInt32, _ now: Instant) -> Double {
        let clock = profiles[profile].clock
        guard !clock.isEmpty else { return 1 }
        let hour = now.hourOfDay
        func posts(_ hour: UInt32) -> Double { Double(clock[hour % 24] ?? 0) }
        var total = 0.0
        for entry in clock.entries { total += Double(entry.value) }
        let near = posts(hour) + 0.5 * (posts(hour + 1) + posts(hour + 23))
        return (near / 2 + 1) / (total / 24 + 1)
    }
}

/// How much of a text's wording one member uses themselves.
struct Wording {
    private let engine: Engine
    private let own: CellMap<DecayedSum>
    private let now: Phase
    /// The rarity of a term that no thread began with: what every term of a text is measured by.
    private let most: Double
    /// A bit for each of the member's terms, or none: most terms of a text are not theirs, and this says so from the
    /// nearest cache (Bloom, 1970, with one hash).
    private var filter: ContiguousArray<UInt64> = []

    /// Bits of ``filter``; a member with many more terms than an eighth of them is looked up directly.
    private static let bits = 1 << 15

    init(_ engine: Engine, _ profile: Profile, _ now: Instant) {
        self.engine = engine
        own = profile.terms
        self.now = now.quarter
        most = log(2 + Double(engine.threadCount))
        guard own.count <= Self.bits / 8 else { return }
        var filter = ContiguousArray<UInt64>(repeating: 0, count: Self.bits / 64)
        own.forEach { term, _ in
            let bit = Self.bit(term)
            filter[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        self.filter = filter
    }

    @inline(__always) private static func bit(_ term: UInt32) -> Int { Int((term &* 0x9E37_79B1) >> 17) }

    /// The share of `terms` that the member uses, each by its rarity and by how often they used it; in `0...1`.
    func overlap(_ terms: CellMap<UInt32>) -> Double {
        guard !own.isEmpty, !terms.isEmpty else { return 0 }
        var shared = 0.0
        terms.forEach { term, _ in
            if !filter.isEmpty {
                let bit = Self.bit(term)
                guard filter[bit >> 6] & 1 << UInt64(bit & 63) != 0 else { return }
            }
            guard let known = own[term]?.value(at: now) else { return }
            shared += engine.rarity(term) * known / (known + 2)
        }
        return shared / (most * Double(terms.count))
    }
}

/// Collaborative filtering for one member: what is common to all candidates, worked out once.
struct Taste {
    private struct Source {
        let item: UInt32
        /// 1/√N of the item.
        let scale: Double
        let freshness: Double
    }

    private let pairs: ItemPairs
    private let reference: Phase
    private var sources: ContiguousArray<Source> = []

    /// - Parameter halfLife: In milliseconds; short for "what I am doing now".
    init(_ engine: Engine, _ member: UInt32?, _ now: Instant, halfLife: Double) {
        pairs = engine.pairs
        reference = Phase(factor: 1, exponent: now.halfYear.exponent)
        guard let member else { return }
        for edge in engine.members[member].edges {
            guard let mass = pairs.masses[edge.item]?.value(at: reference) else { continue }
            sources.append(
                Source(
                    item: edge.item, scale: 1 / max(mass, .leastNormalMagnitude).squareRoot(),
                    freshness: halved(elapsed(now.at, since: edge.last), every: halfLife)))
        }
    }

    /// How alike `item` is to what the member did, whenever that was, and the newer the more. A popular target is not
    /// divided down: for rooms it is better not to be. Items with fewer than three common members say nothing.
    func likeness(of item: UInt32) -> (ever: Double, now: Double) {
        var (ever, now) = (0.0, 0.0)
        for source in sources where source.item != item {
            guard let pair = pairs.pair(item, source.item), pair.count >= 3 else { continue }
            let similarity = pair.value(at: reference) * source.scale
            ever += similarity
            now += similarity * source.freshness
        }
        return (ever, now)
    }
}
