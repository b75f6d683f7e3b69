import LyceumProtocol

/// Questions that experts were ranked for and that wait for their answers.
struct PendingQuestions: Sendable {
    static let capacity = 256
    static let patience: Int64 = 3 * 86_400_000

    struct Question: Sendable {
        let thread: EventName
        let asker: MemberID
        let at: UnixMilliseconds
        let matrix: FeatureMatrix
        var repliers: [UInt32] = []
    }

    private var open: [Question] = []

    mutating func add(_ question: Question) {
        if open.count == Self.capacity { open.removeFirst() }
        open.append(question)
    }

    /// Notes a reply; answers the question once it has five answerers.
    mutating func reply(by profile: UInt32, in thread: EventName) -> Question? {
        guard let index = open.firstIndex(where: { $0.thread == thread }), !open[index].repliers.contains(profile)
        else {
            return nil
        }
        open[index].repliers.append(profile)
        return open[index].repliers.count == 5 ? open.remove(at: index) : nil
    }

    mutating func expire(before time: UnixMilliseconds) -> [Question] {
        let over = open.prefix { $0.at < time }
        open.removeFirst(over.count)
        return Array(over)
    }
}

extension Recommender {
    /// Learns from what members do of themselves: call it with each public event before the tracker ingests it.
    ///
    /// Entering a thread or a room, and turning to somebody, are choices among what could have been recommended.
    ///
    /// - Parameter learns: Whether it is learnt from at all, as ``LearningPace`` has it.
    public mutating func observe(_ event: ActivityEvent, tracker: Tracker, learns: Bool = true) {
        experiments.countActive(event.member, at: event.at)
        guard learns, event.audience == .everyone, case .post(let post) = event.kind,
            !tracker.excluded.contains(event.member)
        else { return }
        let engine = tracker.everyone
        let now = Instant(event.at)
        observeQuestion(event, post, engine, now)
        guard let profile = engine.profileNumber(of: event.member), engine.profiles[profile].last != .min else {
            return
        }
        let candidates = Candidates(engine, viewer: event.member, now)
        observeThread(event, post, engine, now, candidates)
        observeRoom(event, engine, now, candidates)
        observePeers(event, post, profile, engine, now, candidates)
    }

    private mutating func observeThread(
        _ event: ActivityEvent, _ post: ActivityEvent.Post, _ engine: Engine, _ now: Instant, _ candidates: Candidates
    ) {
        guard let room = engine.roomNumbers.find(UInt64(bitPattern: event.room.rawValue)),
            let thread = engine.threadNumbers.find(Engine.threadKey(post.thread, room)),
            let member = engine.memberNumbers.find(UInt64(bitPattern: event.member.rawValue)),
            engine.threads[thread].fold.starter != member, !engine.threads[thread].heat.authors.contains(member)
        else { return }
        let list = candidates.threads()
        guard let chosen = list.firstIndex(of: thread) else { return }
        let features = ThreadFeatures(engine, viewer: event.member, now)
        rankers.threads.learn(features.matrix(list), chosen: [chosen])
    }

    private mutating func observeRoom(
        _ event: ActivityEvent, _ engine: Engine, _ now: Instant, _ candidates: Candidates
    ) {
        guard let room = engine.roomNumbers.find(UInt64(bitPattern: event.room.rawValue)) else { return }
        let list = candidates.rooms(except: { _ in false })
        guard let chosen = list.firstIndex(of: room) else { return }
        let features = RoomFeatures(engine, viewer: event.member, now)
        rankers.rooms.learn(features.matrix(list), chosen: [chosen])
    }

    private mutating func observePeers(
        _ event: ActivityEvent, _ post: ActivityEvent.Post, _ profile: UInt32, _ engine: Engine, _ now: Instant,
        _ candidates: Candidates
    ) {
        guard !post.mentions.isEmpty else { return }
        let list = candidates.peers()
        let features = PeerFeatures(engine, viewer: profile, now)
        let all = features.matrix(list)
        let met = Set(list.filter { engine.haveMet(profile, $0) })
        let new = all.without(met)
        for named in Set(post.mentions).sorted() {
            guard let other = engine.profileNumber(of: named) else { continue }
            if let chosen = all.candidates.firstIndex(of: other) { rankers.peers.learn(all, chosen: [chosen]) }
            if let chosen = new.candidates.firstIndex(of: other) { rankers.introductions.learn(new, chosen: [chosen]) }
        }
    }

    private mutating func observeQuestion(
        _ event: ActivityEvent, _ post: ActivityEvent.Post, _ engine: Engine, _ now: Instant
    ) {
        for question in pending.expire(before: event.at - PendingQuestions.patience) { learn(question) }
        let name = EventName(room: event.room, seq: post.thread)
        let room = engine.roomNumbers.find(UInt64(bitPattern: event.room.rawValue))
        let thread = room.flatMap { engine.threadNumbers.find(Engine.threadKey(post.thread, $0)) }
        if let thread, !engine.threads[thread].fold.isEmpty {
            guard engine.member(engine.threads[thread].fold.starter) != event.member,
                let profile = engine.profileNumber(of: event.member),
                let answered = pending.reply(by: profile, in: name)
            else { return }
            learn(answered)
        } else {
            let query = engine.query(asker: event.member, room: event.room, texts: [post.title ?? "", post.text])
            let candidates = Candidates(engine, viewer: event.member, now)
            let features = ExpertFeatures(engine, query, now)
            let matrix = features.matrix(candidates.experts(query))
            pending.add(PendingQuestions.Question(thread: name, asker: event.member, at: event.at, matrix: matrix))
        }
    }

    private mutating func learn(_ question: PendingQuestions.Question) {
        let chosen = question.repliers.compactMap { question.matrix.candidates.firstIndex(of: $0) }
        rankers.experts.learn(question.matrix, chosen: chosen)
    }
}
