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
    private let viewer: Profile?
    private let taste: Taste
    private let wording: Wording?
    private let now: Instant
    private var rooms = CellMap<RoomView>()
    private var weekTotal = 0.0
    private var row = ContiguousArray(repeating: 0.0, count: ThreadFeature.allCases.count)

    init(_ engine: Engine, viewer: MemberID, _ now: Instant) {
        self.engine = engine
        self.now = now
        let member = engine.memberNumbers.find(UInt64(bitPattern: viewer.rawValue))
        self.viewer = engine.profileNumber(of: viewer).map { engine.profiles[$0] }
        taste = Taste(engine, member, now, halfLife: 30 * Span.day)
        wording = self.viewer.map { Wording(engine, $0, now) }
        guard let profile = self.viewer else { return }
        for entry in profile.rooms.entries { weekTotal += entry.value.week.value(at: now.week) }
    }

    /// - Parameter threads: Newest first.
    mutating func matrix(_ threads: [UInt32]) -> FeatureMatrix {
        var matrix = FeatureMatrix(width: ThreadFeature.allCases.count)
        matrix.reserve(threads.count)
        for (rank, thread) in threads.enumerated() {
            fill(thread, rank)
            matrix.append(thread, row)
        }
        return matrix
    }

    private func view(of room: UInt32) -> RoomView {
        var view = RoomView()
        view.pace = damped(engine.rooms[room].heat.day.value(at: now.day), floor: 0.01)
        guard let viewer else { return view }
        if let tie = viewer.rooms[room] {
            let week = tie.week.value(at: now.week)
            view.month = damped(tie.month.value(at: now.month), floor: 0.01)
            view.week = damped(week, floor: 0.01)
            view.share = weekTotal > 0 ? week / weekTotal : 0
        }
        view.collaborative = taste.likeness(of: Item.room(room)).now
        return view
    }

    private mutating func fill(_ thread: UInt32, _ rank: Int) {
        let state = engine.threads[thread]
        var view = rooms[state.room] ?? view(of: state.room)
        let rankInRoom = view.seen
        view.seen += 1
        rooms[state.room, default: view] = view
        let age = elapsed(now.at, since: state.newest)
        set(.lastAge, logAge(age, unit: Span.minute))
        set(.heatHour, damped(state.heat.hour.value(at: now.hour), floor: 1))
        set(.heatDay, damped(state.heat.day.value(at: now.day), floor: 1))
        set(.roomMonth, view.month)
        set(.roomWeek, view.week)
        set(.alone, state.heat.authors.count == 1 ? 1 : 0)
        set(.birthAge, logAge(elapsed(now.at, since: state.fold.startedAt), unit: Span.hour))
        set(.authors, damped(Double(state.heat.authors.count), floor: 1))
        set(.within5, age < 300_000 ? 1 : 0)
        set(.within30, age < 1_800_000 ? 1 : 0)
        set(.collaborative, view.collaborative)
        set(.rank, damped(Double(rank), floor: 1))
        set(.rankInRoom, damped(Double(rankInRoom), floor: 1))
        set(.roomShareRecent, view.share * logAge(age, unit: Span.minute))
        set(.roomPace, view.pace)
        set(.question, state.fold.isQuestion && !state.fold.isAnswered ? 1 : 0)
        fillPersonal(thread, state)
    }

    private mutating func fillPersonal(_ thread: UInt32, _ state: ThreadState) {
        guard let viewer else { return }
        set(
            .lastRoom, viewer.lastRoom == state.room ? halved(elapsed(now.at, since: viewer.last), every: Span.hour) : 0
        )
        set(.mention, min(1, viewer.mentioned[thread]?.value(at: now.day) ?? 0))
        var company = 0.0
        for author in state.fold.authors.prefix(3) { company += affinity(viewer, author) }
        set(.lastAuthors, damped(company, floor: 0.05))
        set(.starter, damped(affinity(viewer, state.fold.starter), floor: 0.05))
        set(.text, wording?.overlap(state.terms) ?? 0)
        set(.lastThreadCompany, recentCompany(viewer, state))
    }

    private func affinity(_ viewer: Profile, _ author: UInt32) -> Double {
        viewer.partners[author]?.affinity.value(at: now.quarter) ?? 0
    }

    private func recentCompany(_ viewer: Profile, _ state: ThreadState) -> Double {
        var company = 0.0
        for author in state.fold.authors.prefix(3) {
            company += viewer.partners[author]?.recent.value(at: now.week) ?? 0
        }
        return damped(company, floor: 0.05)
    }

    private mutating func set(_ feature: ThreadFeature, _ value: Double) { row[feature.rawValue] = value }
}
