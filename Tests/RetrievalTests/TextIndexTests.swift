import Foundation
import LyceumProtocol
import Moderation
import Retrieval
import TestSupport
import Testing

/// Texts of a few words, so that many share some, in two languages.
private struct Writer {
    static let words = [
        "server", "install", "password", "room", "thread", "数据库", "怎么安装", "模型", "训练", "推荐", "the", "我们",
    ]
    var random: SplitMix64

    mutating func text() -> String {
        let count = Int.random(in: 1...9, using: &random)
        return (0..<count).map { _ in Self.words.randomElement(using: &random) ?? "" }.joined(separator: " ")
    }
}

/// BM25 as its paper writes it, over all texts, one by one.
private func oracle(_ texts: [Int: String], _ query: String) -> [Int: Double] {
    let documents = texts.mapValues { SearchTokeniser.terms(in: $0).map(\.text) }
    let average = Double(documents.values.map(\.count).reduce(0, +)) / Double(documents.count)
    var scores: [Int: Double] = [:]
    for term in Set(SearchTokeniser.phrases(in: query).flatMap(\.terms)) {
        let having = Double(documents.values.filter { $0.contains(term) }.count)
        let idf = log(1 + (Double(documents.count) - having + 0.5) / (having + 0.5))
        for (id, terms) in documents where terms.contains(term) {
            let count = Double(terms.filter { $0 == term }.count)
            let norm = 1.2 * (0.25 + 0.75 * Double(terms.count) / average)
            scores[id, default: 0] += idf * count * 2.2 / (count + norm)
        }
    }
    return scores
}

struct TextIndexTests {
    @Test(arguments: UInt64(0)..<40)
    func `it ranks as the formula does, after any additions, replacements and removals`(seed: UInt64) {
        var writer = Writer(random: SplitMix64(seed: seed))
        var (index, texts) = (TextIndex<Int>(), [Int: String]())
        for _ in 0..<120 {
            let id = Int.random(in: 0..<40, using: &writer.random)
            if Int.random(in: 0..<4, using: &writer.random) == 0 {
                index.remove(id)
                texts[id] = nil
            } else {
                texts[id] = writer.text()
                index.add(id, texts[id] ?? "")
            }
        }
        for _ in 0..<20 {
            let query = writer.text()
            let expected = oracle(texts, query)
            let found = index.search(query, limit: 100)
            #expect(Set(found.map(\.id)) == Set(expected.keys))
            for match in found { #expect(abs(match.score - (expected[match.id] ?? 0)) < 1e-9) }
            #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
            #expect(index.search(query, limit: 3).map(\.id) == Array(found.map(\.id).prefix(3)))
        }
        #expect(index.count == texts.count)
    }

    @Test func `Chinese is found without spaces, and English whatever its case`() {
        var index = TextIndex<String>()
        index.add("zh", "数据库怎么备份？")
        index.add("en", "How do I reset my Password?")
        index.add("other", "今天天气不错")
        #expect(index.search("备份数据库", limit: 5).map(\.id) == ["zh"])
        #expect(index.search("forgot password, RESET it", limit: 5).map(\.id) == ["en"])
        #expect(index.search("天文", limit: 5).isEmpty)
    }

    @Test func `what is not wanted takes no place among the best`() {
        var index = TextIndex<Int>()
        for id in 0..<50 { index.add(id, "the same question") }
        #expect(index.search("same question", limit: 3) { $0 >= 40 }.map(\.id) == [40, 41, 42])
    }

    @Test func `once its postings are spent, common terms weigh but find nothing new`() {
        var index = TextIndex<Int>(postingLimit: 10)
        for id in 0..<100 { index.add(id, id == 77 ? "common rare" : "common") }
        #expect(index.search("common rare", limit: 100).map(\.id) == [77])
        let alone = index.search("rare", limit: 1).first?.score ?? 0
        #expect((index.search("common rare", limit: 1).first?.score ?? 0) > alone)
        #expect(index.search("common", limit: 100).count == 100)
    }

    @Test func `it knows how many texts have a term`() {
        var index = TextIndex<Int>()
        for id in 0..<20 { index.add(id, "word\(id) word\(id / 2)") }
        #expect(index.frequency(of: "word5") == 3)
        #expect(index.frequency(of: "word19") == 1)
        index.remove(19)
        #expect(index.frequency(of: "word19") == 0 && index.frequency(of: "unheard") == 0)
    }
}
