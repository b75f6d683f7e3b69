import Foundation
import Testing

@testable import Moderation

/// The model that a new community begins with.
@Suite struct ClassifierStarterModelTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../moderation-rules/starter-model.lycm").standardizedFileURL

    private static let loaded = Result { try Classifier(snapshot: [UInt8](try Data(contentsOf: path))) }

    private func model() throws -> Classifier { try Self.loaded.get() }

    @Test(arguments: [
        ("spam", "澳门娱乐城，注册送彩金，提款秒到"), ("spam", "Claim your free prize now, call 09061701461"),
        ("advertising", "需要考试答案的加我微信"), ("advertising", "subscribe to my channel, new videos every day"),
        ("abuse", "你个傻逼，滚"), ("abuse", "shut up you stupid bitch"),
    ])
    func `it knows what everybody is plagued by`(label: String, text: String) throws {
        var reader = TextReader()
        let model = try model()
        let scores = model.scores(reader.features(of: text))
        #expect(scores[try #require(model.head(of: label))].probability > 0.7)
    }

    @Test(arguments: [
        "请问昨天的作业在哪里提交？", "老师讲得很清楚，谢谢", "这个接口返回 500，有人遇到过吗", "晚上一起打游戏吗",
        "Can someone help me with the second exercise?", "Thanks, that worked!", "See you at the meetup tomorrow",
    ])
    func `it leaves ordinary talk alone`(text: String) throws {
        var reader = TextReader()
        let scores = try model().scores(reader.features(of: text))
        #expect(scores.allSatisfy { $0.probability < 0.5 })
    }

    @Test(arguments: ["加 微 信 领 福 利，考试答案", "加威信领福利，考試答案", "加微*信领福*利，考试答*案"])
    func `a disguise does not fool it`(text: String) throws {
        var reader = TextReader()
        let model = try model()
        let head = try #require(model.head(of: "advertising"))
        #expect(model.scores(reader.features(of: text))[head].probability > 0.5)
    }

    /// Models and logs hold hashes. Whoever changes what a text's features are raises ``FeatureExtractor/version``,
    /// runs `moderation-rules/build-starter-model` and puts the new sum here.
    @Test func `the features of a text are those that models were made with`() {
        var reader = TextReader()
        let texts = ["加微信领 ①③⑧ 福利，名额有限", "Fr3e m0ney at http://t.co/x, cl1ck n o w!!!", "soooo good 😀 naïve"]
        let hashes = texts.flatMap { reader.features(of: $0).hashes.sorted() }
        #expect(FeatureExtractor.version == 3)
        #expect(hashes.reduce(0, FeatureHash.fold) == 14_767_356_228_501_328_089)
    }

    @Test func `it is small and holds what it says`() throws {
        #expect(try Data(contentsOf: Self.path).count < 3_000_000)
        #expect(try model().labels == ["spam", "advertising", "abuse"])
    }
}
