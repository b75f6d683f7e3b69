import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// What moderators are asked without anybody having been accused, and what becomes of what nobody decides.
    @Suite struct Guidance {
        private static let pack = """
            pack: test
            rules:
              - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
            """

        @Test func `a random sample of what passed is shown to moderators, and posted all the same`() async throws {
            let community = try await ModeratedCommunity(
                pack: Self.pack, settings: ["moderation.checks_per_hour": "3600", "moderation.sample_share": "1"])
            #expect(try await community.post("see you at the reading circle").string("verdict") == "allow")
            #expect(try await community.texts(for: community.owner) == ["see you at the reading circle"])
            let item = try #require(try await community.items().first)
            #expect(item.string("kind") == "sample")
            try await community.decide(try #require(item.integer("id")), "approve")
            #expect(try await community.texts(for: community.owner) == ["see you at the reading circle"])
            #expect(try await community.items().isEmpty)
        }

        @Test func `nobody is asked about a direct room, about staff, or beyond the hourly budget`() async throws {
            let community = try await ModeratedCommunity(
                pack: Self.pack, settings: ["moderation.checks_per_hour": "6", "moderation.sample_share": "1"])
            _ = try await community.owner.post("a word of the owner", to: community.room)
            for number in 0..<5 { _ = try await community.post("ordinary message \(number)") }
            #expect(try await community.items().compactMap { $0.string("text") } == ["ordinary message 0"])
        }

        @Test func `what the classifier is unsure of becomes a check, and plain talk does not`() async throws {
            let community = try await ModeratedCommunity(
                pack: Self.pack, settings: ["moderation.checks_per_hour": "3600", "moderation.sample_share": "0"])
            for text in ["thanks, that worked", "see you tomorrow", "老师讲得很清楚，谢谢"] { _ = try await community.post(text) }
            #expect(try await community.items().isEmpty)
            let doubtful = [
                "visit our page for more", "new offers this week", "加群了解一下", "免费试听，名额不多", "call me about the price",
                "you are a bit of a fool", "subscribe if you like", "便宜出一个账号", "win a prize at the fair", "兼职有人做吗",
            ]
            for text in doubtful { _ = try await community.post(text) }
            let checks = try await community.items().filter { $0.string("kind") == "check" }
            #expect(!checks.isEmpty)
            let texts = try await community.texts(for: community.owner)
            for check in checks { #expect(texts.contains(check.string("text") ?? "")) }
        }

        @Test func `against a sure classifier one moderator's word teaches nothing until another agrees`() async throws
        {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let like = "URGENT! You have won a free prize, call 09061701461 now to claim your cash"
            let before = try await community.verdict(on: like)
            #expect(Self.spam(before) > 0.99)
            let item = try #require(try await community.post(like + " in Zanzibar").integer("review"))
            try await community.decide(item, "approve")
            #expect(Self.spam(try await community.verdict(on: like)) == Self.spam(before))
            let check = try #require(try await community.items().first)
            #expect(check.string("kind") == "check")
            try await community.decide(try #require(check.integer("id")), "approve", by: community.owner)
            #expect(Self.spam(try await community.verdict(on: like)) < Self.spam(before))
            #expect(try await community.items().isEmpty)
        }

        @Test func `an unanswered question goes with the decision that asked it`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let text = "URGENT! You have won a free prize in Zanzibar, call 09061701461 now to claim your cash"
            let before = try await community.verdict(on: text)
            let item = try #require(try await community.post(text).integer("review"))
            try await community.decide(item, "approve")
            #expect(try await community.items().count == 1)
            try await community.undo(item)
            #expect(try await community.items().compactMap { $0.integer("id") } == [item])
            #expect(try await community.verdict(on: text) == before)
        }

        private static func spam(_ verdict: JSONText) -> Double {
            let reason = verdict.objects("reasons").first { $0.string("classifier") == "spam" }
            return (try? reason?.read { $0["probability"]?.number }) ?? 0
        }

        @Test func `what nobody decides falls when its time is over, and its author is told`() async throws {
            let community = try await ModeratedCommunity(
                pack: Self.pack, settings: ["moderation.held_hours": "0.001"])
            let events = await community.member.events()
            let item = try #require(try await community.post("a trip to zanzibar").integer("review"))
            var told: String?
            for await case .event(let event) in events
            where event.name == "me.decided" && event.json.integer("review") == item {
                told = event.json.string("action")
                break
            }
            #expect(told == "expired")
            #expect(try await community.items().isEmpty)
            #expect(try await community.texts(for: community.owner) == [])
            #expect(await refusal { try await community.decide(item, "approve") }?.code == .conflict)
            let rows = try await community.owner.send("audit.list").objects("rows")
            #expect(rows.contains { $0.string("action") == "review.expire" && $0.integer("item") == item })
        }
    }
}
