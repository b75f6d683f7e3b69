import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// The stage in the way of every text, and what moderators teach it (attacks A8–A10).
    @Suite struct Moderation {
        private static let pack = """
            pack: test
            rules:
              - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
              - {id: barred, kind: keyword, words: [verboten], score: 9, action: block, reason: {en: Barred., zh: 已拒绝。}}
              - {id: masked, kind: keyword, words: [darn], score: 1, action: redact, reason: {en: Masked., zh: 已遮盖。}}
              - {id: noted, kind: keyword, words: [iffy], score: 1, action: flag, reason: {en: Noted., zh: 已标记。}}
              - {id: fast, kind: keyword, words: [rapidfire], action: timeout, timeout: 60s,
                 reason: {en: Slow down., zh: 请慢一点。}}
            """

        @Test func `advertising in Chinese and English is held in ten disguises, with rule and spans`() async throws {
            let community = try await ModeratedCommunity()
            let like = "guaranteed profits every day, ask me for the 资料 on 微信"
            let before = try await community.verdict(on: like)
            let disguises = [
                "有需要的加微信 13800138000", "加 微.信 领资料", "加🌹微🌹信", "微信同號 ①③⑧", "加ＱＱ群 123456",
                "Join my telegram t.me/quickprofit for guaranteed returns of 300% daily",
                "G u a r a n t e e d  returns of 300% daily, join my t.e.l.e.g.r.a.m", "加VX：abc123",
                "Ｇｕａｒａｎｔｅｅｄ returns, dm me on WhatsApp", "guаranteed rеturns, double your bitcoin today",
            ]
            let other = try await community.daemon.member("other")
            _ = try await other.join(community.room)
            // By turns, since ten posts of one member within seconds are a flood.
            for (number, text) in disguises.enumerated() {
                let author = number % 2 == 0 ? community.member : other
                #expect(try await author.post(text, to: community.room).verdict == "hold", "\(text)")
            }
            let items = try await community.items()
            #expect(items.count == disguises.count)
            for item in items {
                let verdict = try #require(item.object("verdict"))
                #expect(
                    verdict.objects("reasons").contains { $0.string("rule") != nil || $0.string("classifier") != nil })
            }
            #expect(try await community.texts(for: community.owner) == [])

            // A moderator clears the queue; what that taught judges the next such message at once, and undoing it all
            // brings back the earlier verdict exactly.
            let decided = items.compactMap { $0.integer("id") }
            for item in decided { try await community.decide(item, "reject", labels: ["advertising"]) }
            #expect(try await community.items().allSatisfy { $0.string("kind") == "check" })
            #expect(Self.score(try await community.verdict(on: like)) > Self.score(before))
            for item in decided.sorted(by: >) { try await community.undo(item) }
            #expect(try await community.verdict(on: like) == before)
        }

        @Test func `each verdict does what it says, to posts and to edits alike`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let clean = try #require(try await community.post("good morning").integer("seq"))
            #expect(try await community.post("darn it").string("verdict") == "redact")
            #expect(try await community.post("somewhat iffy").string("verdict") == "allow")
            #expect(try await community.post("a trip to Zanzibar").string("verdict") == "hold")
            let barred = await refusal { _ = try await community.post("ver-bo-ten") }
            #expect(barred?.code == .rejected)
            let details = String(decoding: barred?.details ?? [], as: UTF8.self)
            #expect(details.contains("Barred.") && details.contains("已拒绝。") && details.contains("test.barred"))

            #expect(
                await refusal { try await community.member.edit(clean, in: community.room, text: "verboten") }?.code
                    == .rejected)
            try await community.member.edit(clean, in: community.room, text: "off to zanzibar")
            #expect(
                try await community.texts(for: community.owner) == ["good morning", "████ it", "somewhat iffy"])
            let kinds = try await community.items().compactMap { $0.string("kind") }
            #expect(kinds == ["flag", "held", "held_edit"])
            let edit = try #require(try await community.items().last?.integer("id"))
            try await community.decide(edit, "approve")
            #expect(try await community.texts(for: community.owner).first == "off to zanzibar")
        }

        @Test func `the classifier learns from a room's moderators where the community has made the room`() async throws
        {
            let community = try await ModeratedCommunity(pack: Self.pack)
            func learned() async throws -> String { try await community.owner.send("classifier.stats").description }
            let host = try await community.daemon.member("host")
            let hostID = try #require(await host.signIn).member.rawValue
            let own = try await host.createRoom(name: "lair", title: "Lair").id
            for (client, room) in [(community.member, own), (host, community.room)] { _ = try await client.join(room) }
            try await community.owner.send("room.set_role") { json in
                json.field("room", community.room.rawValue)
                json.field("member", hostID)
                json.field("role", "moderator")
            }
            let before = try await learned()
            for (room, isLearned) in [(own, false), (community.room, true)] {
                let held = try await community.member.send("message.post") { json in
                    json.field("room", room.rawValue)
                    json.field("text", "cheap journeys to zanzibar, book now and save")
                    json.field("nonce", "\(room)")
                }
                try await community.decide(try #require(held.integer("review")), "reject", by: host)
                #expect((try await learned() != before) == isLearned)
            }
        }

        @Test func `one reason for many decisions is no repetition`() async throws {
            let community = try await ModeratedCommunity()
            let room = community.room.rawValue
            let qa = try await QAStage.open(community.owner, community.room)
            let questions = ["When do we begin?", "Who speaks today?", "Where are the slides?", "Is it recorded?"]
            for text in questions {
                let asked = try await community.member.send("question.ask") { json in
                    json.field("room", room)
                    json.field("qa", qa)
                    json.field("text", text)
                    json.field("nonce", text)
                }
                try await community.owner.send("question.dismiss") { json in
                    json.field("room", room)
                    json.field("question", asked.integer("seq"))
                    json.field("reason", "This has been answered in the invitation already.")
                }
            }
        }

        @Test func `titles, topics and names pass the same stage`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let room = community.room
            for text in ["verboten", "zanzibar"] {
                let title = await refusal { try await community.owner.update(room, .init(title: text)) }
                #expect(title?.code == .rejected)
                let topic = await refusal { try await community.owner.update(room, .init(topic: text)) }
                #expect(topic?.code == .rejected)
                let name = await refusal {
                    _ = try await community.member.createRoom(name: text, title: "x")
                }
                #expect(name?.code == .rejected)
                let account = await refusal { _ = try await community.daemon.member(text) }
                #expect(account?.code == .rejected)
            }
            let root = try #require(try await community.post("a thread").integer("seq"))
            let thread = await refusal {
                try await community.member.updateThread(root, in: room, title: "verboten")
            }
            #expect(thread?.code == .rejected)
            try await community.owner.update(room, .init(topic: "darn"))
            #expect(try await community.owner.rooms().elements.first?.string("topic") == "████")
        }

        @Test func `a text that costs a time-out mutes its author, who may object`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            #expect(await refusal { _ = try await community.post("rapidfire") }?.code == .rejected)
            #expect(await refusal { _ = try await community.post("hello?") }?.code == .muted)
            let item = try #require(try await community.items(state: "decided").first?.integer("id"))
            let appeal = try await community.member.send("appeal.open") { json in
                json.field("item", item)
                json.field("text", "it was a quotation")
            }
            let again = await refusal {
                try await community.member.send("appeal.open") { json in
                    json.field("item", item)
                    json.field("text", "please")
                }
            }
            #expect(again?.code == .conflict)
            let number = appeal.integer("appeal")
            try await community.moderator.send("appeal.decide") { json in
                json.field("item", number)
                json.field("action", "approve")
                json.field("reason", "it was")
            }
            #expect(try await community.post("thanks").string("verdict") == "allow")
            #expect(try await community.strikes() == 0)
        }

        @Test func `what waits is seen by its author and moderators, by any path`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let guest = try await community.daemon.member("guest")
            _ = try await guest.join(community.room)
            let root = try #require(try await community.post("a root").integer("seq"))
            let events = await guest.events()
            let room = community.room.rawValue
            let held = try await community.post("hidden treasure in zanzibar")
            try await community.member.send("message.post") { json in
                json.field("room", room)
                json.field("thread", root)
                json.field("text", "also in zanzibar")
                json.field("nonce", "t")
            }
            _ = try await community.post("visible")
            for client in [guest, community.member] {
                #expect(try await client.search("treasure").isEmpty)
                #expect(try await client.search("zanzibar").isEmpty)
                #expect(try await community.texts(for: client) == ["a root", "visible"])
                let raw = try await client.history(of: community.room).elements.map(\.json.description)
                #expect(!raw.contains { $0.contains("zanzibar") })
                let thread = try await client.history(of: community.room, thread: root)
                #expect(thread.elements.count == 1)
                #expect(
                    try await client.send("thread.list").objects("threads").allSatisfy { $0.integer("replies") == 0 })
            }
            for name in ["review.list", "audit.list", "review.subscribe"] {
                #expect(await refusal { try await guest.send(name) }?.code == .forbidden)
            }
            let item = try #require(held.integer("review"))
            #expect(
                await refusal { try await guest.send("review.get") { $0.field("item", item) } }?.code == .forbidden)
            #expect(try await guest.send("review.mine").objects("items").isEmpty)
            #expect(try await community.member.send("review.mine").objects("items").count == 2)
            #expect(try await community.items().count == 2)
            for await event in events {
                guard case .event(let event) = event else { continue }
                #expect(!event.json.description.contains("zanzibar"))
                if event.json.string("text") == "visible" { break }
            }
        }

        @Test func `a repeated nonce gets the first verdict, and no second item`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let first = try await community.post("to zanzibar", nonce: "n")
            let second = try await community.post("to zanzibar", nonce: "n")
            #expect(second.integer("review") == first.integer("review"))
            #expect(second.bool("duplicate") == true)
            let item = try #require(first.integer("review"))
            try await community.decide(item, "approve")
            #expect(try await community.post("to zanzibar", nonce: "n").integer("review") == item)
            #expect(try await community.texts(for: community.owner) == ["to zanzibar"])
        }

        @Test func `a decision is learnt at once, and undoing brings the earlier verdict back exactly`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let like = "visit the spice markets of our island for wonderful bargains"
            let before = try await community.verdict(on: like)
            let item = try #require(try await community.post("zanzibar! " + like).integer("review"))
            try await community.decide(item, "reject", labels: ["advertising"], sanction: "mute")
            let after = try await community.verdict(on: like)
            #expect(after != before)
            #expect(Self.advertising(after) > Self.advertising(before))
            #expect(await refusal { _ = try await community.post("muted?") }?.code == .muted)
            try await community.undo(item)
            #expect(try await community.verdict(on: like) == before)
            #expect(try await community.post("not muted").string("verdict") == "allow")
            #expect(try await community.strikes() == 0)
        }

        private static func score(_ verdict: JSONText) -> Double {
            (try? verdict.read { $0["score"]?.number }) ?? 0
        }

        private static func advertising(_ verdict: JSONText) -> Double {
            let reason = verdict.objects("reasons").first { $0.string("classifier") == "advertising" }
            return (try? reason?.read { $0["probability"]?.number }) ?? 0
        }

        @Test func `what was learnt survives a crash, to the same bits`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            for number in 0..<6 {
                let held = try await community.post("offer \(number) from zanzibar with \(number * 7) percent off")
                let item = try #require(held.integer("review"))
                try await community.decide(item, number % 3 == 2 ? "approve" : "reject", labels: ["spam"])
                if number == 3 { try await community.undo(item) }
            }
            let text = "another offer with 50 percent off"
            let before = try await community.verdict(on: text)
            community.daemon.kill()
            try community.daemon.start()
            #expect(try await community.verdict(on: text) == before)
            #expect(try await community.owner.send("classifier.rebuild").bool("equal") == true)
            #expect(try await community.verdict(on: text) == before)
        }
    }
}

extension ModeratedCommunity {
    /// The weight of the member's strikes.
    func strikes() async throws -> Double? {
        let id = memberID
        let history = try await moderator.send("member.history") { $0.field("member", id) }
        return try history.object("member")?.read { $0["strikes"]?.number }
    }
}
