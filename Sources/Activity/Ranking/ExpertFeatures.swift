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

    /// Terms looked at, rarest first; threads looked at in all and of one term.
    static let (mostTerms, postings, postingsOfTerm) = (24, 1_024, 256)

    init(_ engine: Engine, asker: UInt32?, room: UInt32?, terms: [(term: UInt32, rarity: Double)]) {
        self.asker = asker
        self.room = room
        let rarest = terms.sorted { $0.rarity != $1.rarity ? $0.rarity > $1.rarity : $0.term < $1.term }
        self.terms = Array(rarest.prefix(Self.mostTerms))
        similar = engine.similarThreads(self.terms, limit: 40)
    }
}

extension Engine {
    /// A question by the terms of `texts` that are known already.
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
        return ExpertQuery(
            self, asker: asker.flatMap { memberNumbers.find(UInt64(bitPattern: $0.rawValue)) },
            room: room.flatMap { roomNumbers.find(UInt64(bitPattern: $0.rawValue)) }, terms: found)
    }

    /// Threads that began with the rarest of the terms: common ones, whose threads are most of them, decide nothing.
    fileprivate func similarThreads(
        _ wanted: [(term: UInt32, rarity: Double)], limit: Int
    ) -> [(thread: UInt32, score: Double)] {
        var scores = CellMap<Double>(minimumCapacity: ExpertQuery.postings)
        var left = ExpertQuery.postings
        var norm = 0.0
        for (term, rarity) in wanted {
            norm += rarity * rarity
            // Of a term with many threads the newest are enough.
            for thread in terms[term].threads.suffix(min(left, ExpertQuery.postingsOfTerm)) {
                scores[thread, default: 0] += rarity * rarity
                left -= 1
            }
        }
        guard norm > 0 else { return [] }
        var best = Strongest(limit: limit)
        scores.forEach { thread, score in
            // The newer of two that are as much alike: its number is the larger, and the smaller key stands first.
            best.offer(.max - thread, score / (norm * Double(8 + threads[thread].terms.count)).squareRoot())
        }
        return best.ranked.map { (thread: .max - $0.key, score: $0.strength) }
    }
}

/// What one question brings to every expert candidate.
struct ExpertFeatures {
    private let engine: Engine
    /// Read field by field where they lie: a copy of one counts seven references.
    private let profiles: PagedArray<Profile>
    private let query: ExpertQuery
    private let now: Instant
    /// Empty for an asker of whom nothing is known.
    private let asker: Profile
    private var norm = 0.0
    private var terms: ContiguousArray<UInt32> = []
    /// Of each of the ``terms``.
    private var weights: ContiguousArray<Double> = []
    /// Credit for having taken part in threads like the query.
    private var credits = CellMap<Double>()

    init(_ engine: Engine, _ query: ExpertQuery, _ now: Instant) {
        self.engine = engine
        self.query = query
        self.now = now
        profiles = engine.profiles
        let profile = query.asker.map { engine.members[$0].profile } ?? Member.none
        asker = profile == Member.none ? Profile(member: Member.none) : engine.profiles[profile]
        for (term, rarity) in query.terms {
            terms.append(term)
            weights.append(rarity * rarity)
        }
        norm = max(weights.reduce(0, +), 1)
        for (thread, score) in query.similar { credit(score, engine.threads[thread]) }
    }

    private mutating func credit(_ score: Double, _ thread: ThreadState) {
        for author in thread.heat.authors.entries.prefix(Self.credited) where author.key != thread.fold.starter {
            credits[author.key, default: 0] += score
        }
    }

    /// Of a thread with more authors these many of the first are credited.
    private static let credited = 64

    func matrix(_ candidates: [UInt32]) -> FeatureMatrix {
        FeatureMatrix(candidates, of: ExpertFeature.self) { candidate, _, row in
            fill(row, candidate)
            fillBonds(row, candidate)
            fillText(row, candidate)
            row[.clock] = log(engine.presence(candidate, now))
        }
    }

    private func fill(_ row: FeatureRow<ExpertFeature>, _ candidate: UInt32) {
        row[.answersWeek] = damped(profiles[candidate].answersWeek.value(at: now.week), floor: 0.05)
        row[.answersMonth] = damped(profiles[candidate].answersMonth.value(at: now.month), floor: 0.05)
        let inRoom = query.room.flatMap { profiles[candidate].answers[$0] }
        row[.roomMonth] = damped(inRoom?.month.value(at: now.month) ?? 0, floor: 0.05)
        row[.roomQuarter] = damped(inRoom?.quarter.value(at: now.quarter) ?? 0, floor: 0.05)
        let idle = elapsed(now.at, since: profiles[candidate].last)
        row[.idle] = logAge(idle, unit: Span.minute)
        row[.within10] = idle < 600_000 ? 1 : 0
        row[.within60] = idle < 3_600_000 ? 1 : 0
        let tie = query.room.flatMap { profiles[candidate].rooms[$0] }
        row[.lastInRoom] = min(10, logAge(elapsed(now.at, since: tie?.last ?? .min), unit: Span.hour))
        let week = tie?.week.value(at: now.week) ?? 0
        let active = profiles[candidate].activityWeek.value(at: now.week)
        row[.roomWeek] = damped(week, floor: 0.05)
        row[.roomShare] = active > 0 ? min(1, week / active) : 0
        row[.namedWeek] = damped(profiles[candidate].namedWeek.value(at: now.week), floor: 0.1)
        row[.activityWeek] = damped(active, floor: 0.1)
    }

    private func fillBonds(_ row: FeatureRow<ExpertFeature>, _ candidate: UInt32) {
        let bond = query.asker.flatMap { profiles[candidate].partners[$0]?.affinity }
        let answered = query.asker.flatMap { profiles[candidate].contacts[$0]?.answered }
        let own = asker.partners[profiles[candidate].member]?.affinity
        row[.answeredAsker] = damped(answered?.value(at: now.quarter) ?? 0, floor: 0.05)
        row[.theirAffinity] = damped(bond?.value(at: now.quarter) ?? 0, floor: 0.01)
        row[.affinity] = damped(own?.value(at: now.quarter) ?? 0, floor: 0.01)
    }

    private func fillText(_ row: FeatureRow<ExpertFeature>, _ candidate: UInt32) {
        var (plain, saturated) = (0.0, 0.0)
        profiles[candidate].terms.forEach(of: terms) { index, sum in
            let used = sum.value(at: now.quarter)
            plain += weights[index] * damped(used, floor: 1)
            saturated += weights[index] * used / (used + 2)
        }
        row[.terms] = plain / norm
        row[.saturated] = saturated / norm
        row[.similar] = damped(credits[profiles[candidate].member] ?? 0, floor: 0.1)
    }
}
