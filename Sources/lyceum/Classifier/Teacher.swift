import LyceumProtocol
import Moderation

/// Takes texts to a classifier as the moderation stage does, one after the other.
struct Teacher {
    private(set) var classifier: Classifier
    private var reader = TextReader()

    init(_ classifier: Classifier) { self.classifier = classifier }

    /// A text with its features, ready to be learned or scored.
    struct Lesson {
        var features: Features
        var judgement: Judgement
    }

    mutating func features(of text: String) -> Features { reader.features(of: text) }

    /// A text that is known to have `labels` and none of the classifier's others.
    mutating func lesson(_ text: LabelledText) -> Lesson {
        var judgement = Judgement()
        for (head, label) in classifier.labels.enumerated() { judgement.set(head, to: text.labels.contains(label)) }
        return Lesson(features: features(of: text.text), judgement: judgement)
    }

    mutating func outcome(_ text: LabelledText) -> Evaluation.Outcome {
        Evaluation.Outcome(
            truth: text.labels, logOdds: classifier.scores(features(of: text.text)).map(\.logOdds))
    }

    mutating func learn(_ lesson: Lesson, id: UInt64 = 0) -> LearnedDecision {
        classifier.learn(lesson.features, as: lesson.judgement, id: id)
    }

    /// Learns all lessons in their order; on each further pass takes every one back and learns it anew, in an order
    /// drawn from `seed`, so that it is judged by what all the others taught and not by itself; see ``Classifier/restudy(_:as:_:)``.
    ///
    /// - Parameter passes: How often each is learned; at least 1.
    mutating func study(_ lessons: [Lesson], passes: Int, seed: UInt64) {
        var receipts = lessons.enumerated().map { learn($1, id: UInt64($0)) }
        var random = SplitMix64(seed: seed)
        var order = Array(receipts.indices)
        for _ in 0..<(passes - 1) {
            order.shuffle(using: &random)
            for index in order {
                receipts[index] = classifier.restudy(
                    lessons[index].features, as: lessons[index].judgement, receipts[index])
            }
        }
    }
}
