import Testing

@testable import Moderation

/// Which labels are asked for, which are believed, and how outcomes are counted.
@Suite struct ClassifierGuidanceTests {
    private func score(_ logOdds: Double) -> HeadScore { HeadScore(raw: logOdds, logOdds: logOdds) }

    @Test func `labels are asked for in the uncertain band and for a small sample of the rest`() {
        var random = SplitMix64(seed: 1)
        let requests = LabelRequests(band: 2, sampleShare: 0.02)
        let unsure = (0..<1000).map { _ in requests.reason([score(-9), score(1.9)], using: &random) }
        #expect(unsure.allSatisfy { $0 != nil })
        let sure = (0..<10_000).map { _ in requests.reason([score(-9), score(-2.1)], using: &random) }
        #expect(!sure.contains(.uncertain))
        #expect((150...250).contains(sure.count { $0 == .sample }))
        #expect(unsure.contains(.sample))
    }

    @Test func `one word is believed unless a sure and experienced head objects`() {
        let opinion = NoiseGuard.Opinion(moderator: 1, isPositive: true)
        let noise = NoiseGuard(confidence: 4, experience: 100)
        #expect(noise.advice([opinion], score: score(-3.9), learned: 500) == .learn(isPositive: true))
        #expect(noise.advice([opinion], score: score(-4.1), learned: 99) == .learn(isPositive: true))
        #expect(noise.advice([opinion], score: score(-4.1), learned: 100) == .askAnother)
        #expect(noise.advice([opinion], score: score(9), learned: 100) == .learn(isPositive: true))
    }

    @Test func `a disagreement is learned when a majority has settled it`() {
        let noise = NoiseGuard()
        func advice(_ votes: [(Int64, Bool)]) -> NoiseGuard.Advice {
            noise.advice(votes.map { .init(moderator: $0, isPositive: $1) }, score: score(-9), learned: 1000)
        }
        #expect(advice([]) == .askAnother)
        #expect(advice([(1, true), (2, false)]) == .askAnother)
        #expect(advice([(1, true), (1, true)]) == .askAnother)
        #expect(advice([(1, true), (2, true)]) == .learn(isPositive: true))
        #expect(advice([(1, true), (2, false), (3, false)]) == .learn(isPositive: false))
        #expect(advice([(1, true), (2, false), (1, false)]) == .learn(isPositive: false))
    }

    @Test func `the figures of an evaluation are the textbook's`() throws {
        let outcomes: [Evaluation.Outcome] = [
            .init(truth: ["spam"], logOdds: [3]), .init(truth: ["spam"], logOdds: [1]),
            .init(truth: ["spam"], logOdds: [-1]), .init(truth: [], logOdds: [2]),
            .init(truth: [], logOdds: [-2]), .init(truth: [], logOdds: [-3]),
            .init(truth: [], logOdds: [-1]),
        ]
        let evaluation = Evaluation(labels: ["spam"], outcomes: outcomes)
        let spam = evaluation.figures[1]
        #expect(evaluation.accuracy == 5.0 / 7)
        #expect(evaluation.falsePositiveRate == 0.25)
        #expect(spam.precision == 2.0 / 3 && spam.recall == 2.0 / 3 && spam.f1 == 2.0 / 3)
        #expect(evaluation.figures[0].f1 == 0.75)
        #expect(evaluation.macroF1 == (0.75 + 2.0 / 3) / 2)
        // 12 pairs: 3 beats 4, 1 beats 3, −1 beats 2 and ties with one.
        #expect(try #require(spam.auc) == 9.5 / 12)
        #expect(evaluation.recallAtOnePercent == 1.0 / 3)
    }

    @Test func `of labels that exclude each other the likeliest is predicted`() {
        let outcomes: [Evaluation.Outcome] = [
            .init(truth: ["abuse"], logOdds: [1, 2]), .init(truth: ["spam"], logOdds: [2, 1]),
            .init(truth: [], logOdds: [-1, -2]),
        ]
        #expect(Evaluation(labels: ["spam", "abuse"], outcomes: outcomes).accuracy == 1)
        let both = outcomes + [.init(truth: ["spam", "abuse"], logOdds: [1, 1])]
        #expect(Evaluation(labels: ["spam", "abuse"], outcomes: both).accuracy == 0.5)
    }
}
