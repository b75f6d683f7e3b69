import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Who is kept out stays out, and only those lift a sanction who could have imposed it.
    @Suite struct Sanctions {
        private static let pack = """
            pack: test
            rules:
              - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
            """

        private static func sanction(
            _ kind: String, _ member: Int64, by client: Client, in room: RoomID? = nil
        ) async throws -> JSONText {
            try await client.send("member.sanction") { json in
                json.field("member", member)
                json.field("kind", kind)
                json.field("room", room?.rawValue)
                json.field("reason", "as the rules say")
            }
        }

        @Test func `who is banned from a room comes in by no invite`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let (room, member) = (community.room, MemberID(community.memberID))
            let sanction = try await Self.sanction("ban", member.rawValue, by: community.moderator, in: room)
            let code = try await community.owner.invite(to: room)
            #expect(await refusal { try await community.member.join(room, invite: code) }?.code == .notFound)
            #expect(await refusal { try await community.member.join(room) }?.code == .notFound)
            #expect(await refusal { try await community.owner.invite(member, to: room) }?.code == .notFound)
            let inside = try await community.owner.members(of: room).elements
            #expect(!inside.contains { $0.id == member })
            let id = sanction.integer("sanction")
            try await community.moderator.send("member.pardon") { json in
                json.field("member", member.rawValue)
                json.field("sanction", id)
            }
            _ = try await community.member.join(room, invite: code)
        }

        @Test func `nobody takes back what was imposed on themselves, or by those above them`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let second = try await community.daemon.member("second")
            let secondID = try #require(await second.signIn).member.rawValue
            try await community.owner.send("member.set_role") { json in
                json.field("member", secondID)
                json.field("role", "moderator")
            }
            let mute = try await Self.sanction("mute", community.moderatorID, by: community.owner)
            let item = try #require(mute.integer("review"))
            for moderator in [community.moderator, second] {
                let refused = await refusal { try await moderator.send("review.undo") { $0.field("item", item) } }
                #expect(refused?.code == .forbidden)
            }
            let stillMuted = await refusal { try await community.moderator.post("hello", to: community.room) }
            #expect(stillMuted?.code == .muted)
            try await community.owner.send("review.undo") { $0.field("item", item) }
            _ = try await community.moderator.post("hello", to: community.room)
        }

        @Test(.enabled(if: WallClock.isTurnable))
        func `when a ban has run out, the votes of who was banned count again`() async throws {
            let clock = try WallClock()
            let daemon = try Daemon(clock: clock)
            let owner = try await daemon.owner()
            let voter = try await daemon.member("voter")
            let id = try #require(await voter.signIn).member.rawValue
            let room = try await owner.createRoom(name: "hall", title: "Hall").id
            _ = try await voter.join(room)
            let qa = try await QAStage.open(owner, room)
            let asked = try await owner.send("question.ask") { json in
                json.field("room", room.rawValue)
                json.field("qa", qa)
                json.field("text", "How does it go on?")
                json.field("nonce", "question")
            }
            let question = asked.integer("seq")
            try await voter.send("question.vote") { json in
                json.field("room", room.rawValue)
                json.field("question", question)
                json.field("value", 1)
            }
            func votes() async throws -> Int64? {
                let list = try await owner.send("qa.list") { $0.field("room", room.rawValue) }
                return list.objects("questions").first?.integer("up")
            }
            #expect(try await votes() == 1)
            try await owner.send("member.sanction") { json in
                json.field("member", id)
                json.field("kind", "ban")
                json.field("seconds", 60)
                json.field("reason", "a minute's rest")
            }
            #expect(try await votes() == 0)
            try clock.turn("+2m")
            #expect(await eventually(within: .seconds(30)) { (try? await votes()) == 1 })
        }

        @Test func `who moderates a room warns no stranger, but whoever was there`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let host = try await community.daemon.member("host")
            let room = try await host.createRoom(name: "lair", title: "Lair").id
            let member = community.memberID
            #expect(await refusal { try await Self.sanction("warn", member, by: host, in: room) }?.code == .notFound)
            _ = try await community.member.join(room)
            _ = try await community.member.post("rather nasty", to: room)
            try await community.member.leave(room)
            _ = try await Self.sanction("ban", member, by: host, in: room)
            let stranger = try #require(await host.signIn).member.rawValue
            _ = try await Self.sanction("warn", stranger, by: community.moderator, in: community.room)
        }

        @Test func `what a room's moderators impose stands against nobody elsewhere, before and after a restart`()
            async throws
        {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let host = try await community.daemon.member("host")
            let room = try await host.createRoom(name: "lair", title: "Lair").id
            _ = try await community.member.join(room)
            let member = community.memberID
            func strikes() async throws -> Double? {
                let history = try await community.owner.send("member.history") { $0.field("member", member) }
                return try history.object("member")?.read { $0["strikes"]?.number }
            }
            for _ in 0..<3 { _ = try await Self.sanction("warn", member, by: host, in: room) }
            #expect(try await strikes() == 0)
            _ = try await Self.sanction("warn", member, by: community.moderator, in: community.room)
            #expect(abs((try await strikes() ?? 0) - 1) < 0.01)
            #expect(community.daemon.stop())
            try community.daemon.start()
            #expect(abs((try await strikes() ?? 0) - 1) < 0.01)
        }

        @Test func `a room's moderators tell nobody with a decision what they might not post`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let host = try await community.daemon.member("host")
            let room = try await host.createRoom(name: "lair", title: "Lair").id
            _ = try await community.member.join(room)
            let member = community.memberID
            let refused = await refusal {
                try await host.send("member.sanction") { json in
                    json.field("member", member)
                    json.field("kind", "warn")
                    json.field("room", room.rawValue)
                    json.field("reason", "go to zanzibar")
                }
            }
            #expect(refused?.code == .rejected)
            let held = try await community.member.send("message.post") { json in
                json.field("room", room.rawValue)
                json.field("text", "about zanzibar")
                json.field("nonce", "1")
            }
            for (client, isRefused) in [(host, true), (community.moderator, false)] {
                let answer = await refusal {
                    try await client.send("review.decide") { json in
                        json.field("item", held.integer("review"))
                        json.field("action", "reject")
                        json.field("reason", "no word of zanzibar here")
                    }
                }
                #expect(answer?.code == (isRefused ? .rejected : nil))
            }
        }

        @Test func `who moderates a room lifts no ban from the community`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let host = try await community.daemon.member("host")
            let room = try await host.createRoom(name: "lair", title: "Lair").id
            _ = try await community.member.join(room)
            let seq = try #require(try await community.member.post("rather nasty", to: room).seq)
            try await community.moderator.report(seq, in: room, reason: "nasty")
            let item = try #require(try await community.items().first?.integer("id"))
            try await community.moderator.send("review.decide") { json in
                json.field("item", item)
                json.field("action", "remove")
                json.field("reason", "nasty")
                json.field(
                    "sanction",
                    object: { json in
                        json.field("kind", "ban")
                        json.field("everywhere", true)
                    })
            }
            let refused = await refusal { try await host.send("review.undo") { $0.field("item", item) } }
            #expect(refused?.code == .forbidden)
            let appellant = try community.daemon.client()
            _ = try await appellant.signIn(name: "mark", password: "password of mark")
            let appeal = try await appellant.send("appeal.open") { json in
                json.field("item", item)
                json.field("text", "it was a joke")
            }
            let id = appeal.integer("appeal")
            let approve: (Client) async throws -> JSONText = { client in
                try await client.send("appeal.decide") { json in
                    json.field("item", id)
                    json.field("action", "approve")
                    json.field("reason", "so be it")
                }
            }
            #expect(await refusal { try await approve(host) }?.code == .forbidden)
            #expect(await refusal { try await appellant.post("I am back", to: room) }?.code == .forbidden)
            _ = try await approve(community.owner)
        }
    }
}
