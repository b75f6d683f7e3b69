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
        present(propose(request, from: tracker, gate: gate), gate: gate, names: names, random: &random)
    }

    /// A list that has been ranked and not yet shown: for deciding whether it is worth sending.
    public struct Proposal {
        let request: RecommendationRequest
        let now: Instant
        let engines: [Engine]
        let ranked: [Ranked]
        let chosen: [Ranked]
        /// What would stand in the list, best first.
        public var subjects: [Subject] { chosen.map(\.subject) }
    }

    /// Ranks without a trace.
    public func propose(
        _ request: RecommendationRequest, from tracker: Tracker, gate: RecommendationGate
    ) -> Proposal {
        let now = Instant(request.now)
        let engines = tracker.engines(where: gate.canRead)
        let ranked = rank(request, now, engines, experiments.arm(for: request.viewer, on: request.surface), gate)
        return Proposal(
            request: request, now: now, engines: engines, ranked: ranked, chosen: Diversity.choose(ranked, request))
    }

    /// Shows what was proposed, with reasons; it counts as shown.
    public mutating func present(
        _ proposal: Proposal, gate: RecommendationGate, names: DisplayNames, random: inout some RandomNumberGenerator
    ) -> [Recommendation] {
        let request = proposal.request
        // One draw of the caller's, carried on by a generator whose type is known here: a list takes hundreds.
        var random = SplitMix64(seed: random.next())
        var chosen = proposal.chosen
        if let opponent = experiments.opponent(on: request.surface) {
            let rival = rank(request, proposal.now, proposal.engines, opponent, gate)
            chosen = Interleaving.draft(
                chosen, Diversity.choose(rival, request), limit: request.limit, &random)
        }
        let propensities = experiments.explore(&chosen, proposal.ranked, request, &random)
        return zip(chosen, propensities).enumerated().map { position, entry in
            record(entry.0, request, proposal.now, position, entry.1, gate, names)
        }
    }

    /// The best hundred of all engines, best first.
    func rank(
        _ request: RecommendationRequest, _ now: Instant, _ engines: [Engine], _ arm: Arm?, _ gate: RecommendationGate
    ) -> [Ranked] {
        let lists = engines.flatMap { self.lists(request, now, $0, arm, gate) }
        let preferences = preferences[request.viewer]
        var places: [(score: Double, list: Int, row: Int)] = []
        for (index, list) in lists.enumerated() {
            for row in list.scores.indices {
                guard preferences != nil || (request.surface == .experts && !asks.isEmpty) else {
                    places.append((list.scores[row], index, row))
                    continue
                }
                let subject = list.subject(row)
                if preferences?.hides(subject, at: request.now) == true { continue }
                let extra = extraTerms(subject, request).reduce(0) { $0 + $1.contribution }
                places.append((list.scores[row] + extra, index, row))
            }
        }
        places.sort { $0.score != $1.score ? $0.score > $1.score : ($0.list, $0.row) < ($1.list, $1.row) }
        return places.prefix(100).map { Ranked(lists[$0.list], row: $0.row, score: $0.score) }
    }

    /// One ranking of one engine's candidates.
    final class RankedList: Sendable {
        let engine: Engine
        let surface: Surface
        let matrix: FeatureMatrix
        let weights: ContiguousArray<Double>
        let scores: ContiguousArray<Double>
        let arm: String
        let query: ExpertQuery?
        let isIntroduction: Bool

        init(
            _ engine: Engine, _ surface: Surface, _ matrix: FeatureMatrix, _ ranker: LinearRanker, arm: Arm?,
            preferences: Preferences?, query: ExpertQuery? = nil, isIntroduction: Bool = false
        ) {
            var ranker = ranker
            if let arm, arm.weights.count == ranker.weights.count { ranker.weights = ContiguousArray(arm.weights) }
            if let preferences {
                for (column, name) in surface.featureNames.enumerated() {
                    ranker.weights[column] *= preferences.damping(surface, name)
                }
            }
            self.engine = engine
            self.surface = surface
            self.matrix = matrix
            self.arm = arm?.name ?? Experiments.control
            self.query = query
            self.isIntroduction = isIntroduction
            weights = ranker.weights
            scores = ranker.scores(matrix)
        }

        func subject(_ row: Int) -> Subject {
            let number = matrix.candidates[row]
            switch surface {
            case .threads, .questions:
                return .thread(engine.room(engine.threads[number].room), engine.threads[number].root)
            case .rooms: return .room(engine.room(number))
            case .topics: return .topic(engine.terms[engine.topics[number].term].name)
            case .peers, .experts: return .member(engine.member(engine.profiles[number].member))
            }
        }
    }

    /// A place in a ranking.
    struct Ranked {
        let list: RankedList
        let row: Int
        let score: Double
        let subject: Subject
        var source: Exploration.Source = .ranked
        var starter: MemberID?

        var number: UInt32 { list.matrix.candidates[row] }

        init(_ list: RankedList, row: Int, score: Double) {
            self.list = list
            self.row = row
            self.score = score
            subject = list.subject(row)
            guard case .thread = subject else { return }
            let state = list.engine.threads[number]
            starter = list.engine.member(state.fold.starter)
            if !state.fold.isAnswered { source = .unanswered }
            let profile = list.engine.members[state.fold.starter].profile
            if profile != Member.none, state.fold.startedAt - list.engine.profiles[profile].first < 7 * 86_400_000 {
                source = .newcomer
            }
        }
    }

    private func lists(
        _ request: RecommendationRequest, _ now: Instant, _ engine: Engine, _ arm: Arm?, _ gate: RecommendationGate
    ) -> [RankedList] {
        let candidates = Candidates(engine, viewer: request.viewer, now)
        var room: UInt32?
        if let id = request.room {
            guard let number = engine.roomNumbers.find(UInt64(bitPattern: id.rawValue)) else { return [] }
            room = number
        }
        let preferences = preferences[request.viewer]
        switch request.surface {
        case .threads, .questions:
            let list = request.surface == .threads ? candidates.threads(in: room) : candidates.questions(in: room)
            let features = ThreadFeatures(engine, viewer: request.viewer, now)
            let shown = list.filter { gate.mayShow(engine.member(engine.threads[$0].fold.starter)) }
            return [
                RankedList(
                    engine, request.surface, features.matrix(shown), rankers.threads, arm: arm, preferences: preferences
                )
            ]
        case .rooms:
            guard engine.audience == .everyone else { return [] }
            let features = RoomFeatures(engine, viewer: request.viewer, now)
            let matrix = features.matrix(
                candidates.rooms(except: gate.isJoined).filter { gate.canRead(engine.room($0)) })
            return [RankedList(engine, .rooms, matrix, rankers.rooms, arm: arm, preferences: preferences)]
        case .topics:
            let matrix = TopicFeatures(engine, viewer: request.viewer, now).matrix(candidates.topics())
            return [RankedList(engine, .topics, matrix, rankers.topics, arm: arm, preferences: preferences)]
        case .peers:
            return peerLists(request, now, engine, arm, gate, candidates)
        case .experts:
            let query = request.question.map { engine.query(asker: request.viewer, room: request.room, texts: [$0]) }
            guard let query = query ?? candidates.ownQuestion() else { return [] }
            let features = ExpertFeatures(engine, query, now)
            let shown = candidates.experts(query).filter { gate.mayShow(engine.member(engine.profiles[$0].member)) }
            return [
                RankedList(
                    engine, .experts, features.matrix(shown), rankers.experts, arm: arm, preferences: preferences,
                    query: query)
            ]
        }
    }

    /// People met and people not met, each by their own ranker; to a newcomer, whoever is active.
    private func peerLists(
        _ request: RecommendationRequest, _ now: Instant, _ engine: Engine, _ arm: Arm?, _ gate: RecommendationGate,
        _ candidates: Candidates
    ) -> [RankedList] {
        let number = engine.memberNumbers.find(UInt64(bitPattern: request.viewer.rawValue)) ?? Member.none
        let profile = engine.profileNumber(of: request.viewer)
        let viewer = profile.map { engine.profiles[$0] } ?? Profile(member: number)
        let shown = candidates.peers().filter { gate.mayShow(engine.member(engine.profiles[$0].member)) }
        let features = PeerFeatures(engine, viewer: viewer, now)
        let all = features.matrix(shown)
        let met = Set(shown.filter { other in profile.map { engine.haveMet($0, other) } ?? false })
        let preferences = preferences[request.viewer]
        return [
            RankedList(engine, .peers, all.only(met), rankers.peers, arm: arm, preferences: preferences),
            RankedList(
                engine, .peers, all.without(met), rankers.introductions, arm: arm, preferences: preferences,
                isIntroduction: true),
        ]
    }

    /// What counts beside the features: an expert's load, and less of what the viewer wants less of.
    private func extraTerms(_ subject: Subject, _ request: RecommendationRequest) -> [Reason.Term] {
        let preferences = preferences[request.viewer]
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
        let list = item.list
        let impression = Impression(
            viewer: request.viewer, surface: request.surface, subject: item.subject, at: request.now,
            position: position,
            features: Array(list.matrix.row(item.row)), propensity: propensity, arm: list.arm, source: item.source,
            isPublic: list.engine.audience == .everyone, isIntroduction: list.isIntroduction)
        experiments.countShown(impression)
        return Recommendation(
            surface: request.surface, subject: item.subject, score: item.score, impression: impressions.add(impression),
            reason: reason(item, request, now, gate, names), arm: list.arm, propensity: propensity)
    }

    private func reason(
        _ item: Ranked, _ request: RecommendationRequest, _ now: Instant, _ gate: RecommendationGate,
        _ names: DisplayNames
    ) -> Reason {
        let list = item.list
        let features = zip(list.weights, list.matrix.row(item.row))
        let terms = zip(request.surface.featureNames, features).map { Reason.Term(name: $0, weight: $1.0, value: $1.1) }
        let writer = ReasonWriter(list.engine, viewer: request.viewer, now, gate, names)
        let order = ReasonWriter.lifted(terms, blank: request.surface.blankRow)
        let sentence =
            switch request.surface {
            case .threads, .questions: writer.threadSentence(item.number, order)
            case .rooms: writer.roomSentence(item.number, order)
            case .topics: writer.topicSentence(item.number, order)
            case .peers: writer.peerSentence(item.number, order)
            case .experts:
                writer.expertSentence(
                    item.number, list.query ?? ExpertQuery(list.engine, asker: nil, room: nil, terms: []), order)
            }
        return Reason(
            code: sentence.code, en: sentence.en, zh: sentence.zh, evidence: sentence.evidence,
            terms: terms + extraTerms(item.subject, request))
    }
}

extension Engine {
    /// Whether either has ever written to the other.
    func haveMet(_ viewer: UInt32, _ other: UInt32) -> Bool {
        if let tie = profiles[viewer].contacts[profiles[other].member], !tie.contact.isEmpty { return true }
        return profiles[other].contacts[profiles[viewer].member].map { !$0.contact.isEmpty } ?? false
    }
}

extension Surface {
    private static let names: [Surface: [String]] = [
        .threads: ThreadFeature.allCases.map { "\($0)" }, .questions: ThreadFeature.allCases.map { "\($0)" },
        .rooms: RoomFeature.allCases.map { "\($0)" }, .peers: PeerFeature.allCases.map { "\($0)" },
        .experts: ExpertFeature.allCases.map { "\($0)" }, .topics: TopicFeature.allCases.map { "\($0)" },
    ]

    /// What the columns of its feature matrix are called.
    public var featureNames: [String] { Self.names[self] ?? [] }
}
