import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Polls, titles, topics and names that were flagged: they stand, and moderators may take them away.
    @Suite struct HeadingReview {
        private static let pack = """
            pack: test
            rules:
              - {id: doubtful, kind: keyword, words: [zanzibar], match: substring, score: 1, action: flag, reason: {en: Doubtful., zh: 可疑。}}
            """

        @Test func `a flagged title and topic are taken away, from the record too, and given back`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let room = community.room.rawValue
            try await community.owner.send("room.update") { json in
                json.field("room", room)
                json.field("title", "Zanzibar fans")
                json.field("topic", "all about zanzibar")
            }
            let items = try await community.items()
            #expect(Set(items.compactMap { $0.string("subject") }) == ["title", "topic"])
            for item in items { try await community.decide(try #require(item.integer("id")), "remove") }
            #expect(try await Self.heading(community) == ["agora", ""])
            let told = try await community.member.history(of: community.room).elements
            #expect(!told.contains { "\($0.json)".lowercased().contains("zanzibar") })
            for item in items { try await community.undo(try #require(item.integer("id"))) }
            #expect(try await Self.heading(community) == ["Zanzibar fans", "all about zanzibar"])
            #expect(try await community.items().count == 2)
        }

        @Test func `a title that has been changed since is left alone`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let room = community.room.rawValue
            for title in ["Zanzibar fans", "Friends of the sea"] {
                try await community.owner.send("room.update") { json in
                    json.field("room", room)
                    json.field("title", title)
                }
            }
            let item = try #require(try await community.items().first?.integer("id"))
            try await community.decide(item, "remove")
            #expect(try await Self.heading(community).first == "Friends of the sea")
            try await community.undo(item)
            #expect(try await Self.heading(community).first == "Friends of the sea")
        }

        private static func heading(_ community: ModeratedCommunity) async throws -> [String] {
            let rooms = try await community.member.send("room.list").objects("rooms")
            let room = try #require(rooms.first { $0.integer("id") == community.room.rawValue })
            return [room.string("title") ?? "", room.string("topic") ?? ""]
        }

        @Test func `a flagged poll is deleted, and one that is approved stays`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let room = community.room.rawValue
            var polls: [Int64] = []
            for option in ["zanzibar", "to zanzibar by ship"] {
                let answer = try await community.member.send("poll.open") { json in
                    json.field("room", room)
                    json.field("question", "Where to?")
                    json.field("options", array: ["home", option]) { $0.value($1) }
                }
                polls.append(try #require(answer.integer("seq")))
            }
            let items = try await community.items()
            #expect(items.map { $0.string("subject") } == ["poll", "poll"])
            let first = try #require(items.first { $0.integer("seq") == polls[0] }?.integer("id"))
            let second = try #require(items.first { $0.integer("seq") == polls[1] }?.integer("id"))
            try await community.decide(first, "approve")
            try await community.decide(second, "remove")
            let events = try await community.member.history(of: community.room).elements
            let deleted = events.filter { $0.name == "poll.deleted" }.map { $0.json.integer("poll") }
            #expect(deleted == [polls[1]])
            #expect(!events.contains { "\($0.json)".contains("by ship") })
        }

        @Test func `a flagged name is taken from its member, who is told the new one and signs in by it`() async throws
        {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let bearer = try await community.daemon.member("zanzibar1")
            _ = try await bearer.join(community.room)
            let item = try #require(try await community.items().first)
            #expect(item.string("subject") == "name")
            let events = await bearer.events()
            let id = try #require(item.integer("id"))
            try await community.decide(id, "remove")
            let decided = try await next("me.decided", in: events)
            let name = try #require(decided.json.string("name"))
            #expect(!name.contains("zanzibar"))
            #expect(try await Self.names(community).contains(name))
            #expect(try await !Self.names(community).contains("zanzibar1"))
            let again = try community.daemon.client()
            _ = try await again.signIn(name: name, password: "password of zanzibar1")
            try await community.undo(id)
            #expect(try await Self.names(community).contains("zanzibar1"))
        }

        @Test func `a name that was taken away is in nobody's history, of rooms that were left neither`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let other = try await community.owner.createRoom(name: "other", title: "Other").id
            let bearer = try await community.daemon.member("zanzibar1")
            for room in [community.room, other] { _ = try await bearer.join(room) }
            try await bearer.leave(other)
            let id = try #require(try await community.items().first?.integer("id"))
            for _ in 0..<2 {
                try await community.decide(id, "remove")
                for room in [community.room, other] {
                    let told = try await community.owner.history(of: room, after: 0).elements
                    #expect(told.contains { $0.name == "member.joined" })
                    #expect(!told.contains { "\($0.json)".contains("zanzibar") })
                }
                try await community.undo(id)
            }
        }

        @Test func `a title that is taken away twice is gone the second time too`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let room = community.room
            try await community.owner.update(room, .init(title: "Zanzibar fans"))
            let item = try #require(try await community.items().first?.integer("id"))
            try await community.decide(item, "remove")
            try await community.undo(item)
            try await community.decide(item, "remove")
            let told = try await community.member.history(of: room, after: 0).elements
            #expect(!told.contains { "\($0.json)".contains("Zanzibar") })
        }

        @Test func `a thread's title goes from all the events that told it, and from no other thread's`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let room = community.room
            var items: [Int64] = []
            for text in ["first", "second"] {
                let root = try #require(try await community.post(text).integer("seq"))
                try await community.member.updateThread(root, in: room, title: "zanzibar")
                try await community.member.updateThread(root, in: room, isClosed: true)
                items.append(try #require(try await community.items().last?.integer("id")))
            }
            try await community.decide(items[0], "remove")
            let titles = try await community.owner.history(of: room, after: 0).elements
                .filter { $0.name == "thread.updated" }.map { $0.json.string("title") }
            #expect(titles == ["", "", "zanzibar", "zanzibar", ""])
        }

        @Test func `a room's title that only says its name again goes with the name`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let entry = try await community.member.send("room.create") { json in
                json.field("name", "zanzibar")
                json.field("kind", "public")
            }
            let room = RoomID(try #require(entry.integer("room")))
            let item = try #require(try await community.items().first?.integer("id"))
            try await community.decide(item, "remove")
            let rooms = try await community.owner.send("room.list").description
            let told = try await community.owner.history(of: room, after: 0).elements
            #expect(!rooms.contains("zanzibar") && !told.contains { "\($0.json)".contains("zanzibar") })
            try await community.undo(item)
            let entries = try await community.owner.send("room.list").objects("rooms")
            let restored = try #require(entries.first { $0.integer("id") == room.rawValue })
            #expect(restored.string("name") == "zanzibar" && restored.string("title") == "zanzibar")
        }

        private static func names(_ community: ModeratedCommunity) async throws -> [String] {
            try await community.member.members(of: community.room).elements.map(\.name)
        }
    }
}
