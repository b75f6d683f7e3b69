import Testing

@testable import Moderation

/// Small random texts in two languages whose words lean towards their label, so that there is something to learn.
struct LabelledTexts {
    struct Item {
        var text: String
        var features: Features
        var judgement: Judgement
    }

    static let labels = ["spam", "abuse"]
    private static let words = [
        ["course", "thanks", "lesson", "question", "请问", "老师", "课程", "谢谢", "代码", "answer", "tomorrow"],
        ["winner", "free", "prize", "call", "加微信", "返利", "兼职", "日结", "http://t.cn/x", "88888", "💰"],
        ["idiot", "stupid", "trash", "滚", "傻", "废物", "闭嘴", "loser", "!!!", "hate"],
    ]

    private var random: SplitMix64
    private var reader = TextReader()

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func next() -> Item {
        let topic = Int.random(in: 0...2, using: &random)
        let chosen = (0..<Int.random(in: 2...9, using: &random)).map { _ in
            let from = Int.random(in: 0..<4, using: &random) == 0 ? Int.random(in: 0...2, using: &random) : topic
            return Self.words[from].randomElement(using: &random) ?? ""
        }
        var judgement = Judgement()
        for head in 0...1 where !Bool.random(using: &random) || topic == head + 1 {
            judgement.set(head, to: topic == head + 1)
        }
        let text = chosen.joined(separator: " ") + " \(Int.random(in: 0..<500, using: &random))"
        return Item(text: text, features: reader.features(of: text), judgement: judgement)
    }

    /// Features that come from no text, with a label that some of them go with.
    static func unread(using random: inout SplitMix64) -> (features: Features, judgement: Judgement) {
        var (features, judgement) = (Features(), Judgement())
        let isPositive = Bool.random(using: &random)
        features.hashes = (0..<8).map { _ in
            let number = UInt64.random(in: 1...3_000_000, using: &random)
            return (isPositive ? number : number / 2 + 1) &* 0x9E37_79B9_7F4A_7C15
        }
        features.sounds = features.hashes.map { _ in 0 }
        judgement.set(Int.random(in: 0...1, using: &random), to: isPositive)
        return (features, judgement)
    }

    mutating func next(_ count: Int) -> [Item] { (0..<count).map { _ in next() } }
}

extension Classifier {
    /// A table small enough for tests, in which features also meet in slots.
    static func small(labels: [String] = LabelledTexts.labels) -> Classifier {
        Classifier(labels: labels, slotBits: 12)
    }

    mutating func learn(_ items: [LabelledTexts.Item]) -> [LearnedDecision] {
        items.enumerated().map { index, item in
            learn(item.features, as: item.judgement, id: UInt64(index), isSampled: index % 7 == 0)
        }
    }
}

extension Classifier: CustomTestStringConvertible {
    /// A failed comparison prints this instead of a table of thousands of numbers.
    public var testDescription: String { "classifier of \(labels.joined(separator: ", "))" }
}
