import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Decisions that are taken back, or come late, when the message has gone on meanwhile.
    @Suite struct Undoing {
        private static let pack = """
            pack: test
            rules:
              - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
              - {id: masked, kind: keyword, words: [darn], score: 1, action: redact, reason: {en: Masked., zh: 已遮盖。}}
            """

        /// A message whose one word the stage has masked, and the item of that.
        private static func masked(_ community: ModeratedCommunity) async throws -> (seq: Int64, item: Int64) {
            let seq = try #require(try await community.post("darn secret").integer("seq"))
            let item = try #require(try await community.items(state: "decided").last?.integer("id"))
            return (seq, item)
        }

        @Test func `a message that its author has deleted does not come back`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let (seq, item) = try await Self.masked(community)
            try await community.member.delete(seq, in: community.room)
            try await community.undo(item)
            #expect(try await community.texts(for: community.owner) == [""])
            let told = try await community.owner.history(of: community.room, after: 0).elements
            #expect(!told.contains { "\($0.json)".contains("secret") })
        }

        @Test func `what its author has written since stays`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let (seq, item) = try await Self.masked(community)
            try await community.member.edit(seq, in: community.room, text: "good morning")
            try await community.undo(item)
            #expect(try await community.texts(for: community.owner) == ["good morning"])
        }

        @Test func `a question that was withdrawn does not come back`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let room = community.room
            let qa = try await QAStage.open(community.owner, room)
            let asked = try await community.member.send("question.ask") { json in
                json.field("room", room.rawValue)
                json.field("qa", qa)
                json.field("text", "what is that darn secret?")
                json.field("nonce", "question")
            }
            let item = try #require(try await community.items(state: "decided").last?.integer("id"))
            try await community.member.send("question.withdraw") { json in
                json.field("room", room.rawValue)
                json.field("question", asked.integer("seq"))
            }
            try await community.undo(item)
            let told = try await community.owner.history(of: room, after: 0).elements
            #expect(!told.contains { "\($0.json)".contains("secret") })
        }

        @Test func `a question whose release is taken back has earned nothing, and released again it has once`()
            async throws
        {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let (room, member) = (community.room, community.memberID)
            let qa = try await QAStage.open(community.owner, room)
            func posts() async throws -> Int64? {
                let history = try await community.owner.send("member.history") { $0.field("member", member) }
                return history.object("member")?.integer("posts")
            }
            let held = try await community.member.send("question.ask") { json in
                json.field("room", room.rawValue)
                json.field("qa", qa)
                json.field("text", "Who has been to zanzibar?")
                json.field("nonce", "question")
            }
            let item = try #require(held.integer("review"))
            #expect(try await posts() == 0)
            for _ in 0..<2 {
                try await community.decide(item, "approve")
                #expect(try await posts() == 1)
                try await community.undo(item)
                #expect(try await posts() == 0)
            }
        }

        @Test func `a message that nobody has touched comes back as it was written`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let (_, item) = try await Self.masked(community)
            try await community.undo(item)
            #expect(try await community.texts(for: community.owner) == ["darn secret"])
        }

        @Test func `a reply that is released into a closed thread counts there`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let (room, member) = (community.room, community.member)
            let root = try #require(try await community.post("let us talk").integer("seq"))
            let held = try await member.send("message.post") { json in
                json.field("room", room.rawValue)
                json.field("text", "about zanzibar")
                json.field("thread", root)
                json.field("nonce", "reply")
            }
            let item = try #require(held.integer("review"))
            try await member.updateThread(root, in: room, isClosed: true)
            try await community.decide(item, "approve")
            let followed = try await member.send("thread.list") { $0.field("room", room.rawValue) }.objects("threads")
            #expect(followed.first?.integer("replies") == 1)
            // Which checks what it has copied, threads and all.
            try Daemon.perform(
                "backup", "create", "\(community.daemon.scratchPath)/copies", "--data", community.daemon.dataPath)
        }
    }
}
