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
        for entry in profile.rooms.entries { best.offer(entry.key, entry.value.month.value(at: now.month)) }
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

    /// Threads that ask and that nobody else has written in.
    func questions(in only: UInt32? = nil) -> [UInt32] {
        let list =
            only.map { engine.roomLinks.newest(1_000, of: engine.rooms[$0].recent) }
            ?? engine.allLinks.newest(1_000, of: engine.allThreads)
        return Array(
            list.filter { thread in
                let state = engine.threads[thread]
                return !state.fold.isAnswered && (state.fold.isQuestion || state.title != nil)
                    && state.fold.starter != member && elapsed(now.at, since: state.fold.startedAt) < 30 * 86_400_000
            }.prefix(Self.limit))
    }

    /// Those the viewer meets: partners, partners of partners, whoever wrote last in their rooms, whoever is active.
    func peers() -> [UInt32] {
        var found: [UInt32] = []
        var seen: Set<UInt32> = []
        func add(_ member: UInt32) {
            let profile = engine.members[member].profile
            guard member != self.member, profile != Member.none, found.count < Self.limit, seen.insert(profile).inserted
            else { return }
            found.append(profile)
        }
        let partners = profile.map { strongest($0, 100) } ?? []
        for partner in partners { add(partner) }
        for partner in partners.prefix(8) where engine.members[partner].profile != Member.none {
            for other in strongest(engine.profiles[engine.members[partner].profile], 10) { add(other) }
        }
        for room in ownRooms().prefix(6) {
            for thread in engine.roomLinks.newest(25, of: engine.rooms[room].recent) {
                for author in engine.threads[thread].fold.authors { add(author) }
            }
        }
        for profile in engine.activeLinks.newest(60, of: engine.activeProfiles) { add(engine.profiles[profile].member) }
        return byRecency(found)
    }

    private func strongest(_ profile: Profile, _ limit: Int) -> [UInt32] {
        var best = Strongest(limit: limit)
        for entry in profile.partners.entries { best.offer(entry.key, entry.value.affinity.value(at: now.quarter)) }
        return best.ranked.map(\.key)
    }

    private func byRecency(_ profiles: [UInt32]) -> [UInt32] {
        let dated = profiles.map { (time: engine.profiles[$0].last, profile: $0) }
        return dated.sorted { ($0.time, $0.profile) > ($1.time, $1.profile) }.map(\.profile)
    }

    /// Those who took part in questions like it, those who write in the room, whoever is active.
    func experts(_ query: ExpertQuery) -> [UInt32] {
        var found: [UInt32] = []
        var seen: Set<UInt32> = []
        func add(_ profile: UInt32) {
            let state = engine.profiles[profile]
            guard state.member != member, state.member != query.asker, !state.answersMonth.isEmpty,
                found.count < Self.limit, seen.insert(profile).inserted
            else { return }
            found.append(profile)
        }
        for (thread, _) in query.similar {
            for author in engine.threads[thread].heat.authors.entries.prefix(20)
            where engine.members[author.key].profile != Member.none {
                add(engine.members[author.key].profile)
            }
        }
        if let room = query.room {
            for thread in engine.roomLinks.newest(100, of: engine.rooms[room].recent) {
                for author in engine.threads[thread].fold.authors { add(engine.members[author].profile) }
            }
        }
        for profile in engine.activeLinks.newest(100, of: engine.activeProfiles) { add(profile) }
        return found
    }

    func rooms(except isJoined: (RoomID) -> Bool) -> [UInt32] {
        let open = engine.rooms.indices.filter { room in
            engine.rooms[room].recent.newest != nil && !isJoined(engine.room(room))
                && member.map { !engine.rooms[room].heat.authors.contains($0) } ?? true
        }
        guard open.count > Self.limit else { return open }
        var best = Strongest(limit: Self.limit)
        for room in open { best.offer(room, engine.rooms[room].heat.voicesWeek.value(at: now.week)) }
        return best.ranked.map(\.key)
    }

    /// What is talked about now, and what the viewer talks about.
    func topics() -> [UInt32] {
        var found = engine.topicLinks.newest(400, of: engine.activeTopics)
        let seen = Set(found)
        for term in profile?.terms.entries.suffix(400) ?? [] {
            let topic = engine.terms[term.key].topic
            if topic != Member.none, !seen.contains(topic) { found.append(topic) }
        }
        return Array(
            found.filter { engine.isShown($0) && engine.topics[$0].heat.authors.count >= Burst.leastAuthors }
                .prefix(Self.limit))
    }

    /// What the viewer asked last, within two weeks, as a query.
    func ownQuestion() -> ExpertQuery? {
        guard let member, let profile else { return nil }
        let recent = engine.allLinks.newest(2_000, of: engine.allThreads).first { thread in
            engine.threads[thread].fold.starter == member
                && elapsed(now.at, since: engine.threads[thread].fold.startedAt) < 14 * 86_400_000
        }
        let terms =
            recent.map { engine.threads[$0].terms.entries.map(\.key) } ?? profile.terms.entries.suffix(48).map(\.key)
        let weighed = terms.map { (term: $0, rarity: engine.rarity($0)) }
        let room = recent.map { engine.threads[$0].room } ?? (profile.lastRoom == Member.none ? nil : profile.lastRoom)
        return ExpertQuery(
            engine, asker: member, room: room,
            terms: Array(
                weighed.sorted { $0.rarity != $1.rarity ? $0.rarity > $1.rarity : $0.term < $1.term }.prefix(48)))
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
