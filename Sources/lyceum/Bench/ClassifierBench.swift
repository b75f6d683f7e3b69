import LyceumProtocol
import Moderation

/// The rows of `lyceum bench moderate` for the classifier: four heads that have learned from 20,000 texts.
enum ClassifierBench {
    static func rows(_ material: ModerateBench.Material) -> [ModerateBench.Row] {
        var classifier = taught()
        let normaliser = Normaliser()
        let texts = material.messages.prefix(1000).map { normaliser.normalised($0) }
        let lessons = texts.map { text in
            var extractor = FeatureExtractor()
            return extractor.extract(text)
        }
        let memory = "\(classifier.memory >> 20) MiB of at most \(classifier.mostMemory >> 20)"
        let mean = lessons.map(\.count).reduce(0, +) / lessons.count
        return [
            extract("classifier features", texts, note: "\(mean) a message on average"),
            extract("classifier features of a long text", [normaliser.normalised(longText())], note: "64 kB"),
            ModerateBench.rate("classifier score", note: "4 heads, \(memory)") { index in
                _ = classifier.scores(lessons[index % lessons.count])
            },
            ModerateBench.rate("classifier learn", note: "4 heads, every feature counted") { index in
                _ = classifier.learn(lessons[index % lessons.count], as: judgement(index / 7), id: UInt64(index))
            },
        ]
    }

    private static func longText() -> String {
        var random = SplitMix64(seed: 2)
        let words = (0..<8_000).map { _ in String(UInt64.random(in: 0..<1 << 36, using: &random), radix: 36) }
        return String(words.joined(separator: " ").prefix(65_536))
    }

    private static func extract(_ name: String, _ texts: [NormalisedText], note: String) -> ModerateBench.Row {
        var (extractor, features) = (FeatureExtractor(), Features())
        return ModerateBench.rate(name, note: note) { index in
            extractor.extract(texts[index % texts.count], into: &features)
        }
    }

    /// Random words fill the table, so that scoring meets the caches as it does in a community that has learned much.
    static func taught() -> Classifier {
        var classifier = Classifier(labels: ["spam", "advertising", "abuse", "off-topic"])
        var (reader, random) = (TextReader(), SplitMix64(seed: 1))
        for id in 0..<20_000 {
            let words = (0..<10).map { _ in String(UInt64.random(in: 0..<1 << 24, using: &random), radix: 36) }
            _ = classifier.learn(reader.features(of: words.joined(separator: " ")), as: judgement(id), id: UInt64(id))
        }
        return classifier
    }

    /// Changes its mind about the same texts, so that each one is learned.
    private static func judgement(_ number: Int) -> Judgement {
        var judgement = Judgement()
        for head in 0..<4 { judgement.set(head, to: (number >> head).isMultiple(of: 2)) }
        return judgement
    }
}
