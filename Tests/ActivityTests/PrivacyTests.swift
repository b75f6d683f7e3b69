import LyceumProtocol
import Testing

@testable import Activity

@Suite struct PrivacyTests {
    static let now = RandomEvents.start + 13 * 86_400_000

    /// Everything that member 1, who reads rooms 1, 2 and 11, can be shown, as text.
    private func shown(_ community: Community) -> [String] {
        var recommender = Recommender()
        var random = SplitMix64(seed: 1)
        let readable: Set<Int64> = [1, 2, 11]
        let gate = RecommendationGate(
            canRead: { readable.contains($0.rawValue) }, isJoined: { $0.rawValue == 1 }, mayShow: { $0 != MemberID(6) })
        let names = DisplayNames(room: { "#\($0)" }, member: { "@\($0)" })
        var lines: [String] = []
        for surface in Surface.allCases {
            let request = RecommendationRequest(viewer: MemberID(1), surface: surface, now: Self.now)
            let items = recommender.recommend(
                request, from: community.tracker, gate: gate, names: names, random: &random)
            lines += items.map { "\($0)" }
        }
        for window in Trend.Window.allCases {
            for engine in community.tracker.engines(where: gate.canRead) {
                lines.append("\(engine.trends(at: Self.now, window: window))")
            }
        }
        return lines
    }

    @Test func `what happens where a member cannot read changes no byte of what they are shown`() {
        for seed in Sequences.seeds {
            var events = RandomEvents(seed: seed)
            events.rooms = [1, 2, 11, 12, 21]
            let steps = events.steps(40)
            let hidden: Set<Int64> = [12, 21]
            let seen = steps.filter { step in
                if case .event(let event) = step { !hidden.contains(event.room.rawValue) } else { true }
            }
            let (all, visible) = (Community.after(steps), Community.after(seen))
            let different = zip(shown(all), shown(visible)).first { $0 != $1 }
            #expect(different == nil, "seed \(seed)")
            #expect(shown(all).count == shown(visible).count, "seed \(seed)")
            let portraits = [all, visible].map { community in
                community.tracker.portrait(of: MemberID(1), at: Self.now) { [1, 2, 11].contains($0.rawValue) }
            }
            #expect(portraits[0] == portraits[1], "seed \(seed)")
            if different != nil || portraits[0] != portraits[1] { return }
        }
    }

    @Test func `nobody who may not be shown is a candidate, evidence or a name`() {
        for seed in Sequences.seeds {
            var events = RandomEvents(seed: seed)
            events.rooms = [1, 2, 11]
            for line in shown(Community.after(events.steps(40))) {
                #expect(
                    !line.contains("@6") && !line.contains("member(6)") && !line.contains("MemberID(rawValue: 6)"),
                    "seed \(seed)")
            }
        }
    }

    @Test func `a private room never moves the shipped weights`() {
        var events = RandomEvents(seed: 9)
        events.rooms = [11, 12]
        var community = Community()
        var recommender = Recommender()
        for case .event(let event) in events.steps(60) {
            recommender.observe(event, tracker: community.tracker)
            community.perform(.event(event))
        }
        var random = SplitMix64(seed: 2)
        let gate = RecommendationGate(canRead: { _ in true }, isJoined: { _ in false }, mayShow: { _ in true })
        let names = DisplayNames(room: { "#\($0)" }, member: { "@\($0)" })
        let request = RecommendationRequest(viewer: MemberID(1), surface: .threads, now: Self.now)
        let items = recommender.recommend(request, from: community.tracker, gate: gate, names: names, random: &random)
        #expect(!items.isEmpty)
        for item in items { recommender.feedback(.opened, impression: item.impression, by: MemberID(1), at: Self.now) }
        #expect(recommender.rankers == Rankers())
    }
}
