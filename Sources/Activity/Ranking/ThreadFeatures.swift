import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

enum ThreadFeature: Int, CaseIterable {
    case lastAge, heatHour, heatDay, roomMonth, roomWeek, lastRoom, mention, text, lastAuthors, starter, alone, birthAge
    case authors, within5, within30, collaborative, rank, rankInRoom, lastThreadCompany, roomShareRecent, roomPace,
        question

    /// What a candidate shows of which nothing is known, a day old.
    static let blank: [Double] = {
        var row = [Double](repeating: 0, count: allCases.count)
        row[Self.lastAge.rawValue] = log(1_441)
        row[Self.birthAge.rawValue] = log(25)
        for feature: Self in [.roomMonth, .roomWeek, .roomPace] { row[feature.rawValue] = log(0.01) }
        for feature: Self in [.lastAuthors, .starter, .lastThreadCompany] { row[feature.rawValue] = log(0.05) }
        for feature: Self in [.rank, .rankInRoom] { row[feature.rawValue] = log(100) }
        return row
    }()

    static let start: [Double] = {
        var weights = [Double](repeating: 0, count: allCases.count)
        weights[lastAge.rawValue] = -0.88
        weights[roomMonth.rawValue] = 1.0
        weights[roomWeek.rawValue] = 0.58
        weights[text.rawValue] = 1.72
        weights[alone.rawValue] = 1.5
        weights[mention.rawValue] = 0.65
        weights[lastAuthors.rawValue] = 0.5
        weights[birthAge.rawValue] = -0.25
        return weights
    }()
}

/// What one viewer brings to every thread candidate, worked out once a query.
struct ThreadFeatures {
    struct RoomView: BitwiseCopyable {
        var month = log(0.01)
        var week = log(0.01)
        var share = 0.0
        var collaborative = 0.0
        var pace = 0.0
        var seen = 0
    }

    private let engine: Engine
    /// Empty for a viewer of whom nothing is known.
    private let viewer: Profile
    private let taste: Taste
    private let wording: Wording?
    private let now: Instant
    private var weekTotal = 0.0

    init(_ engine: Engine, viewer: MemberID, _ now: Instant) {
        self.engine = engine
        self.now = now
        let member = engine.memberNumbers.find(UInt64(bitPattern: viewer.rawValue))
        let profile = engine.profileNumber(of: viewer).map { engine.profiles[$0] }
        taste = Taste(engine, member, now, halfLife: 30 * Span.day)
        wording = profile.map { Wording(engine, $0, now) }
        self.viewer = profile ?? Profile(member: Member.none)
        var total = 0.0
        self.viewer.rooms.forEach { _, tie in total += tie.week.value(at: now.week) }
        weekTotal = total
    }

    /// - Parameter threads: Newest first.
    func matrix(_ threads: [UInt32]) -> FeatureMatrix {
        var rooms = CellMap<RoomView>()
        return FeatureMatrix(threads, of: ThreadFeature.self) { thread, rank, row in
            let room = engine.threads[thread].room
            let position = rooms.position(of: room) ?? rooms.insert(room, view(of: room))
            fill(row, engine.threads[thread], rooms.value(at: position))
            row[.rank] = damped(Double(rank), floor: 1)
            rooms.update(at: position) { $0.seen += 1 }
            if let wording { fillPersonal(row, thread, engine.threads[thread], wording) }
        }
    }

    private func view(of room: UInt32) -> RoomView {
        var view = RoomView()
        view.pace = damped(engine.rooms[room].heat.day.value(at: now.day), floor: 0.01)
        guard wording != nil else { return view }
        if let tie = viewer.rooms[room] {
            let week = tie.week.value(at: now.week)
            view.month = damped(tie.month.value(at: now.month), floor: 0.01)
            view.week = damped(week, floor: 0.01)
            view.share = weekTotal > 0 ? week / weekTotal : 0
        }
        view.collaborative = taste.likeness(of: Item.room(room)).now
        return view
    }

    private func fill(_ row: FeatureRow<ThreadFeature>, _ state: ThreadState, _ view: RoomView) {
        let age = elapsed(now.at, since: state.newest)
        let ageInMinutes = logAge(age, unit: Span.minute)
        row[.lastAge] = ageInMinutes
        row[.heatHour] = damped(state.heat.hour.value(at: now.hour), floor: 1)
        row[.heatDay] = damped(state.heat.day.value(at: now.day), floor: 1)
        row[.roomMonth] = view.month
        row[.roomWeek] = view.week
        row[.alone] = state.heat.authors.count == 1 ? 1 : 0
        row[.birthAge] = logAge(elapsed(now.at, since: state.fold.startedAt), unit: Span.hour)
        row[.authors] = damped(Double(state.heat.authors.count), floor: 1)
        row[.within5] = age < 300_000 ? 1 : 0
        row[.within30] = age < 1_800_000 ? 1 : 0
        row[.collaborative] = view.collaborative
        row[.rankInRoom] = damped(Double(view.seen), floor: 1)
        row[.roomShareRecent] = view.share * ageInMinutes
        row[.roomPace] = view.pace
        row[.question] = state.fold.isQuestion && !state.fold.isAnswered ? 1 : 0
    }

    private func fillPersonal(
        _ row: FeatureRow<ThreadFeature>, _ thread: UInt32, _ state: ThreadState, _ wording: Wording
    ) {
        if viewer.lastRoom == state.room {
            row[.lastRoom] = halved(elapsed(now.at, since: viewer.last), every: Span.hour)
        }
        row[.mention] = min(1, viewer.mentioned[thread]?.value(at: now.day) ?? 0)
        var (company, recent) = (0.0, 0.0)
        for author in state.fold.authors.prefix(3) {
            guard let tie = viewer.partners[author] else { continue }
            company += tie.affinity.value(at: now.quarter)
            recent += tie.recent.value(at: now.week)
        }
        row[.lastAuthors] = damped(company, floor: 0.05)
        row[.lastThreadCompany] = damped(recent, floor: 0.05)
        let starter = viewer.partners[state.fold.starter]?.affinity.value(at: now.quarter) ?? 0
        row[.starter] = damped(starter, floor: 0.05)
        row[.text] = wording.overlap(state.terms)
    }
}
