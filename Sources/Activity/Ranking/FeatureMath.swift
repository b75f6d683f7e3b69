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
        log(1 + Double(threadCount) / Double(max(1, threadsBegun[term])))
    }

    /// The share of `profile`'s posts that fall in this hour of the day, smoothed; 1 is the even share.
    func presence(_ profile: UInt32, _ now: Instant) -> Double {
        let hour = now.hourOfDay
        var (total, near) = (0.0, 0.0)
        profiles[profile].clock.forEach { key, posts in
            total += Double(posts)
            switch (key + 24 - hour) % 24 {
            case 0: near += Double(posts)
            case 1, 23: near += 0.5 * Double(posts)
            default: break
            }
        }
        guard total > 0 else { return 1 }
        return (near / 2 + 1) / (total / 24 + 1)
    }
}

/// How much of a text's wording one member uses themselves.
///
/// A class, and its tables behind pointers: it is asked hundreds of times a list, and a copy would count every reference
/// of the engine each time.
final class Wording {
    /// What a term adds, kept once it has been worked out: the threads of a list share most of their terms.
    private struct Known {
        var term = UInt32.max
        var share: Float = 0
    }

    private let engine: Engine
    private let own: CellMap<DecayedSum>
    private let now: Phase
    /// The rarity of a term that no thread began with: what every term of a text is measured by.
    private let most: Double
    /// A bit for each of the member's terms: most terms of a text are not theirs, and this says so from the nearest cache
    /// (Bloom, 1970, with one hash).
    private let filter: UnsafeMutableBufferPointer<UInt64>
    /// By a few bits of the term's hash; a later term takes an earlier one's place.
    private let known: UnsafeMutableBufferPointer<Known>

    /// log₂ of the bits of ``filter`` and of the places of ``known``.
    private static let (filterBits, knownBits): (UInt32, UInt32) = (15, 12)

    init(_ engine: Engine, _ profile: Profile, _ now: Instant) {
        self.engine = engine
        own = profile.terms
        self.now = now.quarter
        most = log(2 + Double(engine.threadCount))
        let filter = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: 1 << (Self.filterBits - 6))
        filter.initialize(repeating: 0)
        own.forEach { term, _ in
            let bit = Self.hash(term) >> (32 - Self.filterBits)
            filter[Int(bit >> 6)] |= 1 << UInt64(bit & 63)
        }
        self.filter = filter
        known = .allocate(capacity: 1 << Self.knownBits)
        known.initialize(repeating: Known())
    }

    deinit {
        filter.deallocate()
        known.deallocate()
    }

    @inline(__always) private static func hash(_ term: UInt32) -> UInt32 { term &* 0x9E37_79B1 }

    /// The share of `terms` that the member uses, each by its rarity and by how often they used it; in `0...1`.
    func overlap(_ terms: CellMap<UInt32>) -> Double {
        guard !own.isEmpty, !terms.isEmpty else { return 0 }
        var shared = 0.0
        terms.forEach { term, _ in
            let hash = Self.hash(term)
            let bit = hash >> (32 - Self.filterBits)
            guard filter[Int(bit >> 6)] & 1 << UInt64(bit & 63) != 0 else { return }
            let place = Int(hash >> (32 - Self.knownBits))
            if known[place].term != term { known[place] = Known(term: term, share: Float(share(term))) }
            shared += Double(known[place].share)
        }
        return shared / (most * Double(terms.count))
    }

    private func share(_ term: UInt32) -> Double {
        guard let weight = own[term]?.value(at: now) else { return 0 }
        return engine.rarity(term) * weight / (weight + 2)
    }
}

/// Collaborative filtering for one member: what is common to all candidates, worked out once.
struct Taste {
    private struct Source {
        let item: UInt32
        /// The pairs of the item with larger ones.
        let row: CellMap<DecayedSum>
        /// 1/√N of the item.
        let scale: Double
        let freshness: Double
    }

    private let pairs: ItemPairs
    private let reference: Phase
    private var sources: ContiguousArray<Source> = []

    /// Of a member's items, these many of the strongest are compared: the rest say little, and each costs every candidate.
    private static let limit = 12

    /// - Parameter halfLife: In milliseconds; short for "what I am doing now".
    init(_ engine: Engine, _ member: UInt32?, _ now: Instant, halfLife: Double) {
        pairs = engine.pairs
        reference = Phase(factor: 1, exponent: now.halfYear.exponent)
        guard let member else { return }
        for edge in engine.members[member].edges.prefix(Self.limit) {
            guard let mass = pairs.masses[edge.item]?.value(at: reference) else { continue }
            sources.append(
                Source(
                    item: edge.item, row: pairs.row(edge.item),
                    scale: 1 / max(mass, .leastNormalMagnitude).squareRoot(),
                    freshness: halved(elapsed(now.at, since: edge.last), every: halfLife)))
        }
    }

    /// How alike `item` is to what the member did, whenever that was, and the newer the more. A popular target is not
    /// divided down: for rooms it is better not to be. Items with fewer than three common members say nothing.
    func likeness(of item: UInt32) -> (ever: Double, now: Double) {
        guard !sources.isEmpty else { return (0, 0) }
        let row = pairs.row(item)
        var (ever, now) = (0.0, 0.0)
        sources.withUnsafeBufferPointer { sources in
            for index in sources.indices where sources[index].item != item {
                let other = sources[index].item
                guard let pair = other < item ? sources[index].row[item] : row[other], pair.count >= 3 else { continue }
                let similarity = pair.value(at: reference) * sources[index].scale
                ever += similarity
                now += similarity * sources[index].freshness
            }
        }
        return (ever, now)
    }
}
