import LyceumProtocol

/// Why something is recommended: a sentence in both languages, the evidence, and every term of the score.
public struct Reason: Sendable, Equatable {
    /// One addend of the score.
    public struct Term: Sendable, Equatable {
        /// Names the term in "less of this".
        public let name: String
        public let weight: Double
        public let value: Double
        public var contribution: Double { weight * value }
    }

    /// What a client may show beside the sentence, or count on.
    public enum Evidence: Sendable, Equatable {
        case room(RoomID)
        case thread(RoomID, SequenceNumber)
        case member(MemberID)
        /// A term and how much of the member's own writing it is.
        case topic(String, weight: Double)
        /// A figure with its name; counts of people only when there are enough of them.
        case count(String, Int)
    }

    public let code: String
    public let en: String
    public let zh: String
    public let evidence: [Evidence]
    /// Add up to the item's score.
    public let terms: [Term]
}

/// The choice of sentence: the feature that lifts the candidate most over one of which nothing is known.
struct ReasonWriter {
    let engine: Engine
    let viewer: MemberID
    let profile: Profile?
    let now: Instant
    let gate: RecommendationGate
    let names: DisplayNames

    init(_ engine: Engine, viewer: MemberID, _ now: Instant, _ gate: RecommendationGate, _ names: DisplayNames) {
        self.engine = engine
        self.viewer = viewer
        self.now = now
        self.gate = gate
        self.names = names
        profile = engine.profileNumber(of: viewer).map { engine.profiles[$0] }
    }

    struct Sentence {
        let code: String
        let en: String
        let zh: String
        var evidence: [Reason.Evidence] = []
    }

    /// Features by how much they lift this row over a blank one, best first.
    static func lifted(_ terms: [Reason.Term], blank: [Double]) -> [Int] {
        var lifts: [(index: Int, lift: Double)] = []
        for index in blank.indices {
            let lift = terms[index].weight * (terms[index].value - blank[index])
            if lift > 0.02 { lifts.append((index, lift)) }
        }
        lifts.sort { $0.lift != $1.lift ? $0.lift > $1.lift : $0.index < $1.index }
        return lifts.map(\.index)
    }

    func threadSentence(_ thread: UInt32, _ order: [Int]) -> Sentence {
        let state = engine.threads[thread]
        for index in order {
            guard let feature = ThreadFeature(rawValue: index), let sentence = threadSentence(state, feature) else {
                continue
            }
            return sentence
        }
        return Sentence(code: "active_now", en: "This conversation is active now.", zh: "这个讨论正在进行。")
    }

    private func threadSentence(_ state: ThreadState, _ feature: ThreadFeature) -> Sentence? {
        let room = engine.room(state.room)
        switch feature {
        case .roomMonth, .roomWeek, .lastRoom, .roomShareRecent:
            guard let tie = profile?.rooms[state.room], tie.month.count > 0 else { return nil }
            let name = names.room(room)
            return Sentence(
                code: "your_room", en: "You take part in \(name).", zh: "你常参与 \(name)。",
                evidence: [.room(room), .count("contributions", Int(tie.month.count))])
        case .text:
            return sharedTerms(state.terms.entries.map(\.key)).map { shared in
                Sentence(
                    code: "your_topics", en: "It is about what you write about: \(Self.list(shared)).",
                    zh: "与你常聊的内容有关：\(Self.list(shared, "、"))。", evidence: shared)
            }
        case .lastAuthors, .starter, .lastThreadCompany:
            return people(state.fold.authors.filter { profile?.partners.contains($0) ?? false }).map { people in
                let who = people.map(names.member)
                return Sentence(
                    code: "people_you_know", en: "\(who.joined(separator: ", ")) wrote in it.",
                    zh: "\(who.joined(separator: "、")) 参与了这个讨论。", evidence: people.map { .member($0) })
            }
        case .mention:
            return Sentence(
                code: "mentioned", en: "You were mentioned in it.", zh: "有人在其中提到了你。",
                evidence: [.thread(room, state.root)])
        case .alone, .question:
            guard !state.fold.isAnswered else { return nil }
            return Sentence(
                code: "unanswered", en: "Nobody has answered it yet.", zh: "还没有人回答。",
                evidence: [.thread(room, state.root)])
        case .collaborative:
            return alsoIn(Item.room(state.room), room)
        default:
            return nil
        }
    }

    func alsoIn(_ item: UInt32, _ room: RoomID) -> Sentence? {
        guard
            let edges = engine.memberNumbers.find(UInt64(bitPattern: viewer.rawValue)).map({ engine.members[$0].edges })
        else { return nil }
        let common = edges.map { engine.pairs.pair($0.item, item)?.count ?? 0 }.max() ?? 0
        guard common >= Engine.leastShown else { return nil }
        let name = names.room(room)
        return Sentence(
            code: "members_like_you", en: "\(common) members of your rooms also write in \(name).",
            zh: "你所在房间的 \(common) 位成员也在 \(name) 发言。",
            evidence: [.room(room), .count("members", Int(common))])
    }

    /// The viewer's own terms among `terms`, weightiest first; `nil` without any.
    func sharedTerms(_ terms: [UInt32]) -> [Reason.Evidence]? {
        guard let profile else { return nil }
        let shared = terms.compactMap { term in
            profile.terms[term].map { (term: term, weight: $0.value(at: now.quarter)) }
        }
        let ranked = shared.filter { engine.terms[$0.term].kind != .character }
            .map { (term: $0.term, weight: $0.weight, score: engine.rarity($0.term) * $0.weight / ($0.weight + 2)) }
            .sorted { $0.score != $1.score ? $0.score > $1.score : $0.term < $1.term }
        guard !ranked.isEmpty else { return nil }
        return ranked.prefix(3).map { .topic(engine.terms[$0.term].name, weight: $0.weight) }
    }

    /// Up to three of `members` whom the viewer may be shown.
    func people(_ members: some Sequence<UInt32>) -> [MemberID]? {
        let shown = members.map { engine.member($0) }.filter { $0 != viewer && gate.mayShow($0) }.prefix(3)
        return shown.isEmpty ? nil : Array(shown)
    }

    static func list(_ evidence: [Reason.Evidence], _ separator: String = ", ") -> String {
        evidence.compactMap { if case .topic(let name, _) = $0 { name } else { nil } }.joined(separator: separator)
    }
}
