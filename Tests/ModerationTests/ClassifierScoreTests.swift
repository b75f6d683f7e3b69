import Testing

@testable import Moderation

/// What a score is made of, and what it means.
@Suite struct ClassifierScoreTests {
    private func trained(_ seed: UInt64, count: Int = 300) -> (classifier: Classifier, texts: LabelledTexts) {
        var texts = LabelledTexts(seed: seed)
        var classifier = Classifier.small()
        _ = classifier.learn(texts.next(count))
        return (classifier, texts)
    }

    @Test(arguments: UInt64(0)..<3)
    func `an explanation adds up to the score`(seed: UInt64) {
        var (classifier, texts) = trained(seed)
        var reader = TextReader()
        for text in texts.next(30).map(\.text) + ["f r e e p r i z e, c a l l 老师", "hate y.o.u.l.o.s.e.r"] {
            let features = reader.features(of: text)
            for (head, score) in classifier.scores(features).enumerated() {
                let explanation = classifier.explain(features, of: reader.text, head: head)
                let sum = explanation.terms.reduce(explanation.offset) { $0 + $1.weight }
                #expect(explanation.raw == score.raw)
                #expect(abs(sum - score.raw) < 1e-9)
            }
        }
    }

    @Test func `an explanation names the words that matter`() {
        let (classifier, _) = trained(1)
        var reader = TextReader()
        let features = reader.features(of: "老师 请问 加微信 返利")
        let explanation = classifier.explain(features, of: reader.text, head: 0)
        let tokens = explanation.strongest(6).map(\.token)
        #expect(tokens.contains { "加微信返利".contains($0) })
        #expect(!tokens.contains { "老师请问".contains($0) })
    }

    @Test(arguments: ["老师 请问 加微信 返利", "call free free prize winner 88888 💰 http://t.cn/x", "加 微信 加微信"])
    func `the strongest tokens are those of the whole explanation`(text: String) {
        let (classifier, _) = trained(1)
        var reader = TextReader()
        let features = reader.features(of: text)
        let whole = classifier.explain(features, of: reader.text, head: 0).strongest(100)
        let strongest = classifier.strongest(100, features, of: reader.text, head: 0)
        #expect(!whole.isEmpty)
        #expect(Set(strongest.map(\.token)) == Set(whole.map(\.token)))
        #expect(abs(strongest.reduce(0) { $0 + $1.weight } - whole.reduce(0) { $0 + $1.weight }) < 1e-9)
        #expect(zip(strongest, strongest.dropFirst()).allSatisfy { $0.weight >= $1.weight })
    }

    @Test func `one decision changes the next score at once`() {
        var classifier = Classifier.small()
        var reader = TextReader()
        var judgement = Judgement()
        judgement.set(0, to: true)
        let text = reader.features(of: "加微信领返利")
        let before = classifier.scores(text)[0].probability
        _ = classifier.learn(text, as: judgement, id: 1)
        #expect(classifier.scores(text)[0].probability > before)
        #expect(classifier.scores(text)[1].raw == 0)
    }

    @Test func `standing moves the log-odds by what it is and teaches nothing`() {
        var (classifier, texts) = trained(3)
        let item = texts.next()
        let (plain, trusted) = (
            classifier.scores(item.features), classifier.scores(item.features, standing: -1.5)
        )
        for (a, b) in zip(plain, trusted) {
            #expect(abs(a.logOdds - 1.5 - b.logOdds) < 1e-12)
            #expect(a.raw == b.raw)
        }
    }

    @Test func `probabilities match how often they are right`() {
        var (classifier, texts) = trained(4, count: 2000)
        var outcomes: [Evaluation.Outcome] = []
        for item in texts.next(2000) {
            guard let truth = item.judgement[0] else { continue }
            outcomes.append(
                .init(truth: truth ? ["spam"] : [], logOdds: [classifier.scores(item.features)[0].logOdds]))
            _ = classifier.learn(item.features, as: item.judgement, id: 0)
        }
        let evaluation = Evaluation(labels: ["spam"], outcomes: outcomes)
        #expect(evaluation.accuracy > 0.9)
        #expect(evaluation.calibrationError < 0.03)
    }

    @Test func `the threshold keeps to its false-positive rate on the random sample`() throws {
        var (classifier, texts) = trained(5, count: 3000)
        let threshold = try #require(classifier.report(ofHead: 0).threshold(falsePositiveRate: 0.05))
        let clean = texts.next(3000).filter { $0.judgement[0] == false }
        let blocked = clean.count { classifier.scores($0.features)[0].logOdds >= threshold }
        #expect(Double(blocked) < 0.1 * Double(clean.count))
        _ = classifier.learn(texts.next(1))
    }

    @Test func `a small sample promises no small rate`() {
        let classifier = trained(5, count: 100).classifier
        #expect(classifier.report(ofHead: 0).threshold(falsePositiveRate: 0.01) == nil)
    }

    @Test func `logarithm and exponential agree with their definitions`() {
        for x in stride(from: -40.0, through: 40, by: 0.37) {
            #expect(abs(ExactMath.ln(ExactMath.exp(x)) - x) < 1e-13 * max(1, abs(x)))
            #expect(abs(ExactMath.sigmoid(x) + ExactMath.sigmoid(-x) - 1) < 1e-15)
        }
        #expect(abs(ExactMath.exp(1) - 2.718281828459045) < 1e-15)
        #expect(abs(ExactMath.ln(10) - 2.302585092994046) < 1e-15)
        let table = LogarithmTable(smoothing: 0.5)
        for count in [Int32(0), 1, 4095, 4096, 70_000, .max] {
            let exact = ExactMath.ln(Double(count) + 0.5) * Double(1 << LogarithmTable.fractionBits)
            #expect(abs(Double(table[count]) - exact) < 600)
        }
    }
}
