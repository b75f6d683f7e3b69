import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

enum RoomFeature: Int, CaseIterable {
    case membersWeek, arrivals, collaborative, collaborativeNow, heatHour, heatDay, heatWeek, lastAge, partners
    case partnersNow, mention, text, membersDay, authors

    /// What a candidate shows of which nothing is known, a day old.
    static let blank: [Double] = {
        var row = [Double](repeating: 0, count: allCases.count)
        for feature: Self in [.membersWeek, .membersDay, .arrivals, .heatHour, .heatDay, .heatWeek] {
            row[feature.rawValue] = log(0.1)
        }
        for feature: Self in [.collaborative, .collaborativeNow] { row[feature.rawValue] = log(0.01) }
        row[Self.lastAge.rawValue] = log(10_081)
        return row
    }()

    static let start: [Double] = {
        var weights = [Double](repeating: 0, count: allCases.count)
        weights[membersWeek.rawValue] = 1
        weights[arrivals.rawValue] = 0.3
        weights[collaborative.rawValue] = 0.3
        weights[mention.rawValue] = 1
        return weights
    }()
}

/// What one viewer brings to every room candidate.
struct RoomFeatures {
    private let engine: Engine
    private let now: Instant
    private let viewer: Profile?
    private let taste: Taste
    private let wording: Wording?
    private var mentions = CellMap<Double>()
    private var partners: [(profile: UInt32, share: Double)] = []
    private var row = ContiguousArray(repeating: 0.0, count: RoomFeature.allCases.count)

    init(_ engine: Engine, viewer: MemberID, _ now: Instant) {
        self.engine = engine
        self.now = now
        let member = engine.memberNumbers.find(UInt64(bitPattern: viewer.rawValue))
        self.viewer = engine.profileNumber(of: viewer).map { engine.profiles[$0] }
        taste = Taste(engine, member, now, halfLife: Span.day)
        wording = self.viewer.map { Wording(engine, $0, now) }
        guard let profile = self.viewer else { return }
        for entry in profile.mentioned.entries {
            mentions[engine.threads[entry.key].room, default: 0] += entry.value.value(at: now.day)
        }
        gatherPartners(profile)
    }

    private mutating func gatherPartners(_ viewer: Profile) {
        var best = Strongest(limit: 16)
        for entry in viewer.partners.entries { best.offer(entry.key, entry.value.affinity.value(at: now.quarter)) }
        let strongest = best.ranked
        let total = strongest.reduce(0) { $0 + $1.strength }
        guard total > 0 else { return }
        partners = strongest.compactMap { partner in
            let profile = engine.members[partner.key].profile
            return profile == Member.none ? nil : (profile, partner.strength / total)
        }
    }

    mutating func matrix(_ candidates: [UInt32]) -> FeatureMatrix {
        var matrix = FeatureMatrix(width: RoomFeature.allCases.count)
        matrix.reserve(candidates.count)
        for candidate in candidates {
            fill(candidate)
            matrix.append(candidate, row)
        }
        return matrix
    }

    private mutating func fill(_ room: UInt32) {
        let state = engine.rooms[room]
        set(.membersWeek, damped(state.heat.voicesWeek.value(at: now.week), floor: 0.1))
        set(.membersDay, damped(state.heat.voicesDay.value(at: now.day), floor: 0.1))
        set(.arrivals, damped(state.arrivals.value(at: now.week), floor: 0.1))
        set(.heatHour, damped(state.heat.hour.value(at: now.hour), floor: 0.1))
        set(.heatDay, damped(state.heat.day.value(at: now.day), floor: 0.1))
        set(.heatWeek, damped(state.heat.week.value(at: now.week), floor: 0.1))
        set(.authors, damped(Double(state.heat.authors.count), floor: 1))
        let newest = state.recent.newest.map { engine.roomLinks.time(of: $0) } ?? .min
        set(.lastAge, logAge(elapsed(now.at, since: newest), unit: Span.minute))
        guard viewer != nil else { return }
        let likeness = taste.likeness(of: Item.room(room))
        set(.collaborative, damped(likeness.ever, floor: 0.01))
        set(.collaborativeNow, damped(likeness.now, floor: 0.01))
        set(.mention, damped(mentions[room] ?? 0, floor: 1))
        var bond = 0.0
        var bondNow = 0.0
        for partner in partners {
            guard let tie = engine.profiles[partner.profile].rooms[room] else { continue }
            bond += partner.share * damped(tie.month.value(at: now.month), floor: 1)
            bondNow += partner.share * halved(elapsed(now.at, since: tie.last), every: Span.day)
        }
        set(.partners, bond)
        set(.partnersNow, bondNow)
        set(.text, text(room))
    }

    /// How much of the wording of the room's newest threads the viewer uses.
    private func text(_ room: UInt32) -> Double {
        guard let wording else { return 0 }
        let threads = engine.roomLinks.newest(2, of: engine.rooms[room].recent)
        let total = threads.reduce(0) { $0 + wording.overlap(engine.threads[$1].terms) }
        return total / Double(max(1, threads.count))
    }

    private mutating func set(_ feature: RoomFeature, _ value: Double) { row[feature.rawValue] = value }
}
