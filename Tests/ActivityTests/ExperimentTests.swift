import LyceumProtocol
import Testing

@testable import Activity

@Suite struct ExperimentTests {
    private static let now = RandomEvents.start + 13 * 86_400_000

    private static let community: Community = {
        var events = RandomEvents(seed: 21)
        events.members = 12
        return Community.after(events.steps(250))
    }()

    private func arm(_ name: String, _ value: Double) -> Arm {
        Arm(name: name, surface: .threads, weights: [Double](repeating: value, count: ThreadFeature.allCases.count))
    }

    private func show(_ recommender: inout Recommender, _ viewer: Int64, seed: UInt64 = 5, limit: Int = 10)
        -> [Recommendation]
    {
        var random = SplitMix64(seed: seed)
        let request = RecommendationRequest(viewer: MemberID(viewer), surface: .threads, limit: limit, now: Self.now)
        return recommender.recommend(
            request, from: Self.community.tracker, gate: RecommenderTests.open, names: RecommenderTests.names,
            random: &random)
    }

    @Test func `members are dealt to arms evenly, for good, and anew with another salt`() {
        var experiments = Experiments()
        func arms(_ salt: UInt64) -> [String] {
            experiments.run([Experiment(name: "x", design: .hashed, salt: salt, arms: [arm("a", 1), arm("b", 2)])])
            return (1...3_000).map { experiments.arm(for: MemberID($0), on: .threads)?.name ?? Experiments.control }
        }
        let first = arms(1)
        #expect(first == arms(1))
        for name in ["a", "b", Experiments.control] {
            let count = first.count { $0 == name }
            #expect((900...1_100).contains(count), "\(name): \(count)")
        }
        let moved = zip(first, arms(2)).count { $0 != $1 }
        #expect((1_800...2_200).contains(moved))
    }

    @Test func `an interleaved list is drafted evenly and counts for who drafted`() throws {
        var recommender = Recommender()
        recommender.experiments.run([Experiment(name: "x", design: .interleaved, salt: 1, arms: [arm("flat", 0.1)])])
        let items = show(&recommender, 777, limit: 8)
        let drafted = items.count { $0.arm == "flat" }
        #expect(abs(drafted - (items.count - drafted)) <= 1)
        #expect(Set(items.map(\.subject)).count == items.count)
        let item = try #require(items.first { $0.arm == "flat" })
        recommender.feedback(.opened, impression: item.impression, by: MemberID(777), at: Self.now)
        let report = try #require(recommender.experiments.report().first { $0.arm == "flat" })
        #expect(report.shown == drafted)
        #expect(report.rates.first { $0.action == "opened" }?.count == 1)
    }

    @Test func `the explored place carries the chance that its item had`() {
        var frequency: [Subject: Int] = [:]
        var propensity: [Subject: Double] = [:]
        let runs = 400
        for seed in 0..<UInt64(runs) {
            var recommender = Recommender()
            let items = show(&recommender, 777, seed: seed)
            guard items.count == 10, let last = items.last, last.propensity < 1 else { continue }
            frequency[last.subject, default: 0] += 1
            propensity[last.subject, default: 0] += last.propensity
        }
        #expect(!frequency.isEmpty)
        for (subject, count) in frequency where count > 40 {
            let expected = (propensity[subject] ?? 0) / Double(count)
            #expect(abs(Double(count) / Double(runs) - expected) < 0.1)
        }
    }

    @Test func `an interval narrows with what was shown and holds the rate`() {
        let few = ArmReport.Rate(action: "opened", count: 5, shown: 50)
        let many = ArmReport.Rate(action: "opened", count: 500, shown: 5_000)
        #expect(few.low < few.rate && few.rate < few.high)
        #expect(many.high - many.low < few.high - few.low)
        // Wilson, 5 of 50 at 95 %.
        #expect(abs(few.low - 0.0435) < 5e-4 && abs(few.high - 0.2136) < 5e-4)
    }

    @Test func `a member counts as returned on the next day, once`() throws {
        var recommender = Recommender()
        _ = show(&recommender, 777, limit: 3)
        for hours in [30, 31, 80] as [Int64] {
            recommender.experiments.countActive(MemberID(777), at: Self.now + hours * 3_600_000)
        }
        let report = try #require(recommender.experiments.report().first)
        #expect(report.rates.first { $0.action == "returned_next_day" }?.count == 1)
    }

    @Test func `a gamma draw has the mean and variance of its shape`() {
        var random = SplitMix64(seed: 1)
        for shape in [1.0, 2, 9, 80] {
            let draws = (0..<20_000).map { _ in gammaDraw(shape, &random) }
            let mean = draws.reduce(0, +) / Double(draws.count)
            let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count)
            #expect(abs(mean - shape) < 0.05 * shape)
            #expect(abs(variance - shape) < 0.1 * shape)
        }
    }
}
