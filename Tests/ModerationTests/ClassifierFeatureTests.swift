import Testing

@testable import Moderation

@Suite struct ClassifierFeatureTests {
    private func features(_ text: String) -> Features {
        var reader = TextReader()
        return reader.features(of: text)
    }

    private func shared(_ a: String, _ b: String) -> Int {
        Set(features(a).hashes).intersection(features(b).hashes).count
    }

    @Test func `a feature counts once however often it stands there`() {
        let hashes = features("free free free free").hashes
        #expect(Set(hashes).count == hashes.count)
        #expect(shared("free", "free free free") >= 5)
    }

    @Test func `texts share what they have in common and nothing else`() {
        #expect(shared("加微信", "快加微信吧") >= 6)
        #expect(shared("abcd", "退款流程") <= 2)
        #expect(shared("spamming", "spammer") >= 3)
    }

    @Test func `an extractor forgets the text before`() {
        var reader = TextReader()
        let first = reader.features(of: "加我微信 call 0800 now")
        _ = reader.features(of: String(repeating: "another text 完全不同 ", count: 500))
        #expect(reader.features(of: "加我微信 call 0800 now") == first)
    }

    @Test(arguments: [
        "", " ", "\u{0}", "😀", "👩‍👩‍👧‍👦🏳️‍🌈🇨🇳", String(repeating: "\u{301}", count: 32_768),
        String(repeating: "a\u{308}\u{323}", count: 13_000), String(repeating: "𠀀龘", count: 9_000),
        String(repeating: "x", count: 65_536), String(repeating: "\u{200B}", count: 20_000),
        String(repeating: "a b ", count: 16_000), String(repeating: "f r e e, ", count: 5_000),
    ])
    func `hostile text has features like any other`(text: String) {
        let features = features(text)
        #expect(features.count <= FeatureExtractor.maximumFeatures)
        #expect(Set(features.hashes).count == features.count)
        var classifier = Classifier.small()
        var judgement = Judgement()
        judgement.set(0, to: true)
        let decision = classifier.learn(features, as: judgement, id: 0)
        #expect(classifier.scores(features)[0].raw.isFinite)
        classifier.unlearn(decision)
        #expect(classifier == Classifier.small())
    }

    /// Padding must not push the telling features out: which are kept depends on their hashes alone.
    @Test func `a long text keeps a share of each of its parts`() {
        var random = SplitMix64(seed: 7)
        let padding = (0..<4000).map { _ in String(UInt64.random(in: 0 ... .max, using: &random), radix: 36) }
        let text = (padding + ["加微信领返利兼职日结刷单"] + padding).joined(separator: " ")
        let kept = features(text)
        #expect(kept.count <= FeatureExtractor.maximumFeatures)
        #expect(kept.count > FeatureExtractor.maximumFeatures / 4)
        let again = features("加微信领返利兼职日结刷单 " + padding.reversed().joined(separator: " "))
        #expect(Set(again.hashes).intersection(kept.hashes).count > kept.count / 2)
    }
}
