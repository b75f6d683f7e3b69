import Testing

@testable import Moderation

/// Letters that stood apart, which leave open where a word ends.
@Suite struct ClassifierChainTests {
    /// Words that are clean, and in every second text one that is not.
    private static let texts: [(text: String, isUnwanted: Bool)] = [
        ("you are a loser", true), ("you are a friend", false), ("are we there", false), ("a loser like you", true),
        ("what a day", false), ("such losers", true), ("a friend like you", false), ("see you there", false),
    ]

    private func taught() -> Classifier {
        var (classifier, reader) = (Classifier(labels: ["abuse"]), TextReader())
        for (id, item) in (0..<5).flatMap({ _ in Self.texts }).enumerated() {
            var judgement = Judgement()
            judgement.set(0, to: item.isUnwanted)
            _ = classifier.learn(reader.features(of: item.text), as: judgement, id: UInt64(id))
        }
        return classifier
    }

    private func words(_ text: String, _ classifier: Classifier) -> [String] {
        var reader = TextReader()
        let reading = ChainReader(classifier.table, decisions: 40)
        return reader.features(of: text).chains.flatMap { reading.words(in: $0.letters) }
            .map { String(String.UnicodeScalarView($0.compactMap(Unicode.Scalar.init))) }
    }

    @Test(arguments: [
        ("y o u a r e a l o s e r", ["you", "are", "a", "loser"]), ("see y.o.u.t.h.e.r.e", ["you", "there"]),
        ("y o u q q x z z a r e", ["you", "qqxzz", "are"]), ("z z y x q", ["zzyxq"]), ("l o s e r s", ["losers"]),
        ("d.a.y", []),
    ])
    func `they are read as the likeliest words that are known`(text: String, expected: [String]) {
        // As the features have them: letters that look alike are one.
        let folded = expected.map { word in
            String(
                String.UnicodeScalarView(word.utf8.compactMap { Unicode.Scalar(Normaliser.shapeClass(of: UInt32($0))) })
            )
        }
        #expect(words(text, taught()) == folded)
    }

    @Test(arguments: ["you are a loser", "what a loser", "see you there", "you are a friend"])
    func `a text scores as the one that its letters were pulled out of`(text: String) {
        var reader = TextReader()
        let classifier = taught()
        let apart = text.filter { $0 != " " }.map(String.init).joined(separator: " ")
        let (plain, chain) = (
            classifier.scores(reader.features(of: text)), classifier.scores(reader.features(of: apart))
        )
        #expect(abs(plain[0].raw - chain[0].raw) < 1)
        #expect((plain[0].raw > 0) == (chain[0].raw > 0))
    }

    @Test(arguments: ["b u y z o r b l e q n o w", "say z-o-r-b-l-e-q to them"])
    func `what one of them taught is known when it comes again, and forgotten when it is taken back`(text: String) {
        var (classifier, reader) = (taught(), TextReader())
        let features = reader.features(of: text)
        let untaught = classifier
        let before = classifier.scores(features)[0].raw
        var judgement = Judgement()
        judgement.set(0, to: true)
        let decision = classifier.learn(features, as: judgement, id: 99)
        #expect(classifier.scores(features)[0].raw > before + 0.5)
        #expect(
            classifier.scores(reader.features(of: "zorbleq"))[0].raw
                > untaught.scores(reader.features(of: "zorbleq"))[0].raw)
        classifier.unlearn(decision)
        #expect(classifier == untaught)
        #expect(classifier.scores(features)[0].raw == before)
    }
}
