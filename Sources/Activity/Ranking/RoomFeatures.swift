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
    /// The rooms of one of the viewer's strongest partners, and how much of their bonds this one is.
    private struct Partner {
        let rooms: CellMap<RoomTie>
        let share: Double
    }

    private let engine: Engine
    private let now: Instant
    private let taste: Taste
    private let wording: Wording?
    private var mentions = CellMap<Double>()
    private var partners: ContiguousArray<Partner> = []

    init(_ engine: Engine, viewer: MemberID, _ now: Instant) {
        self.engine = engine
        self.now = now
        let member = engine.memberNumbers.find(UInt64(bitPattern: viewer.rawValue))
        taste = Taste(engine, member, now, halfLife: Span.day)
        let profile = engine.profileNumber(of: viewer).map { engine.profiles[$0] }
        wording = profile.map { Wording(engine, $0, now) }
        guard let profile else { return }
        for entry in profile.mentioned.entries {
            mentions[engine.threads[entry.key].room, default: 0] += entry.value.value(at: now.day)
        }
        gatherPartners(profile)
    }

    private mutating func gatherPartners(_ viewer: Profile) {
        let strongest = viewer.strongestPartners(8, now)
        let total = strongest.reduce(0) { $0 + $1.strength }
        guard total > 0 else { return }
        for partner in strongest {
            let profile = engine.members[partner.key].profile
            guard profile != Member.none else { continue }
            partners.append(Partner(rooms: engine.profiles[profile].rooms, share: partner.strength / total))
        }
    }

    func matrix(_ candidates: [UInt32]) -> FeatureMatrix {
        FeatureMatrix(candidates, of: RoomFeature.self) { room, _, row in
            fill(row, engine.rooms[room])
            if let wording { fillPersonal(row, room, wording) }
        }
    }

    private func fill(_ row: FeatureRow<RoomFeature>, _ state: RoomState) {
        row[.membersWeek] = damped(state.heat.voicesWeek.value(at: now.week), floor: 0.1)
        row[.membersDay] = damped(state.heat.voicesDay.value(at: now.day), floor: 0.1)
        row[.arrivals] = damped(state.arrivals.value(at: now.week), floor: 0.1)
        row[.heatHour] = damped(state.heat.hour.value(at: now.hour), floor: 0.1)
        row[.heatDay] = damped(state.heat.day.value(at: now.day), floor: 0.1)
        row[.heatWeek] = damped(state.heat.week.value(at: now.week), floor: 0.1)
        row[.authors] = damped(Double(state.heat.authors.count), floor: 1)
        let newest = state.recent.newest.map { engine.roomLinks.time(of: $0) } ?? .min
        row[.lastAge] = logAge(elapsed(now.at, since: newest), unit: Span.minute)
    }

    private func fillPersonal(_ row: FeatureRow<RoomFeature>, _ room: UInt32, _ wording: Wording) {
        let likeness = taste.likeness(of: Item.room(room))
        row[.collaborative] = damped(likeness.ever, floor: 0.01)
        row[.collaborativeNow] = damped(likeness.now, floor: 0.01)
        row[.mention] = damped(mentions[room] ?? 0, floor: 1)
        var (bond, bondNow) = (0.0, 0.0)
        partners.withUnsafeBufferPointer { partners in
            for index in partners.indices {
                guard let tie = partners[index].rooms[room] else { continue }
                bond += partners[index].share * damped(tie.month.value(at: now.month), floor: 1)
                bondNow += partners[index].share * halved(elapsed(now.at, since: tie.last), every: Span.day)
            }
        }
        row[.partners] = bond
        row[.partnersNow] = bondNow
        row[.text] = text(room, wording)
    }

    /// How much of the wording of the room's newest thread the viewer uses.
    private func text(_ room: UInt32, _ wording: Wording) -> Double {
        guard let newest = engine.rooms[room].recent.newest else { return 0 }
        return wording.overlap(engine.threads[newest].terms)
    }
}
