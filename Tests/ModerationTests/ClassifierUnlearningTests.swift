import Foundation
import Testing

@testable import Moderation

/// The promise that lets a moderator undo and a member be erased: afterwards it is as if it had never been learned.
@Suite struct ClassifierUnlearningTests {
    @Test(arguments: UInt64(0)..<8)
    func `what is un-learned in random order leaves no trace`(seed: UInt64) {
        var (texts, random) = (LabelledTexts(seed: seed), SplitMix64(seed: seed))
        var classifier = Classifier.small()
        _ = classifier.learn(texts.next(60))
        let before = classifier
        var decisions = classifier.learn(texts.next(200))
        #expect(classifier != before)
        decisions.shuffle(using: &random)
        for decision in decisions { classifier.unlearn(decision) }
        #expect(classifier == before)
        let isSame = classifier.snapshot() == before.snapshot()
        #expect(isSame)
    }

    @Test(arguments: UInt64(0)..<8)
    func `learning and un-learning may take turns`(seed: UInt64) {
        var (texts, random) = (LabelledTexts(seed: seed), SplitMix64(seed: seed))
        var classifier = Classifier.small()
        var live: [LearnedDecision] = []
        for step in 0..<400 {
            if !live.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
                classifier.unlearn(live.remove(at: Int.random(in: live.indices, using: &random)))
            } else {
                let item = texts.next()
                live.append(classifier.learn(item.features, as: item.judgement, id: UInt64(step)))
            }
        }
        var rebuilt = Classifier.small()
        for decision in live.shuffled(using: &random) { rebuilt.relearn(decision) }
        let isSame = rebuilt.snapshot() == classifier.snapshot()
        #expect(isSame)
        for decision in live { classifier.unlearn(decision) }
        #expect(classifier == Classifier.small())
    }

    @Test func `undo brings back the earlier score of every text to the bit`() {
        var texts = LabelledTexts(seed: 9)
        var classifier = Classifier.small()
        _ = classifier.learn(texts.next(100))
        let probes = texts.next(50)
        let before = probes.map { classifier.scores($0.features) }
        let item = texts.next()
        let decision = classifier.learn(item.features, as: item.judgement, id: 1)
        #expect(probes.map { classifier.scores($0.features) } != before)
        classifier.unlearn(decision)
        #expect(probes.map { classifier.scores($0.features) } == before)
    }

    @Test func `a full table forgets nothing`() {
        var random = SplitMix64(seed: 3)
        var classifier = Classifier(labels: ["spam"], slotBits: 8)
        var judgement = Judgement()
        judgement.set(0, to: true)
        var reader = TextReader()
        let decisions = (0..<300).map { index in
            let text = (0..<20).map { _ in String(UInt32.random(in: .min ... .max, using: &random), radix: 36) }
            judgement.set(0, to: index % 2 == 0)
            return classifier.learn(
                reader.features(of: text.joined(separator: " ")), as: judgement, id: UInt64(index))
        }
        #expect(classifier.report(ofHead: 0).features == 256)
        for decision in decisions.shuffled(using: &random) { classifier.unlearn(decision) }
        #expect(classifier == Classifier(labels: ["spam"], slotBits: 8))
    }

    /// The figure of the specification, over more features than the table has slots; `deploy/test --all` sets the
    /// variable.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LYCEUM_TEST_ALL"] != nil))
    func `a million decisions come and go in random order`() {
        var (texts, random) = (LabelledTexts(seed: 1), SplitMix64(seed: 1))
        var classifier = Classifier(labels: LabelledTexts.labels)
        _ = classifier.learn(texts.next(1000))
        let before = classifier.snapshot()
        var decisions = (0..<1_000_000).map { index in
            let item = LabelledTexts.unread(using: &random)
            return classifier.learn(item.features, as: item.judgement, id: UInt64(index))
        }
        let isUntouched = classifier.snapshot() == before
        #expect(!isUntouched)
        decisions.shuffle(using: &random)
        for decision in decisions { classifier.unlearn(decision) }
        let isSame = classifier.snapshot() == before
        #expect(isSame)
    }
}
