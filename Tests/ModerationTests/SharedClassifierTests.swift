import Testing

@testable import Moderation

@Suite struct SharedClassifierTests {
    @Test func `threads score while another learns, and nothing is lost`() async {
        let shared = SharedClassifier(.small())
        var texts = LabelledTexts(seed: 2)
        let items = texts.next(300)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for item in items {
                    let decision = shared.learn(item.features, as: item.judgement, id: 1)
                    shared.unlearn(decision)
                    _ = shared.learn(item.features, as: item.judgement, id: 2)
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    for item in items {
                        #expect(shared.scores(item.features).allSatisfy { $0.raw.isFinite })
                    }
                }
            }
        }
        var alone = Classifier.small()
        _ = alone.learn(items)
        for item in items.prefix(20) {
            #expect(shared.scores(item.features).map(\.raw) == alone.scores(item.features).map(\.raw))
        }
    }

    @Test func `all texts score alike until the first decision, and from then on each is looked at`() {
        let shared = SharedClassifier(.small())
        var texts = LabelledTexts(seed: 4)
        let items = texts.next(20)
        for item in items { #expect(shared.scores(item.features) == shared.scoresOfAnything) }
        _ = shared.learn(items[0].features, as: items[0].judgement, id: 1)
        #expect(shared.scoresOfAnything == nil)
    }

    @Test func `a copy stays as it was while the original learns on`() {
        let shared = SharedClassifier(.small())
        var texts = LabelledTexts(seed: 3)
        let copy = shared.copy()
        for item in texts.next(20) { _ = shared.learn(item.features, as: item.judgement, id: 0) }
        #expect(copy == .small())
        #expect(shared.copy() != copy)
        shared.replace(with: copy)
        #expect(shared.copy() == copy)
    }
}
