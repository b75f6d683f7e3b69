import LyceumProtocol

/// The health of a community, for its moderators and operators; all integers are exact counts.
///
/// Meant to be built from a copy of the engine, off the event path: it reads every member once.
public struct CommunityView: Sendable {
    public struct Week: Sendable, Equatable {
        /// Weeks since 1 January 1970.
        public let week: Int
        public internal(set) var joined = 0
        public internal(set) var active = 0
        /// Active the week before as well.
        public internal(set) var returning = 0
        /// Active in the week before and not in this one.
        public internal(set) var lapsed = 0
    }

    public struct Unanswered: Sendable, Equatable {
        public let room: RoomID
        public let thread: SequenceNumber
        public let title: String?
        public let asker: MemberID
        public let since: UnixMilliseconds
    }

    public struct Model: Sendable, Equatable {
        public let samples: Int
        /// Effect of one unit of each named feature (sixteenths of a logarithm or share) on the chance to come back.
        public let coefficients: [(name: String, value: Double)]

        public static func == (a: Model, b: Model) -> Bool {
            a.samples == b.samples && a.coefficients.elementsEqual(b.coefficients) { $0 == $1 }
        }
    }

    public let weeks: [Week]
    /// Members by the week they were first active in and the number of weeks after it in which they were active again.
    public let retention: [Int: [Int]]
    /// Members not active for 30 days or more, by their last active week, and all members.
    public let churned: Int
    public let members: Int
    public let leaders: [(member: MemberID, knowledge: Double)]
    public let newcomers: [(member: MemberID, welcomedBy: [MemberID])]
    public let unanswered: [Unanswered]
    public let engagement: Model
    public let satisfaction: Model

    public init(_ engine: Engine, at now: UnixMilliseconds) {
        let instant = Instant(now)
        var census = Census(current: Engine.week(of: now))
        for number in engine.members.indices { census.take(engine.members[number].weeks) }
        weeks = census.weeks.keys.sorted().suffix(52).compactMap { census.weeks[$0] }
        retention = census.retention
        churned = census.churned
        members = census.members
        leaders = Self.leaders(engine, instant)
        newcomers = Self.newcomers(engine, now)
        unanswered = Self.unanswered(engine, now)
        engagement = Self.model(census.engagement, WeekRow.engagementNames)
        satisfaction = Self.model(census.satisfaction, WeekRow.satisfactionNames)
    }

    /// Growth of the last complete week: joined minus lapsed, over those active the week before.
    public var growthRate: Double? {
        guard weeks.count >= 3 else { return nil }
        let (last, before) = (weeks[weeks.count - 2], weeks[weeks.count - 3])
        return before.active == 0 ? nil : Double(last.joined - last.lapsed) / Double(before.active)
    }

    private static func model(_ equations: NormalEquations, _ names: [String]) -> Model {
        let solution = equations.solve() ?? []
        return Model(samples: Int(equations.samples), coefficients: zip(names, solution).map { ($0, $1) })
    }

    private static func leaders(_ engine: Engine, _ now: Instant) -> [(member: MemberID, knowledge: Double)] {
        var found: [(member: MemberID, knowledge: Double)] = []
        for profile in engine.profiles.indices {
            let knowledge = engine.profiles[profile].knowledge.value(at: now.month)
            if knowledge > 0.01 { found.append((engine.member(engine.profiles[profile].member), knowledge)) }
        }
        found.sort { $0.knowledge != $1.knowledge ? $0.knowledge > $1.knowledge : $0.member < $1.member }
        return Array(found.prefix(20))
    }

    /// Members whose first post is at most two weeks old, and who wrote to them.
    private static func newcomers(_ engine: Engine, _ now: UnixMilliseconds) -> [(
        member: MemberID, welcomedBy: [MemberID]
    )] {
        var found: [(member: MemberID, welcomedBy: [MemberID])] = []
        for profile in engine.activeLinks.newest(5_000, of: engine.activeProfiles) {
            let state = engine.profiles[profile]
            guard elapsed(now, since: state.first) < 14 * 86_400_000 else { continue }
            var welcomed: [MemberID] = []
            for partner in state.partners.entries {
                let other = engine.members[partner.key].profile
                guard other != Member.none, let tie = engine.profiles[other].contacts[state.member],
                    !tie.isEmpty
                else { continue }
                welcomed.append(engine.member(partner.key))
            }
            found.append((engine.member(state.member), welcomed.sorted()))
            if found.count == 50 { break }
        }
        return found
    }

    private static func unanswered(_ engine: Engine, _ now: UnixMilliseconds) -> [Unanswered] {
        engine.allLinks.newest(2_000, of: engine.allThreads).compactMap { thread in
            let state = engine.threads[thread]
            guard !state.fold.isAnswered, state.fold.isQuestion || state.title != nil,
                elapsed(now, since: state.fold.startedAt) < 30 * 86_400_000
            else { return nil }
            return Unanswered(
                room: engine.room(state.room), thread: state.root, title: state.title,
                asker: engine.member(state.fold.starter), since: state.fold.startedAt)
        }
    }
}

/// One pass over the weeks of every member.
struct Census {
    let current: Int32
    var weeks: [Int32: CommunityView.Week] = [:]
    var retention: [Int: [Int]] = [:]
    var churned = 0
    var members = 0
    var engagement = NormalEquations()
    var satisfaction = NormalEquations()

    init(current: Int32) { self.current = current }

    mutating func take(_ weeks: Weeks) {
        let rows = weeks.filter(\.isActive)
        guard let first = rows.first, let last = rows.last else { return }
        members += 1
        // Five weeks: the last active day may have been the first of its week.
        if current - last.week >= 5 { churned += 1 }
        self[week: first.week].joined += 1
        for (index, row) in rows.enumerated() {
            self[week: row.week].active += 1
            let returns = index + 1 < rows.count && rows[index + 1].week == row.week + 1
            if returns {
                self[week: row.week + 1].returning += 1
            } else if row.week < current {
                self[week: row.week + 1].lapsed += 1
            }
            keep(Int(row.week - first.week), of: Int(first.week))
            guard row.week + 1 < current else { continue }
            engagement.add(row.engagement, target: returns ? 1 : 0)
            if row[.asked] > 0 { satisfaction.add(row.satisfaction, target: returns ? 1 : 0) }
        }
    }

    private mutating func keep(_ offset: Int, of cohort: Int) {
        guard offset <= 520 else { return }
        var row = retention[cohort] ?? []
        while row.count <= offset { row.append(0) }
        row[offset] += 1
        retention[cohort] = row
    }

    private subscript(week number: Int32) -> CommunityView.Week {
        get { weeks[number] ?? CommunityView.Week(week: Int(number)) }
        set { weeks[number] = newValue }
    }
}
