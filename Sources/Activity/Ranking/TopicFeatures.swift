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
    private let viewer: Profile?
    private let now: Instant

    init(_ engine: Engine, viewer: MemberID, _ now: Instant) {
        self.engine = engine
        self.now = now
        self.viewer = engine.profileNumber(of: viewer).map { engine.profiles[$0] }
    }

    func matrix(_ topics: [UInt32]) -> FeatureMatrix {
        var matrix = FeatureMatrix(width: TopicFeature.allCases.count)
        for topic in topics {
            let state = engine.topics[topic]
            matrix.append(
                topic,
                [
                    damped(viewer?.terms[state.term]?.value(at: now.quarter) ?? 0, floor: 1),
                    damped(state.heat.day.value(at: now.day), floor: 1),
                    damped(state.heat.week.value(at: now.week), floor: 1),
                    min(max(state.heat.burst(at: now).z, 0), 10),
                    damped(state.heat.voicesDay.value(at: now.day), floor: 1),
                    engine.rarity(state.term),
                ])
        }
        return matrix
    }
}
