import LyceumProtocol

/// What a recommender has learnt and counted, in a form that can be stored. Impressions are not in it: feedback on
/// what was shown before a restart has nothing to teach any more.
public struct RecommenderState: Sendable, Codable {
    struct Ranker: Sendable, Codable {
        var weights: [Double]
        var squares: [Double]
    }

    struct Preference: Sendable, Codable {
        var member: Int64
        var dismissed: [String: Int64]
        var fewer: [String: Double]
        var damped: [String: Double]
    }

    struct Counter: Sendable, Codable {
        var arm: String
        var surface: Surface
        var counts: [String: Int]
        var returned: Int
    }

    struct Showing: Sendable, Codable {
        var member: Int64
        var day: Int64
        var arm: String
        var surface: Surface
    }

    struct Load: Sendable, Codable {
        var member: Int64
        var sum: Double
        var landmark: Int32
        var count: UInt32
    }

    var rankers: [String: Ranker]
    var preferences: [Preference]
    var counters: [Counter]
    var sources: [String: [Int]]
    var shown: [Showing]
    var loads: [Load]
}

extension Recommender {
    private static let rankerPaths: [(String, WritableKeyPath<Rankers, LinearRanker> & Sendable)] = [
        ("threads", \.threads), ("rooms", \.rooms), ("peers", \.peers), ("introductions", \.introductions),
        ("experts", \.experts), ("topics", \.topics),
    ]

    public var state: RecommenderState {
        RecommenderState(
            rankers: Dictionary(
                uniqueKeysWithValues: Self.rankerPaths.map { name, path in
                    let ranker = rankers[keyPath: path]
                    return (name, .init(weights: Array(ranker.weights), squares: Array(ranker.squares)))
                }),
            preferences: preferences.sorted { $0.key < $1.key }.map { .init(member: $0.key, $0.value) },
            counters: experiments.counters.map { key, counter in
                .init(
                    arm: key.arm, surface: key.surface,
                    counts: Dictionary(uniqueKeysWithValues: counter.counts.map { ($0.key.rawValue, $0.value) }),
                    returned: counter.returned)
            },
            sources: Dictionary(
                uniqueKeysWithValues: experiments.sources.map {
                    ($0.key.rawValue, [$0.value.wanted, $0.value.unwanted])
                }),
            shown: experiments.lastShown.map {
                .init(member: $0.key.rawValue, day: $0.value.day, arm: $0.value.key.arm, surface: $0.value.key.surface)
            },
            loads: asks.map {
                .init(
                    member: $0.key.rawValue, sum: $0.value.sum, landmark: $0.value.landmark, count: $0.value.count)
            })
    }

    /// A recommender that goes on from `state`; weights of a ranker whose features have changed since start anew.
    public init(_ state: RecommenderState) {
        self.init()
        for (name, path) in Self.rankerPaths {
            guard let stored = state.rankers[name], stored.weights.count == rankers[keyPath: path].weights.count,
                stored.squares.count == stored.weights.count
            else { continue }
            rankers[keyPath: path].weights = ContiguousArray(stored.weights)
            rankers[keyPath: path].squares = ContiguousArray(stored.squares)
        }
        for stored in state.preferences { preferences[MemberID(stored.member)] = Preferences(stored) }
        for stored in state.loads {
            asks[MemberID(stored.member)] = DecayedSum(sum: stored.sum, landmark: stored.landmark, count: stored.count)
        }
        restoreExperiments(state)
    }

    private mutating func restoreExperiments(_ state: RecommenderState) {
        for stored in state.counters {
            var counter = ArmCounter(counts: [:], returned: stored.returned)
            for (action, count) in stored.counts { FeedbackAction(rawValue: action).map { counter.counts[$0] = count } }
            experiments.counters[.init(arm: stored.arm, surface: stored.surface)] = counter
        }
        for (name, counts) in state.sources where counts.count == 2 {
            Exploration.Source(rawValue: name).map {
                experiments.sources[$0] = SourceCounter(wanted: counts[0], unwanted: counts[1])
            }
        }
        for stored in state.shown {
            experiments.lastShown[MemberID(stored.member)] = Experiments.LastShown(
                day: stored.day, key: .init(arm: stored.arm, surface: stored.surface))
        }
    }
}

extension RecommenderState.Preference {
    fileprivate init(member: MemberID, _ preferences: Preferences) {
        self.init(
            member: member.rawValue,
            dismissed: Dictionary(uniqueKeysWithValues: preferences.dismissed.map { ($0.key.key, $0.value) }),
            fewer: Dictionary(uniqueKeysWithValues: preferences.fewer.map { ($0.key.key, $0.value) }),
            damped: preferences.damped)
    }
}

extension Preferences {
    fileprivate init(_ stored: RecommenderState.Preference) {
        self.init()
        for (key, at) in stored.dismissed { Subject(key: key).map { dismissed[$0] = at } }
        for (key, amount) in stored.fewer { Subject(key: key).map { fewer[$0] = amount } }
        damped = stored.damped
    }
}

extension Subject {
    /// The subject as one word, such as `room:3`, `thread:3:345`, `member:12` or `topic:swift`.
    public var key: String {
        switch self {
        case .room(let room): "room:\(room)"
        case .thread(let room, let root): "thread:\(room):\(root)"
        case .member(let member): "member:\(member)"
        case .topic(let name): "topic:\(name)"
        }
    }

    /// Reads what ``key`` writes.
    public init?(key: String) {
        let parts = key.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let numbers = parts[1].split(separator: ":").map { Int64($0) }
        switch (parts[0], numbers.count) {
        case ("topic", _): self = .topic(String(parts[1]))
        case ("room", 1): guard let room = numbers[0] else { return nil }; self = .room(RoomID(room))
        case ("member", 1): guard let member = numbers[0] else { return nil }; self = .member(MemberID(member))
        case ("thread", 2):
            guard let room = numbers[0], let root = numbers[1] else { return nil }
            self = .thread(RoomID(room), root)
        default: return nil
        }
    }
}
