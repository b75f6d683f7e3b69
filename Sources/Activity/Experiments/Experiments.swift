import LyceumProtocol

/// A named weight vector under trial on one surface.
public struct Arm: Sendable, Equatable, Codable {
    public let name: String
    public let surface: Surface
    /// One weight a feature, in the order of ``Surface/featureNames``.
    public let weights: [Double]

    public init(name: String, surface: Surface, weights: [Double]) {
        self.name = name
        self.surface = surface
        self.weights = weights
    }
}

/// A trial of arms against the serving ranker.
public struct Experiment: Sendable, Equatable, Codable {
    public enum Design: String, Sendable, Codable {
        /// Every member sees one arm for good: for outcomes that take days.
        case hashed
        /// Every list is drafted from the serving ranker and the first arm: for which ranker is better liked.
        case interleaved
    }

    public let name: String
    public let design: Design
    /// Changes who is in which arm; two experiments with different salts are independent.
    public let salt: UInt64
    public let arms: [Arm]

    public init(name: String, design: Design, salt: UInt64, arms: [Arm]) {
        self.name = name
        self.design = design
        self.salt = salt
        self.arms = arms
    }
}

/// Which arm a member sees, and what becomes of what was shown.
public struct Experiments: Sendable, Equatable {
    /// The name of the serving ranker among the arms.
    public static let control = "control"

    public private(set) var running: [Experiment] = []
    var counters: [CounterKey: ArmCounter] = [:]
    var sources: [Exploration.Source: SourceCounter] = [:]
    var lastShown: [MemberID: LastShown] = [:]

    struct CounterKey: Hashable, Sendable {
        let arm: String
        let surface: Surface
    }

    struct LastShown: Sendable, Equatable {
        let day: Int64
        let key: CounterKey
    }

    public init() {}

    /// Replaces the running experiments; counters stay, so that a report can be read after the end.
    public mutating func run(_ experiments: [Experiment]) { running = experiments }

    /// The arm of `member` on `surface`, `nil` for the serving ranker, which is an equal arm of every hashed experiment.
    func arm(for member: MemberID, on surface: Surface) -> Arm? {
        for experiment in running where experiment.design == .hashed {
            let arms = experiment.arms.filter { $0.surface == surface }
            guard !arms.isEmpty else { continue }
            let hash = Interner.hash(UInt64(bitPattern: member.rawValue) ^ Interner.hash(experiment.salt))
            let choice = Int(hash % UInt64(arms.count + 1))
            return choice == 0 ? nil : arms[choice - 1]
        }
        return nil
    }

    /// The arm to draft against the serving ranker on `surface`.
    func opponent(on surface: Surface) -> Arm? {
        running.lazy.filter { $0.design == .interleaved }.compactMap { $0.arms.first { $0.surface == surface } }.first
    }

    // MARK: Counting

    mutating func countShown(_ impression: Impression) {
        let key = CounterKey(arm: impression.arm, surface: impression.surface)
        counters[key, default: ArmCounter()].counts[.shown, default: 0] += 1
        lastShown[impression.viewer] = LastShown(day: Self.day(impression.at), key: key)
        if lastShown.count > 100_000 { lastShown = lastShown.filter { $0.value.day >= Self.day(impression.at) - 1 } }
    }

    mutating func count(_ feedback: Feedback) {
        guard feedback.action != .shown else { return }
        let key = CounterKey(arm: feedback.arm, surface: feedback.surface)
        counters[key, default: ArmCounter()].counts[feedback.action, default: 0] += 1
        // A private room must not steer what others are shown, not even by which source pays.
        if feedback.isPublic, feedback.propensity < 1 {
            sources[feedback.source, default: SourceCounter()].record(isWanted: feedback.isWanted)
        }
    }

    /// Counts a member who was shown something and came back the day after, once.
    public mutating func countActive(_ member: MemberID, at now: UnixMilliseconds) {
        guard let last = lastShown[member], Self.day(now) > last.day else { return }
        lastShown[member] = nil
        guard Self.day(now) == last.day + 1 else { return }
        counters[last.key, default: ArmCounter()].returned += 1
    }

    private static func day(_ at: UnixMilliseconds) -> Int64 { Int64(Phase(at, .day).exponent) }

    /// One row an arm and surface, by name.
    public func report() -> [ArmReport] {
        counters.keys.sorted { ($0.surface.rawValue, $0.arm) < ($1.surface.rawValue, $1.arm) }.map { key in
            let counter = counters[key] ?? ArmCounter()
            let shown = counter.counts[.shown] ?? 0
            let rates = FeedbackAction.allCases.filter { $0 != .shown }.map { action in
                ArmReport.Rate(action: action.rawValue, count: counter.counts[action] ?? 0, shown: shown)
            }
            let returned = ArmReport.Rate(action: "returned_next_day", count: counter.returned, shown: shown)
            return ArmReport(arm: key.arm, surface: key.surface, shown: shown, rates: rates + [returned])
        }
    }
}

struct ArmCounter: Sendable, Equatable {
    var counts: [FeedbackAction: Int] = [:]
    var returned = 0
}

/// What became of an arm on a surface.
public struct ArmReport: Sendable, Equatable, Codable {
    public struct Rate: Sendable, Equatable, Codable {
        public let action: String
        public let count: Int
        public let rate: Double
        /// The 95 % interval of Wilson (1927).
        public let low, high: Double

        init(action: String, count: Int, shown: Int) {
            self.action = action
            self.count = count
            let trials = Double(max(shown, count, 1))
            let share = Double(count) / trials
            rate = share
            let z = 1.959_963_984_540_054
            let centre = share + z * z / (2 * trials)
            let spread = z * (share * (1 - share) / trials + z * z / (4 * trials * trials)).squareRoot()
            low = max(0, (centre - spread) / (1 + z * z / trials))
            high = min(1, (centre + spread) / (1 + z * z / trials))
        }
    }

    public let arm: String
    public let surface: Surface
    public let shown: Int
    public let rates: [Rate]
}
