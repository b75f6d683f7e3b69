import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// What the queue tells those who moderate a single room, as everybody does who has made one.
    @Suite struct ReviewSight {
        private static let pack = """
            pack: test
            rules:
              - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
            """

        @Test func `whoever made a room learns nothing of an author's record elsewhere`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let member = community.memberID
            // A strike in the community, and one in a private room.
            let closed = try await community.owner.createRoom(name: "closed", title: "Closed", kind: "private").id
            for room in [nil, closed] {
                try await community.owner.send("member.sanction") { json in
                    json.field("member", member)
                    json.field("kind", "warn")
                    json.field("room", room?.rawValue)
                    json.field("reason", "what happened elsewhere")
                }
            }
            let host = try await community.daemon.member("host")
            let room = try await host.createRoom(name: "salon", title: "Salon").id
            _ = try await community.member.join(room)
            let queues = [await host.events(), await community.moderator.events()]
            for client in [host, community.moderator] { try await client.send("review.subscribe") { _ in } }
            let held = try await community.member.send("message.post") { json in
                json.field("room", room.rawValue)
                json.field("text", "to zanzibar")
                json.field("nonce", "1")
            }
            let item = try #require(held.integer("review"))
            for (client, queue, isStaff) in [
                (host, queues[0], false), (community.moderator, queues[1], true),
            ] {
                let told = try #require(try await next("review.added", in: queue).json.object("item"))
                let listed = try await client.send("review.list") { $0.field("room", room.rawValue) }.objects("items")
                let got = try await client.send("review.get") { $0.field("item", item) }
                let claimed = try await client.send("review.claim") { $0.field("item", item) }
                try await client.send("review.release") { $0.field("item", item) }
                for seen in [told, listed.first, got.object("item"), claimed.object("item")] {
                    #expect(seen?.integer("id") == item)
                    #expect(seen?.string("text") == "to zanzibar")
                    #expect(seen?.object("member")?.string("name") == "mark")
                    let verdict = try #require(seen?.object("verdict"))
                    #expect(verdict.objects("reasons").count == (isStaff ? 2 : 1))
                    let score = try #require(try verdict.read { $0["score"]?.number })
                    #expect((abs(score - 5) < 1e-6) != isStaff)
                    #expect((seen?.description.contains(#""strikes":"#) == true) == isStaff)
                    #expect((seen?.description.contains(#""standing":"#) == true) == isStaff)
                    #expect((seen?.object("proposed") != nil) == isStaff)
                }
                for surroundings in [got, claimed] {
                    #expect(surroundings.description.contains("what happened elsewhere") == isStaff)
                }
            }
        }

        @Test func `whoever made a room learns of sanctions there`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let host = try await community.daemon.member("host")
            let room = try await host.createRoom(name: "salon", title: "Salon").id
            _ = try await community.member.join(room)
            let member = community.memberID
            try await host.send("member.sanction") { json in
                json.field("member", member)
                json.field("kind", "warn")
                json.field("room", room.rawValue)
                json.field("reason", "what happened here")
            }
            let held = try await community.member.send("message.post") { json in
                json.field("room", room.rawValue)
                json.field("text", "to zanzibar")
                json.field("nonce", "1")
            }
            let got = try await host.send("review.get") { $0.field("item", held.integer("review")) }
            #expect(got.objects("sanctions").map { $0.string("reason") } == ["what happened here"])
        }
    }
}
