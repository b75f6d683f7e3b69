import LyceumProtocol

/// An offline measure of the rankers on a recorded stream: every query is ranked before its event is learnt.
///
/// The features, rankers and learning steps are those that serve; only the candidates are those the task defines, so
/// that figures compare with other methods on the same stream.
public struct Evaluation: Sendable {
    public enum Task: String, CaseIterable, Sendable {
        case threads, peers, newPeers = "new-peers", experts, rooms
    }

    /// How one query came out.
    struct Outcome: Sendable {
        /// 1-based; ties count half. `nil` if no truth was a candidate.
        let rank: Double?
        /// The message, mention or thread that asked, counted from 0: the last share of these is the test.
        let unit: Int
    }

    let task: Task
    var engine = Engine(audience: .everyone)
    var rankers = Rankers()
    var outcomes: [Outcome] = []
    private var messages = 0
    private var mentions = 0
    private var started: Set<SequenceNumber> = []
    private var posted: Set<UInt32> = []
    private var seenAt: [UInt32: UnixMilliseconds] = [:]
    private var answeredAt: [UInt32: UnixMilliseconds] = [:]
    private var open: [SequenceNumber: OpenQuestion] = [:]
    private var openOrder: [(at: UnixMilliseconds, thread: SequenceNumber)] = []
    private let hasThreads: Bool

    private struct OpenQuestion {
        let asker: MemberID
        let at: UnixMilliseconds
        let matrix: FeatureMatrix
        let unit: Int
        var repliers: [MemberID] = []
    }

    public init(task: Task, hasThreads: Bool) {
        self.task = task
        self.hasThreads = hasThreads
    }

    /// Ranks what the event answers, learns from it, then counts it.
    public mutating func take(_ event: ActivityEvent) {
        guard case .post(let post) = event.kind else {
            engine.count(event)
            return
        }
        let now = Instant(event.at)
        switch task {
        case .threads: rankThread(event, post, now)
        case .rooms: rankRoom(event, now)
        case .peers, .newPeers: rankPeers(event, post, now)
        case .experts: followQuestion(event, post, now)
        }
        engine.count(event)
        messages += 1
        remember(event, post)
    }

    private mutating func remember(_ event: ActivityEvent, _ post: ActivityEvent.Post) {
        if let profile = engine.profileNumber(of: event.member) { seenAt[profile] = event.at }
        guard !hasThreads else { return }
        for named in post.mentions {
            if let profile = engine.profileNumber(of: named) { seenAt[profile] = event.at }
        }
    }

    // MARK: Tasks

    private mutating func rankThread(_ event: ActivityEvent, _ post: ActivityEvent.Post, _ now: Instant) {
        guard let profile = engine.profileNumber(of: event.member), engine.profiles[profile].last != .min,
            let room = engine.roomNumbers.find(UInt64(bitPattern: event.room.rawValue)),
            let truth = engine.threadNumbers.find(Engine.threadKey(post.thread, room))
        else { return }
        let member = engine.profiles[profile].member
        guard engine.threads[truth].fold.starter != member, !engine.threads[truth].heat.authors.contains(member) else {
            return
        }
        var candidates: [UInt32] = []
        var thread = engine.allThreads.newest ?? RecencyList.end
        while thread != RecencyList.end, engine.allLinks.time(of: thread) >= event.at - 14 * 86_400_000 {
            if !engine.threads[thread].heat.authors.contains(member) { candidates.append(thread) }
            thread = engine.allLinks.older(than: thread)
        }
        let features = ThreadFeatures(engine, viewer: event.member, now)
        settle(features.matrix(candidates), [truth], \.threads, unit: messages)
    }

    private mutating func rankRoom(_ event: ActivityEvent, _ now: Instant) {
        guard let profile = engine.profileNumber(of: event.member), engine.profiles[profile].last != .min else {
            return
        }
        let member = engine.profiles[profile].member
        let truth = engine.roomNumbers.find(UInt64(bitPattern: event.room.rawValue))
        if let truth, engine.rooms[truth].heat.authors.contains(member) { return }
        let candidates = engine.rooms.indices.filter { room in
            guard let newest = engine.rooms[room].recent.newest else { return false }
            return engine.roomLinks.time(of: newest) >= event.at - 30 * 86_400_000
                && !engine.rooms[room].heat.authors.contains(member)
        }
        let features = RoomFeatures(engine, viewer: event.member, now)
        settle(features.matrix(candidates), truth.map { [$0] } ?? [], \.rooms, unit: messages)
    }

    private mutating func rankPeers(_ event: ActivityEvent, _ post: ActivityEvent.Post, _ now: Instant) {
        guard !post.mentions.isEmpty else { return }
        let viewer = engine.profile(of: engine.number(of: event.member))
        let recent = seenAt.filter { $0.value >= event.at - 90 * 86_400_000 && $0.key != viewer }
        let candidates = recent.keys.sorted { (recent[$0] ?? 0, $0) > (recent[$1] ?? 0, $1) }
        let features = PeerFeatures(engine, viewer: viewer, now)
        let all = features.matrix(candidates)
        let met = Set(candidates.filter { engine.haveMet(viewer, $0) })
        for named in Set(post.mentions).sorted() where named != event.member {
            mentions += 1
            let truth = engine.profileNumber(of: named)
            guard task == .newPeers else {
                settle(all, truth.map { [$0] } ?? [], \.peers, unit: mentions - 1)
                continue
            }
            if let truth, engine.haveMet(viewer, truth) { continue }
            settle(all.without(met), truth.map { [$0] } ?? [], \.introductions, unit: mentions - 1)
        }
    }

    private mutating func followQuestion(_ event: ActivityEvent, _ post: ActivityEvent.Post, _ now: Instant) {
        closeQuestions(before: event.at - 3 * 86_400_000)
        if started.insert(post.thread).inserted {
            ask(event, post, now)
        } else if var question = open[post.thread] {
            if event.member != question.asker, !question.repliers.contains(event.member) {
                question.repliers.append(event.member)
            }
            open[post.thread] = question
            if question.repliers.count == 5 { close(post.thread) }
        }
        guard let room = engine.roomNumbers.find(UInt64(bitPattern: event.room.rawValue)),
            let thread = engine.threadNumbers.find(Engine.threadKey(post.thread, room))
        else { return }
        let answers = engine.member(engine.threads[thread].fold.starter) != event.member
        if answers { answeredAt[engine.profile(of: engine.number(of: event.member))] = event.at }
    }

    private mutating func ask(_ event: ActivityEvent, _ post: ActivityEvent.Post, _ now: Instant) {
        let asker = engine.profileNumber(of: event.member)
        let candidates = answeredAt.filter { $0.value >= event.at - 180 * 86_400_000 && $0.key != asker }.keys.sorted()
        let query = engine.query(asker: event.member, room: event.room, texts: [post.title ?? "", post.text])
        let features = ExpertFeatures(engine, query, now)
        open[post.thread] = OpenQuestion(
            asker: event.member, at: event.at, matrix: features.matrix(candidates), unit: started.count - 1)
        openOrder.append((event.at, post.thread))
    }

    private mutating func closeQuestions(before time: UnixMilliseconds) {
        while let first = openOrder.first, first.at < time {
            openOrder.removeFirst()
            close(first.thread)
        }
    }

    private mutating func close(_ thread: SequenceNumber) {
        guard let question = open.removeValue(forKey: thread), !question.repliers.isEmpty else { return }
        settle(
            question.matrix, question.repliers.compactMap { engine.profileNumber(of: $0) }, \.experts,
            unit: question.unit)
    }

    // MARK: Measuring

    private mutating func settle(
        _ matrix: FeatureMatrix, _ truths: [UInt32], _ ranker: WritableKeyPath<Rankers, LinearRanker>,
        unit: Int
    ) {
        let chosen = truths.compactMap { matrix.candidates.firstIndex(of: $0) }
        guard !chosen.isEmpty else {
            outcomes.append(Outcome(rank: nil, unit: unit))
            return
        }
        let scores = rankers[keyPath: ranker].scores(matrix)
        let best = chosen.map { scores[$0] }.max() ?? 0
        var rank = 1.0
        for row in scores.indices where !chosen.contains(row) {
            if scores[row] > best { rank += 1 } else if scores[row] == best { rank += 0.5 }
        }
        outcomes.append(Outcome(rank: rank, unit: unit))
        rankers[keyPath: ranker].learn(matrix, chosen: chosen)
    }

    /// What the queries of the last `share` of the stream (of its mentions for peers, its threads for experts) came to, or `sample` of them taken evenly.
    public mutating func report(k: Int, share: Double, sample: Int?) -> Report {
        for (_, thread) in openOrder { close(thread) }
        let units =
            switch task {
            case .threads, .rooms: messages
            case .peers, .newPeers: mentions
            case .experts: started.count
            }
        let first = Int(Double(units) * (1 - share))
        var tested = outcomes.filter { $0.unit >= first }
        if let sample, sample > 0, sample < tested.count {
            tested = (0..<sample).map { tested[$0 * tested.count / sample] }
        }
        let hits = tested.count { ($0.rank ?? .infinity) <= Double(k) }
        let reciprocal = tested.reduce(0) { $0 + 1 / ($1.rank ?? .infinity) }
        let total = Double(max(1, tested.count))
        return Report(
            task: task.rawValue, queries: tested.count, queriesInStream: outcomes.count, k: k,
            hitRate: Double(hits) / total, meanReciprocalRank: reciprocal / total)
    }

    public struct Report: Sendable, Codable {
        public let task: String
        public let queries, queriesInStream, k: Int
        public let hitRate, meanReciprocalRank: Double
    }
}
