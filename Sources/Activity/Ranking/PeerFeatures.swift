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
    private let viewer: Profile
    private let member: UInt32
    private let now: Instant
    private var shares: [(room: UInt32, share: Double)] = []
    private var company: [UInt32: Double] = [:]
    private var row = ContiguousArray(repeating: 0.0, count: PeerFeature.allCases.count)

    init(_ engine: Engine, viewer: UInt32, _ now: Instant) {
        self.init(engine, viewer: engine.profiles[viewer], now)
    }

    init(_ engine: Engine, viewer: Profile, _ now: Instant) {
        self.engine = engine
        self.now = now
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

    mutating func matrix(_ candidates: [UInt32]) -> FeatureMatrix {
        var matrix = FeatureMatrix(width: PeerFeature.allCases.count)
        matrix.reserve(candidates.count)
        for (rank, candidate) in candidates.enumerated() {
            fill(candidate, rank)
            matrix.append(candidate, row)
        }
        return matrix
    }

    private mutating func fill(_ candidate: UInt32, _ rank: Int) {
        let other = engine.profiles[candidate]
        let tie = viewer.partners[other.member]
        let theirs = other.partners[member]
        let own = viewer.contacts[other.member]
        let contact = own?.last ?? .min
        let theirContact = other.contacts[member]?.last ?? .min
        set(.affinity, damped(tie?.affinity.value(at: now.quarter) ?? 0, floor: 0.01))
        set(.recent, damped(tie?.recent.value(at: now.week) ?? 0, floor: 0.01))
        set(.contact, damped(own?.contact.value(at: now.month) ?? 0, floor: 0.05))
        set(.sinceContact, since(contact))
        set(.sinceTheirs, since(theirContact))
        set(
            .unanswered,
            theirContact > contact ? halved(elapsed(now.at, since: theirContact), every: 12 * Span.hour) : 0)
        set(.theirAffinity, damped(theirs?.affinity.value(at: now.quarter) ?? 0, floor: 0.01))
        let idle = elapsed(now.at, since: other.last)
        set(.idle, logAge(idle, unit: Span.minute))
        set(.within10, idle < 600_000 ? 1 : 0)
        set(.within60, idle < 3_600_000 ? 1 : 0)
        set(.activityWeek, damped(other.activityWeek.value(at: now.week), floor: 0.1))
        set(.activityMonth, damped(other.activityMonth.value(at: now.month), floor: 0.1))
        set(.namedWeek, damped(other.namedWeek.value(at: now.week), floor: 0.1))
        set(.namedMonth, damped(other.namedMonth.value(at: now.month), floor: 0.1))
        set(.lastRoom, other.lastRoom != Member.none && other.lastRoom == viewer.lastRoom ? 1 : 0)
        set(.lastThread, lastThread(other.member))
        set(.clock, log(engine.presence(candidate, now)))
        set(.tenure, logAge(elapsed(now.at, since: other.first), unit: Span.day))
        set(.rank, damped(Double(rank), floor: 1))
        set(.company, damped(company[other.member] ?? 0, floor: 0.01))
        var shared = 0.0
        for (room, share) in shares {
            guard let tie = other.rooms[room] else { continue }
            shared += share * damped(tie.month.value(at: now.month), floor: 1)
        }
        set(.sharedRooms, shared)
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

    private mutating func set(_ feature: PeerFeature, _ value: Double) { row[feature.rawValue] = value }
}
