import LyceumProtocol

/// Everything that is kept about one member, for them and nobody else (`activity.me`).
public struct Portrait: Sendable, Equatable, Codable {
    public struct Share: Sendable, Equatable, Codable {
        public let name: String
        public let weight: Double
    }

    public struct Week: Sendable, Equatable, Codable {
        /// Weeks since 1 January 1970.
        public let week: Int
        public let counts: [String: Int]
    }

    /// Rooms, terms and members by weight now, strongest first; all of them, not a selection.
    public var rooms: [Share] = []
    public var topics: [Share] = []
    public var partners: [Share] = []
    /// Rooms and tags compared with those of others.
    public var interests: [Share] = []
    /// Posts by hour of the day, UTC.
    public var clock: [Int] = []
    public var weeks: [Week] = []
    public var knowledge = 0.0
    public var points = 0
    /// Weeks in a row with something done, up to this one or the last.
    public var streakWeeks = 0
    /// Shares of what the member does: asking, answering, reading.
    public var roles: [String: Double] = [:]
    public var firstPost: UnixMilliseconds?
    public var lastPost: UnixMilliseconds?

    public init() {}
}

extension Tracker {
    /// What is kept about `member`, over public rooms and those that `canRead` lets through.
    public func portrait(
        of member: MemberID, at now: UnixMilliseconds, canRead: (RoomID) -> Bool
    ) -> Portrait {
        var portrait = Portrait()
        for engine in engines(where: canRead) { engine.describe(member, Instant(now), in: &portrait) }
        for path in [\Portrait.rooms, \.topics, \.partners, \.interests]
            as [WritableKeyPath<Portrait, [Portrait.Share]>]
        {
            portrait[keyPath: path] = Self.united(portrait[keyPath: path])
        }
        portrait.finish(currentWeek: Int(Engine.week(of: now)))
        return portrait
    }

    private static func united(_ shares: [Portrait.Share]) -> [Portrait.Share] {
        var sums: [String: Double] = [:]
        for share in shares { sums[share.name, default: 0] += share.weight }
        return sums.map { Portrait.Share(name: $0.key, weight: $0.value) }
            .sorted { $0.weight != $1.weight ? $0.weight > $1.weight : $0.name < $1.name }
    }
}

extension Engine {
    fileprivate func describe(_ id: MemberID, _ now: Instant, in portrait: inout Portrait) {
        guard let number = memberNumbers.find(UInt64(bitPattern: id.rawValue)) else { return }
        for edge in members[number].edges {
            let item = edge.item & 1 == 0 ? "room \(room(edge.item >> 1))" : "#\(terms[edge.item >> 1].name)"
            let strength = scaled(edge.mantissa, by: edge.exponent - now.halfYear.exponent) / now.halfYear.factor
            portrait.interests.append(Portrait.Share(name: item, weight: strength))
        }
        for row in members[number].weeks {
            var counts: [String: Int] = [:]
            for field in WeekRow.Field.allCases where row[field] > 0 { counts["\(field)"] = row[field] }
            portrait.weeks.append(Portrait.Week(week: Int(row.week), counts: counts))
        }
        if members[number].profile != Member.none { describe(profiles[members[number].profile], now, in: &portrait) }
    }

    private func describe(_ profile: Profile, _ now: Instant, in portrait: inout Portrait) {
        for entry in profile.rooms.entries {
            portrait.rooms.append(
                Portrait.Share(name: "\(room(entry.key))", weight: entry.value.month.value(at: now.month)))
        }
        for entry in profile.terms.entries {
            portrait.topics.append(
                Portrait.Share(name: terms[entry.key].name, weight: entry.value.value(at: now.quarter)))
        }
        for entry in profile.partners.entries {
            portrait.partners.append(
                Portrait.Share(name: "\(member(entry.key))", weight: entry.value.affinity.value(at: now.quarter)))
        }
        if !profile.clock.isEmpty {
            if portrait.clock.isEmpty { portrait.clock = [Int](repeating: 0, count: 24) }
            for hour in profile.clock.entries { portrait.clock[Int(hour.key)] += Int(hour.value) }
        }
        portrait.knowledge += profile.knowledge.value(at: now.month)
        if profile.first != .max { portrait.firstPost = min(portrait.firstPost ?? .max, profile.first) }
        if profile.last != .min { portrait.lastPost = max(portrait.lastPost ?? .min, profile.last) }
    }
}

extension Portrait {
    /// Unites the weeks of several engines and draws points, streak and roles from them.
    fileprivate mutating func finish(currentWeek: Int) {
        var united: [Int: [String: Int]] = [:]
        for week in weeks { united[week.week, default: [:]].merge(week.counts, uniquingKeysWith: +) }
        weeks = united.keys.sorted().map { Week(week: $0, counts: united[$0] ?? [:]) }
        func total(_ field: WeekRow.Field) -> Int { weeks.reduce(0) { $0 + ($1.counts["\(field)"] ?? 0) } }
        points = total(.posts) + 2 * total(.answers) + 4 * total(.accepted) + total(.reactionsReceived)
        let all = Double(total(.asked) + total(.answers) + total(.reads))
        if all > 0 {
            roles = [
                "asker": Double(total(.asked)) / all, "answerer": Double(total(.answers)) / all,
                "reader": Double(total(.reads)) / all,
            ]
        }
        let active = Set(united.filter { !$0.value.isEmpty }.keys)
        var week = active.contains(currentWeek) ? currentWeek : currentWeek - 1
        while active.contains(week) {
            streakWeeks += 1
            week -= 1
        }
    }
}
