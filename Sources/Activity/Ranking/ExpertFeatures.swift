import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

enum ExpertFeature: Int, CaseIterable {
    case answersWeek, answersMonth, roomMonth, roomQuarter, answeredAsker, affinity, theirAffinity, terms, saturated
    case similar, idle, within10, within60, lastInRoom, roomWeek, clock, namedWeek, activityWeek, roomShare

    /// What a candidate shows of which nothing is known, a day old.
    static let blank: [Double] = {
        var row = [Double](repeating: 0, count: allCases.count)
        for feature: Self in [.answersWeek, .answersMonth, .roomMonth, .roomQuarter, .answeredAsker, .roomWeek] {
            row[feature.rawValue] = log(0.05)
        }
        for feature: Self in [.affinity, .theirAffinity] { row[feature.rawValue] = log(0.01) }
        for feature: Self in [.similar, .namedWeek, .activityWeek] { row[feature.rawValue] = log(0.1) }
        row[Self.idle.rawValue] = log(10_081)
        row[Self.lastInRoom.rawValue] = 10
        return row
    }()

    static let start: [Double] = {
        var weights = [Double](repeating: 0, count: allCases.count)
        weights[roomMonth.rawValue] = 0.5
        weights[roomQuarter.rawValue] = 0.3
        weights[answersWeek.rawValue] = 0.2
        weights[terms.rawValue] = 0.5
        weights[saturated.rawValue] = 1
        weights[similar.rawValue] = 0.5
        weights[idle.rawValue] = -0.27
        return weights
    }()
}

/// A question as experts are looked up for it.
struct ExpertQuery: Sendable {
    let asker: UInt32?
    let room: UInt32?
    /// Distinct terms with their rarity, rarest first.
    let terms: [(term: UInt32, rarity: Double)]
    /// Earlier threads worded like it, best first, with how alike they are.
    let similar: [(thread: UInt32, score: Double)]

    init(_ engine: Engine, asker: UInt32?, room: UInt32?, terms: [(term: UInt32, rarity: Double)]) {
        self.asker = asker
        self.room = room
        self.terms = terms
        similar = engine.similarThreads(terms, limit: 40)
    }
}

extension Engine {
    /// Terms of `texts` that are known already, rarest first.
    func query(asker: MemberID?, room: RoomID?, texts: [String]) -> ExpertQuery {
        var scanner = TermScanner()
        var seen: Set<UInt32> = []
        var found: [(term: UInt32, rarity: Double)] = []
        for text in texts {
            for term in scanner.scan(text) {
                guard term.kind != .character, let number = termNumbers.find(term.hash), seen.insert(number).inserted
                else { continue }
                found.append((number, rarity(number)))
            }
        }
        found.sort { $0.rarity != $1.rarity ? $0.rarity > $1.rarity : $0.term < $1.term }
        return ExpertQuery(
            self, asker: asker.flatMap { memberNumbers.find(UInt64(bitPattern: $0.rawValue)) },
            room: room.flatMap { roomNumbers.find(UInt64(bitPattern: $0.rawValue)) }, terms: Array(found.prefix(32)))
    }

    fileprivate func similarThreads(
        _ wanted: [(term: UInt32, rarity: Double)], limit: Int
    ) -> [(thread: UInt32, score: Double)] {
        var scores = CellMap<Double>()
        var norm = 0.0
        for (term, rarity) in wanted {
            norm += rarity * rarity
            // Of a common term the newest threads are enough; the rare ones decide.
            for thread in terms[term].threads.suffix(400) { scores[thread, default: 0] += rarity * rarity }
        }
        guard norm > 0 else { return [] }
        var best = Strongest(limit: limit)
        for entry in scores.entries {
            // The newer of two that are as much alike: its number is the larger, and the smaller key stands first.
            best.offer(
                .max - entry.key, entry.value / (norm * Double(8 + threads[entry.key].terms.count)).squareRoot())
        }
        return best.ranked.map { (thread: .max - $0.key, score: $0.strength) }
    }
}

/// What one question brings to every expert candidate.
struct ExpertFeatures {
    private let engine: Engine
    private let query: ExpertQuery
    private let now: Instant
    private let asker: Profile?
    private var norm = 0.0
    /// Credit for having taken part in threads like the query.
    private var credits: [UInt32: Double] = [:]
    private var knowledge: [UInt32: (plain: Double, saturated: Double)] = [:]
    private var row = ContiguousArray(repeating: 0.0, count: ExpertFeature.allCases.count)

    init(_ engine: Engine, _ query: ExpertQuery, _ now: Instant) {
        self.engine = engine
        self.query = query
        self.now = now
        asker = query.asker.flatMap { asker in
            let profile = engine.members[asker].profile
            return profile == Member.none ? nil : engine.profiles[profile]
        }
        for (_, rarity) in query.terms { norm += rarity * rarity }
        norm = max(norm.squareRoot(), 1)
        for (thread, score) in query.similar {
            let state = engine.threads[thread]
            for author in state.heat.authors.entries where author.key != state.fold.starter {
                credits[author.key, default: 0] += score
            }
        }
    }

    mutating func matrix(_ candidates: [UInt32]) -> FeatureMatrix {
        var matrix = FeatureMatrix(width: ExpertFeature.allCases.count)
        matrix.reserve(candidates.count)
        for candidate in candidates {
            fill(candidate)
            matrix.append(candidate, row)
        }
        return matrix
    }

    private mutating func fill(_ candidate: UInt32) {
        let other = engine.profiles[candidate]
        set(.answersWeek, damped(other.answersWeek.value(at: now.week), floor: 0.05))
        set(.answersMonth, damped(other.answersMonth.value(at: now.month), floor: 0.05))
        let inRoom = query.room.flatMap { other.answers[$0] }
        set(.roomMonth, damped(inRoom?.month.value(at: now.month) ?? 0, floor: 0.05))
        set(.roomQuarter, damped(inRoom?.quarter.value(at: now.quarter) ?? 0, floor: 0.05))
        fillBonds(other)
        fillText(other)
        let idle = elapsed(now.at, since: other.last)
        set(.idle, logAge(idle, unit: Span.minute))
        set(.within10, idle < 600_000 ? 1 : 0)
        set(.within60, idle < 3_600_000 ? 1 : 0)
        let tie = query.room.flatMap { other.rooms[$0] }
        set(.lastInRoom, min(10, logAge(elapsed(now.at, since: tie?.last ?? .min), unit: Span.hour)))
        let week = tie?.week.value(at: now.week) ?? 0
        let active = other.activityWeek.value(at: now.week)
        set(.roomWeek, damped(week, floor: 0.05))
        set(.roomShare, active > 0 ? min(1, week / active) : 0)
        set(.clock, log(engine.presence(candidate, now)))
        set(.namedWeek, damped(other.namedWeek.value(at: now.week), floor: 0.1))
        set(.activityWeek, damped(active, floor: 0.1))
    }

    private mutating func fillBonds(_ other: Profile) {
        let asker = query.asker
        let bond = asker.flatMap { other.partners[$0] }
        let answered = asker.flatMap { other.contacts[$0]?.answered.value(at: now.quarter) } ?? 0
        set(.answeredAsker, damped(answered, floor: 0.05))
        set(.theirAffinity, damped(bond?.affinity.value(at: now.quarter) ?? 0, floor: 0.01))
        set(.affinity, damped(self.asker?.partners[other.member]?.affinity.value(at: now.quarter) ?? 0, floor: 0.01))
    }

    private mutating func fillText(_ other: Profile) {
        var plain = 0.0
        var saturated = 0.0
        for (term, rarity) in query.terms {
            guard let weight = other.terms[term]?.value(at: now.quarter) else { continue }
            plain += rarity * rarity * damped(weight, floor: 1)
            saturated += rarity * rarity * weight / (weight + 2)
        }
        set(.terms, plain / (norm * norm))
        set(.saturated, saturated / (norm * norm))
        set(.similar, damped(credits[other.member] ?? 0, floor: 0.1))
    }

    private mutating func set(_ feature: ExpertFeature, _ value: Double) { row[feature.rawValue] = value }
}
