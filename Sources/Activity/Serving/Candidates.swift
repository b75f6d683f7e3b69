import LyceumProtocol

/// Who and what is looked at at all, a few hundred each, found without reading everything.
struct Candidates {
    let engine: Engine
    let viewer: MemberID
    let now: Instant
    private let member: UInt32?
    private let profile: Profile?

    static let limit = 300

    init(_ engine: Engine, viewer: MemberID, _ now: Instant) {
        self.engine = engine
        self.viewer = viewer
        self.now = now
        member = engine.memberNumbers.find(UInt64(bitPattern: viewer.rawValue))
        profile = engine.profileNumber(of: viewer).map { engine.profiles[$0] }
    }

    /// The viewer's rooms, strongest bond first.
    private func ownRooms() -> [UInt32] {
        guard let profile else { return [] }
        var best = Strongest(limit: 24)
        profile.rooms.forEach { best.offer($0, $1.month.value(at: now.month)) }
        return best.ranked.map(\.key)
    }

    /// The newest of the viewer's rooms, the newest elsewhere, where they were named; newest first, none they wrote in.
    func threads(in only: UInt32? = nil) -> [UInt32] {
        var found: Set<UInt32> = []
        for room in only.map({ [$0] }) ?? ownRooms() {
            found.formUnion(engine.roomLinks.newest(only == nil ? 40 : 200, of: engine.rooms[room].recent))
            if found.count >= 200 { break }
        }
        if only == nil {
            found.formUnion(engine.allLinks.newest(100, of: engine.allThreads))
            found.formUnion(profile?.mentioned.entries.suffix(40).map(\.key) ?? [])
        }
        let open = found.filter { thread in
            guard !engine.threads[thread].fold.isEmpty else { return false }
            return member.map { !engine.threads[thread].heat.authors.contains($0) } ?? true
        }
        let dated = open.map { (time: engine.allLinks.time(of: $0), thread: $0) }
        return dated.sorted { ($0.time, $0.thread) > ($1.time, $1.thread) }.prefix(Self.limit).map(\.thread)
    }

    /// Threads that ask and that nobody else has written in, among the newest thousand.
    func questions(in only: UInt32? = nil) -> [UInt32] {
        let links = only == nil ? engine.allLinks : engine.roomLinks
        var thread = only.map { engine.rooms[$0].recent.newest } ?? engine.allThreads.newest
        var found: [UInt32] = []
        for _ in 0..<1_000 {
            guard let next = thread, next != RecencyList.end, found.count < Self.limit else { break }
            if asks(engine.threads[next]) { found.append(next) }
            thread = links.older(than: next)
        }
        return found
    }

    private func asks(_ thread: ThreadState) -> Bool {
        !thread.fold.isAnswered && (thread.fold.isQuestion || thread.title != nil) && thread.fold.starter != member
            && elapsed(now.at, since: thread.fold.startedAt) < 30 * 86_400_000
    }

    /// Those the viewer meets: partners, partners of partners, whoever wrote last in their rooms, whoever is active.
    func peers() -> [UInt32] {
        var found: [UInt32] = []
        var seen = NumberSet()
        if let member { seen.insert(member) }
        func add(_ other: UInt32) {
            guard found.count < Self.limit, seen.insert(other) else { return }
            let profile = engine.members[other].profile
            if profile != Member.none { found.append(profile) }
        }
        let partners = profile?.strongestPartners(100, now).map(\.key) ?? []
        for partner in partners { add(partner) }
        for partner in partners.prefix(8) where engine.members[partner].profile != Member.none {
            let others = engine.profiles[engine.members[partner].profile].strongestPartners(10, now, among: 512)
            for other in others { add(other.key) }
        }
        for room in ownRooms().prefix(6) {
            for thread in engine.roomLinks.newest(25, of: engine.rooms[room].recent) {
                for author in engine.threads[thread].fold.authors { add(author) }
            }
        }
        for profile in engine.activeLinks.newest(60, of: engine.activeProfiles) { add(engine.profiles[profile].member) }
        return byRecency(found)
    }

    private func byRecency(_ profiles: [UInt32]) -> [UInt32] {
        let dated = profiles.map { (time: engine.profiles[$0].last, profile: $0) }
        return dated.sorted { ($0.time, $0.profile) > ($1.time, $1.profile) }.map(\.profile)
    }

    /// Those who took part in questions like it, those who write in the room, whoever is active.
    func experts(_ query: ExpertQuery) -> [UInt32] {
        var found: [UInt32] = []
        var seen = NumberSet()
        if let member { seen.insert(member) }
        if let asker = query.asker { seen.insert(asker) }
        func add(_ other: UInt32) {
            guard found.count < Self.limit, seen.insert(other) else { return }
            let profile = engine.members[other].profile
            guard profile != Member.none, !engine.profiles[profile].answersMonth.isEmpty else { return }
            found.append(profile)
        }
        for (thread, _) in query.similar {
            for author in engine.threads[thread].heat.authors.entries.prefix(20) { add(author.key) }
        }
        if let room = query.room, found.count < Self.limit {
            for thread in engine.roomLinks.newest(100, of: engine.rooms[room].recent) {
                for author in engine.threads[thread].fold.authors { add(author) }
            }
        }
        for profile in engine.activeLinks.newest(100, of: engine.activeProfiles) {
            add(engine.profiles[profile].member)
        }
        return found
    }

    func rooms(except isJoined: (RoomID) -> Bool) -> [UInt32] {
        let open = engine.rooms.indices.filter { room in
            // Whoever has written there has a first time.
            engine.rooms[room].recent.newest != nil && profile?.rooms[room]?.first ?? .max == .max
                && !isJoined(engine.room(room))
        }
        guard open.count > Self.limit else { return open }
        var best = Strongest(limit: Self.limit)
        for room in open { best.offer(room, engine.rooms[room].heat.voicesWeek.value(at: now.week)) }
        return best.ranked.map(\.key)
    }

    /// What is talked about now, and what the viewer talks about.
    func topics() -> [UInt32] {
        var found: [UInt32] = []
        var seen = NumberSet()
        func add(_ topic: UInt32) {
            // The cheap condition first: most topics are one member's.
            guard found.count < Self.limit, engine.topics[topic].heat.authors.count >= Burst.leastAuthors,
                seen.insert(topic), engine.isShown(topic)
            else { return }
            found.append(topic)
        }
        for topic in engine.topicLinks.newest(400, of: engine.activeTopics) { add(topic) }
        for term in profile?.terms.entries.suffix(400) ?? [] {
            let topic = engine.terms[term.key].topic
            if topic != Member.none { add(topic) }
        }
        return found
    }

    /// What the viewer asked last, within two weeks, as a query; else what they write about.
    func ownQuestion() -> ExpertQuery? {
        guard let member, let profile else { return nil }
        let isRecent = elapsed(now.at, since: profile.askedAt) < 14 * 86_400_000
        let asked = isRecent && profile.lastAsked != Member.none ? profile.lastAsked : nil
        let terms =
            asked.map { engine.threads[$0].terms.entries.map(\.key) } ?? profile.terms.entries.suffix(48).map(\.key)
        let room = asked.map { engine.threads[$0].room } ?? (profile.lastRoom == Member.none ? nil : profile.lastRoom)
        return ExpertQuery(
            engine, asker: member, room: room, terms: terms.map { (term: $0, rarity: engine.rarity($0)) })
    }
}

/// Which numbers have been met. A general set, with its keyed hash, costs as much as the rest of finding candidates.
private struct NumberSet {
    private var numbers = CellMap<UInt32>(minimumCapacity: 512)

    /// - Returns: Whether it is new.
    @discardableResult
    mutating func insert(_ number: UInt32) -> Bool {
        guard !numbers.contains(number) else { return false }
        numbers.insert(number, 0)
        return true
    }
}

extension Profile {
    /// The partners with the strongest affinity, strongest first.
    ///
    /// - Parameter among: Looks at these many of the latest only; whoever has more meets most of them once.
    func strongestPartners(
        _ limit: Int, _ now: Instant, among: Int = .max
    ) -> [(key: UInt32, strength: Double)] {
        var best = Strongest(limit: limit)
        partners.forEach(last: among) { best.offer($0, $1.affinity.value(at: now.quarter)) }
        return best.ranked
    }
}

/// The strongest of many, found in one pass; equal strengths stand by number.
struct Strongest {
    let limit: Int
    /// Strongest first.
    private(set) var ranked: [(key: UInt32, strength: Double)] = []

    init(limit: Int) { self.limit = limit }

    mutating func offer(_ key: UInt32, _ strength: Double) {
        if ranked.count == limit, let last = ranked.last, !Self.isBefore((key, strength), last) { return }
        var (low, high) = (0, ranked.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.isBefore(ranked[middle], (key, strength)) { low = middle + 1 } else { high = middle }
        }
        ranked.insert((key, strength), at: low)
        if ranked.count > limit { ranked.removeLast() }
    }

    private static func isBefore(_ a: (key: UInt32, strength: Double), _ b: (key: UInt32, strength: Double)) -> Bool {
        a.strength != b.strength ? a.strength > b.strength : a.key < b.key
    }
}
