import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

enum TopicFeature: Int, CaseIterable {
    case own, heatDay, heatWeek, burst, voices, specificity

    /// What a topic shows of which nothing is known.
    static let blank = [Double](repeating: 0, count: allCases.count)
    static let start: [Double] = [1, 0.3, 0.2, 0.2, 0.4, 0.1]
}

struct TopicFeatures {
    private let engine: Engine
    /// Empty for a viewer of whom nothing is known.
    private let viewer: Profile
    private let now: Instant

    init(_ engine: Engine, viewer: MemberID, _ now: Instant) {
        self.engine = engine
        self.now = now
        self.viewer = engine.profileNumber(of: viewer).map { engine.profiles[$0] } ?? Profile(member: Member.none)
    }

    func matrix(_ topics: [UInt32]) -> FeatureMatrix {
        FeatureMatrix(topics, of: TopicFeature.self) { topic, _, row in
            let term = engine.topics[topic].term
            row[.own] = damped(viewer.terms[term]?.value(at: now.quarter) ?? 0, floor: 1)
            row[.specificity] = engine.rarity(term)
            fill(row, engine.topics[topic].heat)
        }
    }

    private func fill(_ row: FeatureRow<TopicFeature>, _ heat: Heat) {
        row[.heatDay] = damped(heat.day.value(at: now.day), floor: 1)
        row[.heatWeek] = damped(heat.week.value(at: now.week), floor: 1)
        row[.burst] = min(max(heat.deviation(at: now), 0), 10)
        row[.voices] = damped(heat.voicesDay.value(at: now.day), floor: 1)
    }
}
