import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Who asked anonymously is told to nobody, by no path but the one that leaves a trace.
    @Suite struct Anonymity {
        private static let anonymous: @Sendable (inout JSONWriter) -> Void = { $0.field("anonymous_allowed", true) }

        /// A pack that holds what says "zanzibar".
        private static let pack = """
            pack: test
            rules:
              - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
            """

        @Test func `an author is in no event, answer, export or figure that others get`() async throws {
            let stage = try await QAStage(members: ["zelda", "bob"], Self.anonymous)
            let (ann, bob) = (stage.members[0], stage.members[1])
            let annID = try #require(await ann.signIn).member.rawValue
            let start = try await stage.record().count
            let question = try await stage.question("Who decides salaries?", by: ann, anonymously: true)
            try await stage.vote(1, on: question, by: bob)
            try await stage.act("live", on: question)
            try await stage.act("answer", on: question) { $0.field("text", "The board.") }
            try await stage.act("reopen", on: question)
            try await stage.act("carry", on: question)
            let fields = ["by", "author", "member", "asker", "id"]
            let names = ["zelda"] + fields.flatMap { ["\"\($0)\":\(annID),", "\"\($0)\":\(annID)}"] }
            var texts = try await stage.record().dropFirst(start).map(\.json.description)
            for client in [bob, stage.host] {
                texts.append(try await stage.list(for: client).description)
                texts.append(try await client.search("salaries").description)
                texts.append(try await stage.ask("Who decides the salaries?", by: client).description)
            }
            for format in ["json", "csv", "markdown"] { texts.append(try await export(stage, format)) }
            texts.append(try await summary(stage).description)
            let audit = try await stage.host.send("audit.list") { _ in }
            texts.append(audit.description)
            for text in texts {
                for name in names where text.contains(name) { Issue.record("\(name) stands in \(text)") }
            }
            // The author sees their own, and the same comparison finds them there.
            #expect(try await stage.look(at: question, for: ann)?.bool("own") == true)
            #expect(try await stage.look(at: question, for: bob)?.bool("anonymous") == true)
            let history = try await stage.host.send("member.history") { $0.field("member", annID) }
            #expect(history.objects("messages").isEmpty && history.objects("items").isEmpty)
            #expect(history.object("member")?.integer("posts") == 0, "asking would show in the record")
        }

        private func export(_ stage: QAStage, _ format: String) async throws -> String {
            try await stage.host.send("qa.export") { json in
                json.field("room", stage.room.rawValue)
                json.field("qa", stage.qa)
                json.field("format", format)
            }.string("text") ?? ""
        }

        private func summary(_ stage: QAStage) async throws -> JSONText {
            try await stage.host.send("qa.summary") { json in
                json.field("room", stage.room.rawValue)
                json.field("qa", stage.qa)
            }
        }

        @Test func `a held anonymous question is decided without its author, whom a strike still reaches`() async throws
        {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let (owner, mona, mark) = (community.owner, community.moderator, community.member)
            let qa = try await QAStage.open(owner, community.room, Self.anonymous)
            let room = community.room.rawValue
            func ask(_ text: String) async throws -> JSONText {
                try await mark.send("question.ask") { json in
                    json.field("room", room)
                    json.field("qa", qa)
                    json.field("text", text)
                    json.field("nonce", text)
                    json.field("anonymous", true)
                }
            }
            let held = try #require(try await ask("why zanzibar?").integer("review"))
            let item = try #require(try await community.items().first)
            #expect(item.string("subject") == "question" && item.object("member")?.integer("id") == 0)
            let claimed = try await mona.send("review.claim") { $0.field("item", held) }
            let history = try await mona.send("member.history") { $0.field("member", community.memberID) }
            #expect(history.objects("items").isEmpty)
            #expect(!claimed.description.contains("mark") && !claimed.description.contains("\":\(community.memberID),"))
            // Released, it is asked; taken back, it is gone from every replay; released again, it is the same question.
            let seq = try #require(try await community.decide(held, "approve").integer("seq"))
            try await community.undo(held)
            let record = try await owner.history(of: community.room, limit: 200).elements.map(\.json.description)
            #expect(!record.contains { $0.contains("zanzibar") })
            #expect(try await community.decide(held, "approve").integer("seq") == seq)
            let list = try await mona.send("qa.list") { $0.field("room", room) }
            #expect(list.objects("questions").map { $0.string("text") } == ["why zanzibar?"])
            #expect(list.objects("questions").first?.string("state") == "open")

            let second = try #require(try await ask("and zanzibar again?").integer("review"))
            try await community.decide(second, "reject", sanction: "warn")
            let own = try await mark.send("review.mine")
            #expect(own.objects("items").contains { $0.integer("review") == second })
            #expect(try await mark.send("me.history") { _ in }.description.contains("me.sanctioned"))
            let afterwards = try await mona.send("member.history") { $0.field("member", community.memberID) }
            #expect(afterwards.objects("sanctions").isEmpty, "which would say whose question it was")
            let before = try await mona.send("audit.list") { $0.field("limit", 200) }
            #expect(!before.objects("rows").contains { $0.integer("member") == community.memberID })

            let seen = try await mona.send("question.reveal") { json in
                json.field("room", room)
                json.field("item", second)
                json.field("reason", "threats")
            }
            #expect(seen.object("member")?.string("name") == "mark")
            #expect(
                await refused {
                    try await owner.send("question.reveal") { json in
                        json.field("room", room)
                        json.field("question", 1)
                        json.field("reason", "curious")
                    }
                } == .notFound)
            #expect(
                await refused {
                    try await mark.send("question.reveal") { json in
                        json.field("room", room)
                        json.field("question", seq)
                        json.field("reason", "curious")
                    }
                } == .forbidden)
            let audit = try await mona.send("audit.list") { $0.field("limit", 200) }
            #expect(audit.description.contains("question.reveal") && audit.description.contains("threats"))
        }

        @Test func `a question that waits for the host is told without text and author`() async throws {
            let stage = try await QAStage(members: ["ann", "bob"]) { $0.field("premoderated", true) }
            let (ann, bob) = (stage.members[0], stage.members[1])
            let annID = try #require(await ann.signIn).member.rawValue
            let question = try await stage.question("When is lunch?", by: ann)
            let told = try #require(try await stage.record().last)
            #expect(told.json.integer("by") == 0 && told.json.string("text") == nil)
            #expect(try await stage.look(at: question, for: bob) == nil)
            #expect(try await stage.look(at: question, for: ann)?.string("state") == "submitted")
            #expect(await refused { try await stage.vote(1, on: question, by: bob) } == .notFound)
            try await stage.act("approve", on: question)
            let approved = try #require(try await stage.record().last)
            #expect(approved.json.string("text") == "When is lunch?" && approved.json.integer("author") == annID)
            try await stage.act("undo", on: question)
            #expect(try await stage.record().allSatisfy { !$0.json.description.contains("lunch") })
            try await stage.act("approve", on: question)
            try await stage.act("withdraw", on: question, by: ann)
            #expect(try await stage.record().allSatisfy { !$0.json.description.contains("lunch") })
            #expect(await refused { try await stage.act("reopen", on: question) } == .conflict)
        }
    }
}
