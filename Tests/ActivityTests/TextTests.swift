import LyceumProtocol
import Testing

@testable import Activity

@Suite struct TextTests {
    private func scan(_ text: String) -> [String] {
        var scanner = TermScanner()
        let bytes = Array(text.utf8)
        return scanner.scan(text).map { "\($0.kind):\(String(decoding: bytes[$0.range], as: UTF8.self))" }
    }

    @Test(arguments: [
        ("The quick FOX", ["word:quick", "word:FOX"]),
        ("use EventLoop and fan_out", ["code:EventLoop", "code:fan_out"]),
        ("see #async and #小程序!", ["word:see", "tag:async", "tag:小程序"]),
        ("编译器", ["character:编", "character:译", "bigram:编译", "character:器", "bigram:译器"]),
        ("a编b译", ["character:编", "character:译"]),
        ("x 🙂 é", []),
    ])
    func `texts are cut into words, tags, code and pairs of characters`(text: String, terms: [String]) {
        #expect(scan(text) == terms)
    }

    @Test func `case does not matter and kind does`() {
        var scanner = TermScanner()
        let hashes = scanner.scan("Kernel kernel #kernel").map(\.hash)
        #expect(hashes[0] == hashes[1])
        #expect(hashes[1] != hashes[2])
    }

    @Test func `phrases of both languages come out of titles, and chance pairs do not`() {
        var phrases = Phrases(shardBits: 0)
        var random = SplitMix64(seed: 1)
        let fillers = ["shop", "river", "window", "garden", "letter", "bottle", "candle", "mirror"]
        let characters = Array("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往")
        for _ in 0..<400 {
            let a = fillers.randomElement(using: &random) ?? ""
            let b = fillers.randomElement(using: &random) ?? ""
            phrases.scan(random.next() % 4 == 0 ? "\(a) memory leak \(b)" : "\(a) \(b)")
            for gram in phrases.found { phrases.count(gram, .add) }
            let left = String((0..<3).compactMap { _ in characters.randomElement(using: &random) })
            let right = String((0..<3).compactMap { _ in characters.randomElement(using: &random) })
            phrases.scan(random.next() % 10 == 0 ? left + "小程序" + right : left + right)
            for gram in phrases.found { phrases.count(gram, .add) }
        }
        let found = phrases.phrases()
        #expect(found.contains { $0.text == "memory leak" && !$0.isChinese })
        #expect(found.contains { $0.text == "小程序" && $0.isChinese })
        #expect(!found.contains { $0.text == "小程" || $0.text == "程序" })
        #expect(!found.contains { phrase in fillers.contains { phrase.text.hasPrefix($0) } })
    }

    @Test func `topics that go together are linked once three members share them`() {
        var community = Community()
        for by in 1...4 {
            community.perform(
                .event(
                    ActivityEvent(
                        seq: Int64(by), at: RandomEvents.start + Int64(by), member: MemberID(Int64(by)),
                        room: RoomID(1),
                        kind: .post(.init(thread: Int64(by), text: by < 4 ? "#swift #actors" : "#swift #garden")))))
        }
        let graph = community.tracker.everyone.topicGraph(limit: 10)
        #expect(graph.map { Set([$0.a, $0.b]) } == [Set(["swift", "actors"])])
        #expect(graph.first?.members == nil)
    }
}
