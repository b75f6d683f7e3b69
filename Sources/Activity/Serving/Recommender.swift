import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One recommendation, with everything needed to explain it and to learn from what becomes of it.
public struct Recommendation: Sendable, Equatable {
    public let surface: Surface
    public let subject: Subject
    public let score: Double
    /// Names this showing in feedback.
    public let impression: UInt64
    public let reason: Reason
    public let arm: String
    /// The probability with which this item stood in this place.
    public let propensity: Double
}

/// What a member asks to be recommended.
public struct RecommendationRequest: Sendable {
    public var viewer: MemberID
    public var surface: Surface
    public var room: RoomID?
    /// For experts: what is asked; else what the viewer asked last.
    public var question: String?
    public var limit: Int
    public var now: UnixMilliseconds

    public init(
        viewer: MemberID, surface: Surface, room: RoomID? = nil, question: String? = nil, limit: Int = 10,
        now: UnixMilliseconds
    ) {
        self.viewer = viewer
        self.surface = surface
        self.room = room
        self.question = question
        self.limit = limit
        self.now = now
    }
}

/// Ranks candidates, explains them, and learns.
///
/// Reading changes nothing but the log of impressions; all learning is on public data, so that no weight tells anything
/// about a private room.
public struct Recommender: Sendable {
    public internal(set) var rankers = Rankers()
    public internal(set) var experiments = Experiments()
    var impressions = ImpressionLog()
    var preferences: [MemberID: Preferences] = [:]
    /// How often an expert was turned to of late, so that the same five are not always asked.
    var asks: [MemberID: DecayedSum] = [:]
    var pending = PendingQuestions()

    public init() {}

    /// The list for one surface, best first.
    ///
    /// - Parameter random: Used for the exploration slot and for interleaving only.
    public mutating func recommend(
        _ request: RecommendationRequest, from tracker: Tracker, gate: RecommendationGate, names: DisplayNames,
        random: inout some RandomNumberGenerator
    ) -> [Recommendation] {
        let now = Instant(request.now)
        let engines = tracker.engines(where: gate.canRead)
        let arm = experiments.arm(for: request.viewer, on: request.surface)
        let ranked = rank(request, now, engines, arm, gate)
        var chosen = Diversity.choose(ranked, request)
        if let opponent = experiments.opponent(on: request.surface) {
            let rival = Diversity.choose(rank(request, now, engines, opponent, gate), request)
            chosen = Interleaving.draft(chosen, rival, limit: request.limit, &random)
        }
        let propensities = experiments.explore(&chosen, ranked, request, &random)
        return zip(chosen, propensities).enumerated().map { position, entry in
            record(entry.0, request, now, position, entry.1, gate, names)
        }
    }

    private func rank(
        _ request: RecommendationRequest, _ now: Instant, _ engines: [Engine], _ arm: Arm?, _ gate: RecommendationGate
    ) -> [Ranked] {
        engines.flatMap { rank(request, now, $0, arm, gate) }.sorted { $0.isBefore($1) }
    }

    /// A candidate with its score and the addends of it.
    struct Ranked {
        let engine: Engine
        let number: UInt32
        let subject: Subject
        let features: [Double]
        let terms: [Reason.Term]
        let score: Double
        let arm: String
        var source: Exploration.Source = .ranked
        var starter: MemberID?
        var query: ExpertQuery?

        func isBefore(_ other: Ranked) -> Bool {
            score != other.score ? score > other.score : subject.sortKey < other.subject.sortKey
        }
    }

    private func rank(
        _ request: RecommendationRequest, _ now: Instant, _ engine: Engine, _ arm: Arm?, _ gate: RecommendationGate
    ) -> [Ranked] {
        let candidates = Candidates(engine, viewer: request.viewer, now)
        let only = request.room.map { engine.roomNumbers.find(UInt64(bitPattern: $0.rawValue)) }
        if let only, only == nil { return [] }
        let room = only.flatMap { $0 }
        switch request.surface {
        case .threads, .questions:
            let list = request.surface == .threads ? candidates.threads(in: room) : candidates.questions(in: room)
            var features = ThreadFeatures(engine, viewer: request.viewer, now)
            let shown = list.filter { gate.mayShow(engine.member(engine.threads[$0].fold.starter)) }
            return score(features.matrix(shown), rankers.threads, request, engine, arm) {
                .thread(engine.room(engine.threads[$0].room), engine.threads[$0].root)
            }
        case .rooms:
            guard engine.audience == .everyone else { return [] }
            var features = RoomFeatures(engine, viewer: request.viewer, now)
            let matrix = features.matrix(candidates.rooms(except: gate.isJoined).filter { gate.canRead(engine.room($0)) })
            return score(matrix, rankers.rooms, request, engine, arm) { .room(engine.room($0)) }
        case .topics:
            let matrix = TopicFeatures(engine, viewer: request.viewer, now).matrix(candidates.topics())
            return score(matrix, rankers.topics, request, engine, arm) { .topic(engine.terms[engine.topics[$0].term].name) }
        case .peers:
            return rankPeers(request, now, engine, arm, gate, candidates)
        case .experts:
            let query = request.question.map { engine.query(asker: request.viewer, room: request.room, texts: [$0]) }
            guard let query = query ?? candidates.ownQuestion() else { return [] }
            var features = ExpertFeatures(engine, query, now)
            let shown = candidates.experts(query).filter { gate.mayShow(engine.member(engine.profiles[$0].member)) }
            return score(features.matrix(shown), rankers.experts, request, engine, arm, query: query) {
                .member(engine.member(engine.profiles[$0].member))
            }
        }
    }

    private func rankPeers(
        _ request: RecommendationRequest, _ now: Instant, _ engine: Engine, _ arm: Arm?, _ gate: RecommendationGate,
        _ candidates: Candidates
    ) -> [Ranked] {
        guard let viewer = engine.profileNumber(of: request.viewer) else { return newcomersPeers(request, now, engine, arm, gate) }
        let shown = candidates.peers().filter { gate.mayShow(engine.member(engine.profiles[$0].member)) }
        var features = PeerFeatures(engine, viewer: viewer, now)
        let all = features.matrix(shown)
        let met = Set(shown.filter { engine.haveMet(viewer, $0) })
        let name: (UInt32) -> Subject = { .member(engine.member(engine.profiles[$0].member)) }
        let old = score(all.only(met), rankers.peers, request, engine, arm, name: name)
        let new = score(all.without(met), rankers.introductions, request, engine, arm, name: name)
        return old + new
    }

    /// Whoever welcomes newcomers: the most active, to somebody of whom nothing is known.
    private func newcomersPeers(
        _ request: RecommendationRequest, _ now: Instant, _ engine: Engine, _ arm: Arm?, _ gate: RecommendationGate
    ) -> [Ranked] {
        let blank = Profile(member: engine.memberNumbers.find(UInt64(bitPattern: request.viewer.rawValue)) ?? Member.none)
        let active = engine.activeLinks.newest(60, of: engine.activeProfiles).filter {
            let other = engine.member(engine.profiles[$0].member)
            return other != request.viewer && gate.mayShow(other)
        }
        var features = PeerFeatures(engine, viewer: blank, now)
        return score(features.matrix(active), rankers.introductions, request, engine, arm) {
            .member(engine.member(engine.profiles[$0].member))
        }
    }

    private func score(
        _ matrix: FeatureMatrix, _ ranker: LinearRanker, _ request: RecommendationRequest, _ engine: Engine, _ arm: Arm?,
        query: ExpertQuery? = nil, name: (UInt32) -> Subject
    ) -> [Ranked] {
        let names = request.surface.featureNames
        let weights = arm?.weights.count == ranker.weights.count ? arm?.weights ?? [] : Array(ranker.weights)
        let preferences = preferences[request.viewer]
        return (0..<matrix.count).compactMap { index in
            let number = matrix.candidates[index]
            let subject = name(number)
            guard preferences?.hides(subject, at: request.now) != true else { return nil }
            let features = Array(matrix.row(index))
            var terms: [Reason.Term] = []
            terms.reserveCapacity(features.count + 2)
            for column in features.indices {
                let damping = preferences?.damping(request.surface, names[column]) ?? 1
                terms.append(Reason.Term(name: names[column], weight: weights[column] * damping, value: features[column]))
            }
            terms += extraTerms(subject, request, preferences)
            var ranked = Ranked(
                engine: engine, number: number, subject: subject, features: features, terms: terms,
                score: terms.reduce(0) { $0 + $1.contribution }, arm: arm?.name ?? Experiments.control, query: query)
            ranked.describe(request.surface)
            return ranked
        }
    }

    private func extraTerms(
        _ subject: Subject, _ request: RecommendationRequest, _ preferences: Preferences?
    ) -> [Reason.Term] {
        var terms: [Reason.Term] = []
        if request.surface == .experts, case .member(let member) = subject, let sum = asks[member] {
            terms.append(Reason.Term(name: "load", weight: -1, value: log(1 + sum.value(at: Phase(request.now, .day)))))
        }
        if let less = preferences?.less(of: subject), less > 0 {
            terms.append(Reason.Term(name: "less_of_this", weight: -1, value: less))
        }
        return terms
    }

    private mutating func record(
        _ item: Ranked, _ request: RecommendationRequest, _ now: Instant, _ position: Int,
        _ propensity: Double, _ gate: RecommendationGate, _ names: DisplayNames
    ) -> Recommendation {
        let impression = Impression(
            viewer: request.viewer, surface: request.surface, subject: item.subject, at: request.now, position: position,
            features: item.features, propensity: propensity, arm: item.arm, source: item.source,
            isPublic: item.engine.audience == .everyone, isIntroduction: item.isIntroduction(request.viewer))
        experiments.countShown(impression)
        return Recommendation(
            surface: request.surface, subject: item.subject, score: item.score, impression: impressions.add(impression),
            reason: reason(item, request, now, gate, names), arm: item.arm, propensity: propensity)
    }

    private func reason(
        _ item: Ranked, _ request: RecommendationRequest, _ now: Instant, _ gate: RecommendationGate,
        _ names: DisplayNames
    ) -> Reason {
        let writer = ReasonWriter(item.engine, viewer: request.viewer, now, gate, names)
        let order = ReasonWriter.lifted(item.terms, blank: request.surface.blankRow)
        let sentence =
            switch request.surface {
            case .threads, .questions: writer.threadSentence(item.number, order)
            case .rooms: writer.roomSentence(item.number, order)
            case .topics: writer.topicSentence(item.number, order)
            case .peers: writer.peerSentence(item.number, order)
            case .experts:
                writer.expertSentence(item.number, item.query ?? ExpertQuery(asker: nil, room: nil, terms: []), order)
            }
        return Reason(
            code: sentence.code, en: sentence.en, zh: sentence.zh, evidence: sentence.evidence, terms: item.terms)
    }
}

extension Recommender.Ranked {
    /// Notes what diversity and exploration look at.
    mutating func describe(_ surface: Surface) {
        guard case .thread = subject else { return }
        let state = engine.threads[number]
        starter = engine.member(state.fold.starter)
        if !state.fold.isAnswered { source = .unanswered }
        let profile = engine.members[state.fold.starter].profile
        if profile != Member.none, state.fold.startedAt - engine.profiles[profile].first < 7 * 86_400_000 { source = .newcomer }
    }

    func isIntroduction(_ viewer: MemberID) -> Bool {
        guard case .member = subject, let profile = engine.profileNumber(of: viewer) else { return true }
        return !engine.haveMet(profile, number)
    }
}

extension Engine {
    /// Whether either has ever written to the other.
    func haveMet(_ viewer: UInt32, _ other: UInt32) -> Bool {
        if let tie = profiles[viewer].partners[profiles[other].member], !tie.contact.isEmpty { return true }
        return profiles[other].partners[profiles[viewer].member].map { !$0.contact.isEmpty } ?? false
    }
}

extension Subject {
    /// A total order, so that equal scores stand the same way everywhere.
    var sortKey: String {
        switch self {
        case .room(let room): "r\(room)"
        case .thread(let room, let root): "t\(room)/\(root)"
        case .topic(let name): "w\(name)"
        case .member(let member): "m\(member)"
        }
    }
}

extension Surface {
    var featureNames: [String] {
        switch self {
        case .threads, .questions: ThreadFeature.allCases.map { "\($0)" }
        case .rooms: RoomFeature.allCases.map { "\($0)" }
        case .peers: PeerFeature.allCases.map { "\($0)" }
        case .experts: ExpertFeature.allCases.map { "\($0)" }
        case .topics: TopicFeature.allCases.map { "\($0)" }
        }
    }
}
