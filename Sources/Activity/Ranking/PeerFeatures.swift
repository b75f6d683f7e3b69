import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

enum PeerFeature: Int, CaseIterable {
    case affinity, recent, contact, sinceContact, sinceTheirs, unanswered, theirAffinity, idle, within10, within60
    case activityWeek, activityMonth, namedWeek, namedMonth, lastThread, lastRoom, sharedRooms, clock, tenure, rank
    case company

    /// What a candidate shows of which nothing is known, a day old.
    static let blank: [Double] = {
        var row = [Double](repeating: 0, count: allCases.count)
        for feature: Self in [.affinity, .recent, .theirAffinity, .company] { row[feature.rawValue] = log(0.01) }
        row[Self.contact.rawValue] = log(0.05)
        for feature: Self in [.sinceContact, .sinceTheirs] { row[feature.rawValue] = log(17_520) }
        row[Self.idle.rawValue] = log(10_081)
        for feature: Self in [.activityWeek, .activityMonth, .namedWeek, .namedMonth] {
            row[feature.rawValue] = log(0.1)
        }
        row[Self.rank.rawValue] = log(100)
        row[Self.tenure.rawValue] = log(30)
        return row
    }()

    static let start: [Double] = {
        var weights = [Double](repeating: 0, count: allCases.count)
        weights[affinity.rawValue] = 0.75
        weights[idle.rawValue] = -0.5
        weights[activityWeek.rawValue] = 0.2
        return weights
    }()
}

/// What one viewer brings to every peer candidate.
struct PeerFeatures {
    private let engine: Engine
    /// Read field by field where they lie: a copy of one counts seven references.
    private let profiles: PagedArray<Profile>
    private let viewer: Profile
    private let member: UInt32
    private let now: Instant
    private var shares: [(room: UInt32, share: Double)] = []
    private var company = CellMap<Double>()

    init(_ engine: Engine, viewer: UInt32, _ now: Instant) {
        self.init(engine, viewer: engine.profiles[viewer], now)
    }

    init(_ engine: Engine, viewer: Profile, _ now: Instant) {
        self.engine = engine
        self.now = now
        profiles = engine.profiles
        self.viewer = viewer
        member = self.viewer.member
        shares = Self.shares(self.viewer, now)
        gatherCompany()
    }

    private static func shares(_ profile: Profile, _ now: Instant) -> [(room: UInt32, share: Double)] {
        var best = Strongest(limit: 12)
        var total = 0.0
        for entry in profile.rooms.entries {
            let bond = entry.value.month.value(at: now.month)
            total += bond
            best.offer(entry.key, bond)
        }
        guard total > 0 else { return [] }
        return best.ranked.map { (room: $0.key, share: $0.strength / total) }
    }

    /// Who wrote last in the newest threads of the viewer's rooms: the people in the room right now.
    private mutating func gatherCompany() {
        for (room, share) in shares.prefix(4) {
            for thread in engine.roomLinks.newest(4, of: engine.rooms[room].recent) {
                let state = engine.threads[thread]
                let freshness = share * halved(elapsed(now.at, since: state.newest), every: 4 * Span.hour)
                for (rank, author) in state.fold.authors.enumerated() where author != member {
                    company[author, default: 0] += freshness / Double(rank + 1)
                }
            }
        }
    }

    func matrix(_ candidates: [UInt32]) -> FeatureMatrix {
        FeatureMatrix(candidates, of: PeerFeature.self) { candidate, rank, row in
            fillBonds(row, candidate)
            fill(row, candidate)
            row[.clock] = log(engine.presence(candidate, now))
            row[.rank] = damped(Double(rank), floor: 1)
        }
    }

    /// What there is between the viewer and the other.
    private func fillBonds(_ row: FeatureRow<PeerFeature>, _ candidate: UInt32) {
        let other = profiles[candidate].member
        let tie = viewer.partners[other]
        let own = viewer.contacts[other]
        let contact = own?.last ?? .min
        let theirContact = profiles[candidate].contacts[member]?.last ?? .min
        row[.affinity] = damped(tie?.affinity.value(at: now.quarter) ?? 0, floor: 0.01)
        row[.recent] = damped(tie?.recent.value(at: now.week) ?? 0, floor: 0.01)
        row[.contact] = damped(own?.contact.value(at: now.month) ?? 0, floor: 0.05)
        row[.sinceContact] = since(contact)
        row[.sinceTheirs] = since(theirContact)
        if theirContact > contact {
            row[.unanswered] = halved(elapsed(now.at, since: theirContact), every: 12 * Span.hour)
        }
        let theirs = profiles[candidate].partners[member]?.affinity
        row[.theirAffinity] = damped(theirs?.value(at: now.quarter) ?? 0, floor: 0.01)
    }

    private func fill(_ row: FeatureRow<PeerFeature>, _ candidate: UInt32) {
        let other = profiles[candidate].member
        let idle = elapsed(now.at, since: profiles[candidate].last)
        row[.idle] = logAge(idle, unit: Span.minute)
        row[.within10] = idle < 600_000 ? 1 : 0
        row[.within60] = idle < 3_600_000 ? 1 : 0
        row[.activityWeek] = damped(profiles[candidate].activityWeek.value(at: now.week), floor: 0.1)
        row[.activityMonth] = damped(profiles[candidate].activityMonth.value(at: now.month), floor: 0.1)
        row[.namedWeek] = damped(profiles[candidate].namedWeek.value(at: now.week), floor: 0.1)
        row[.namedMonth] = damped(profiles[candidate].namedMonth.value(at: now.month), floor: 0.1)
        let room = profiles[candidate].lastRoom
        row[.lastRoom] = room != Member.none && room == viewer.lastRoom ? 1 : 0
        row[.lastThread] = lastThread(other)
        row[.tenure] = logAge(elapsed(now.at, since: profiles[candidate].first), unit: Span.day)
        row[.company] = damped(company[other] ?? 0, floor: 0.01)
        var shared = 0.0
        for (room, share) in shares {
            guard let tie = profiles[candidate].rooms[room] else { continue }
            shared += share * damped(tie.month.value(at: now.month), floor: 1)
        }
        row[.sharedRooms] = shared
    }

    private func since(_ time: UnixMilliseconds) -> Double {
        time == .min ? Self.never : min(Self.never, logAge(elapsed(now.at, since: time), unit: Span.hour))
    }

    /// ln of two years in hours: as good as never met.
    private static let never = log(17_520.0)

    /// How near `candidate` stands among the latest authors of the thread that the viewer wrote in last.
    private func lastThread(_ candidate: UInt32) -> Double {
        guard viewer.lastThread != Member.none else { return 0 }
        guard let rank = engine.threads[viewer.lastThread].fold.authors.firstIndex(of: candidate) else { return 0 }
        return halved(elapsed(now.at, since: viewer.last), every: 6 * Span.hour) / Double(rank + 1)
    }
}
