import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// What must not be seen, by whom, and from when on (attacks A4–A8).
    @Suite struct Secrecy {
        @Test func `what an outsider sends to a private room is no message there, and counts as none`() async throws {
            let community = try await ModeratedCommunity(
                pack: """
                    pack: test
                    rules:
                      - {id: busy, kind: flood, more_than: 5, within: 60s, by: room, score: 5, action: hold,
                         scope: {surfaces: [message]}, reason: {en: Too much at once., zh: 太多了。}}
                    """)
            let room = try await community.owner.createRoom(name: "vault", title: "Vault", kind: "private").id
            for number in 0..<20 {
                let refused = await refusal { try await community.member.post("knock \(number)", to: room) }
                #expect(refused?.code == .notFound)
            }
            let answer = try await community.owner.send("message.post") { json in
                json.field("room", room.rawValue)
                json.field("text", "quiet in here")
                json.field("nonce", "first")
            }
            #expect(answer.string("verdict") == "allow")
        }

        /// Everybody moderates the room that they have made; that opens nobody's file to them.
        @Test func `who moderates one room learns nothing of what members did elsewhere`() async throws {
            let daemon = try Daemon()
            let owner = try await daemon.owner()
            let eve = try await daemon.member("eve")
            let mark = try await daemon.member("mark")
            let id = try #require(await mark.signIn).member.rawValue
            let den = try await owner.createRoom(name: "den", title: "Den").id
            _ = try await mark.join(den)
            _ = try await mark.post("hello", to: den)
            try await owner.send("member.note") { json in
                json.field("member", id)
                json.field("text", "a canary")
            }
            try await owner.send("member.sanction") { json in
                json.field("member", id)
                json.field("kind", "warn")
                json.field("reason", "another canary")
            }
            let history: (Client) async throws -> JSONText = {
                try await $0.send("member.history") { $0.field("member", id) }
            }
            let full = try await history(owner)
            #expect(full.description.contains("a canary") && full.description.contains("another canary"))
            #expect(await refusal { _ = try await history(eve) }?.code == .forbidden)
            let own = try await eve.createRoom(name: "lair", title: "Lair").id
            #expect(await refusal { _ = try await history(eve) }?.code == .notFound)
            _ = try await mark.join(own)
            _ = try await mark.post("in the lair", to: own)
            let told = try await history(eve)
            #expect(told.objects("messages").count == 1)
            #expect(!told.description.contains("canary"))
            #expect(told.object("member")?.integer("posts") == nil && told.object("reports") == nil)
        }

        @Test func `a guest learns the names of those whom they meet, and of nobody else`() async throws {
            let daemon = try Daemon()
            let owner = try await daemon.owner()
            let room = try await owner.createRoom(name: "den", title: "Den", kind: "private").id
            var ids: [String: MemberID] = [:]
            for name in ["inside", "left", "stranger"] {
                let client = try await daemon.member(name)
                ids[name] = try #require(await client.signIn).member
                guard name != "stranger" else { continue }
                _ = try await client.join(room, invite: try await owner.invite(to: room))
                if name == "left" { try await client.leave(room) }
            }
            let guest = try await daemon.member("guest", invite: try await owner.invite(to: room))
            let asked = ids.values.map(\.rawValue)
            for (client, known) in [(guest, ["inside", "left"]), (owner, ["inside", "left", "stranger"])] {
                let answer = try await client.send("member.get") { json in
                    json.field("members", array: asked) { $0.value($1) }
                }
                #expect(answer.objects("members").compactMap { $0.string("name") }.sorted() == known)
            }
        }

        @Test func `nobody hears anything of a room after they were removed from it`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob")
            let bobID = try #require(await bob.signIn).member
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            let token = try #require(try await daemon.client().signIn(name: "bob", password: "password of bob").token)
            await bob.stop()
            let socket = try RawSocket.signedIn(port: daemon.port, token: token)
            let talking = Task {
                while !Task.isCancelled {
                    let seq = try await ann.post("chatter", to: room).seq
                    try await ann.react("👍", to: seq ?? 1, in: room)
                    try await ann.typing(in: room)
                }
            }
            for round in 0..<(runsLongTests ? 10_000 : 40) {
                let id = round * 2 + 2
                socket.send(text: #"{"id":\#(id),"do":"room.join","room":\#(room)}"#)
                // What is late from before the joining would come first.
                let joining = try roomEvents(on: socket, until: id, room)
                #expect(joining.first.map { $0.name == "member.joined" } ?? true)
                try await ann.send("room.remove") { json in
                    json.field("room", room.rawValue)
                    json.field("member", bobID.rawValue)
                }
                socket.send(text: #"{"id":\#(id + 1),"do":"room.list"}"#)
                let leaving = try roomEvents(on: socket, until: id + 1, room)
                #expect(leaving.last?.name == "member.left", "the last is \(leaving.last?.json.description ?? "none")")
            }
            talking.cancel()
            _ = await talking.result
        }

        /// What is heard of a room, typing and presence included, before the answer to a command.
        private func roomEvents(on socket: RawSocket, until id: Int, _ room: RoomID) throws -> [Event] {
            var events: [Event] = []
            while let text = socket.text(where: { _ in true }), !text.hasPrefix("{\"re\":\(id),") {
                let event = try Event(JSONText(Array(text.utf8)))
                if event.room == room, event.stream != .me { events.append(event) }
            }
            return events
        }

        /// What an ordinary member may see of each kind of event; anything else in one fails the test.
        private static let allowed: [String: Set<String>] = {
            let common: Set<String> = ["event", "room", "seq", "at", "by"]
            let extras: [String: Set<String>] = [
                "message.posted": ["text", "thread", "reply_to", "mentions", "mentions_room", "edited_at", "deleted"],
                "message.edited": ["message", "text", "thread", "mentions", "mentions_room", "superseded"],
                "message.deleted": ["message", "thread"], "message.pinned": ["message"],
                "message.unpinned": ["message"], "reaction.added": ["message", "emoji"],
                "reaction.removed": ["message", "emoji"], "thread.updated": ["thread", "title", "closed"],
                "member.joined": ["member"], "member.renamed": ["member"], "member.left": ["member", "reason"],
                "room.created": ["name", "title", "topic", "kind"],
                "room.updated": ["name", "title", "topic", "slow_mode_s", "members_only_post", "archived"],
            ]
            return extras.mapValues { $0.union(common) }
        }()

        @Test func `events carry the fields of the contract and nothing else`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            _ = try await bob.join(room.id)
            let seq = try #require(try await ann.post("hello @bob", to: room.id).seq)
            _ = try await ann.post("reply", to: room.id, thread: seq)
            try await ann.edit(seq, in: room.id, text: "edited")
            try await ann.edit(seq, in: room.id, text: "edited again")
            try await bob.react("👍", to: seq, in: room.id)
            try await bob.unreact("👍", from: seq, in: room.id)
            try await ann.pin(seq, in: room.id)
            try await ann.unpin(seq, in: room.id)
            try await ann.updateThread(seq, in: room.id, title: "Title")
            try await ann.update(room.id, .init(topic: "Topic", slowModeSeconds: 1))
            try await bob.report(seq, in: room.id, reason: "a note for moderators only")
            try await ann.delete(seq, in: room.id)
            let eve = try await daemon.member("eve")
            _ = try await eve.join(room.id)
            _ = try await eve.leave(room.id)
            let events = try await eve.history(of: room.id, after: 0, limit: 200).elements
            // A name changes only where moderators take it away, which is tried with the review queue.
            #expect(Set(events.map(\.name)) == Set(Self.allowed.keys).subtracting(["member.renamed"]))
            for event in events {
                let fields = try event.json.read { Set($0.keys) }
                #expect(fields.isSubset(of: Self.allowed[event.name] ?? []), "\(event.json)")
                #expect(!event.json.description.contains("moderators only"))
            }
        }

        @Test func `an edited or deleted text is told to nobody but moderators`() async throws {
            let daemon = try Daemon()
            let owner = try await daemon.owner()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            _ = try await bob.join(room.id)
            let seq = try #require(try await bob.post("canary-one", to: room.id).seq)
            try await bob.edit(seq, in: room.id, text: "canary-two")
            try await bob.edit(seq, in: room.id, text: "canary-three")
            try await bob.delete(seq, in: room.id)
            let eve = try await daemon.member("eve")
            let events = try await eve.history(of: room.id, after: 0, limit: 200).elements
            let folded = try await eve.foldedHistory(of: room.id, after: 0).elements
            #expect(!events.contains { $0.json.description.contains("canary") })
            #expect(!folded.contains { $0.text.contains("canary") })
            #expect(await revisions(eve, room.id, seq)?.code == .forbidden)
            let kept = try await owner.send("message.revisions") { json in
                json.field("room", room.id.rawValue)
                json.field("seq", seq)
            }
            #expect(
                kept.objects("revisions").compactMap { $0.string("text") } == [
                    "canary-one", "canary-two", "canary-three",
                ])
        }

        private func revisions(_ client: Client, _ room: RoomID, _ seq: Int64) async -> Refusal? {
            await refusal {
                try await client.send("message.revisions") { json in
                    json.field("room", room.rawValue)
                    json.field("seq", seq)
                }
            }
        }

        /// Everything that can be asked of a room, each with a room in place of `ROOM`.
        private static let questions: [String] = [
            #""do":"room.join","room":ROOM"#, #""do":"room.leave","room":ROOM"#,
            #""do":"room.update","room":ROOM,"title":"x""#, #""do":"room.members","room":ROOM"#,
            #""do":"room.invite","room":ROOM"#, #""do":"room.remove","room":ROOM,"member":1"#,
            #""do":"room.set_role","room":ROOM,"member":1,"role":"moderator""#, #""do":"room.pins","room":ROOM"#,
            #""do":"message.post","room":ROOM,"text":"x","nonce":"n""#,
            #""do":"message.edit","room":ROOM,"seq":3,"text":"x""#, #""do":"message.delete","room":ROOM,"seq":3"#,
            #""do":"message.react","room":ROOM,"seq":3,"emoji":"👍""#,
            #""do":"message.unreact","room":ROOM,"seq":3,"emoji":"👍""#, #""do":"message.pin","room":ROOM,"seq":3"#,
            #""do":"message.unpin","room":ROOM,"seq":3"#, #""do":"message.report","room":ROOM,"seq":3,"reason":"x""#,
            #""do":"message.revisions","room":ROOM,"seq":3"#, #""do":"thread.follow","room":ROOM,"thread":3"#,
            #""do":"thread.unfollow","room":ROOM,"thread":3"#,
            #""do":"thread.update","room":ROOM,"thread":3,"title":"x""#, #""do":"thread.list","room":ROOM"#,
            #""do":"history.get","room":ROOM"#, #""do":"history.get","room":ROOM,"thread":3,"fold":true"#,
            #""do":"read.mark","room":ROOM,"seq":3"#, #""do":"typing","room":ROOM"#,
        ]

        @Test func `a room one may not see answers as if it did not exist, whatever is asked`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let secret = try await ann.createRoom(name: "canary-room", title: "canary-title", kind: "private")
            _ = try await ann.post("canary-word", to: secret.id)
            let eve = try daemon.client()
            let token = try await eve.register(name: "eve", password: "password of eve").token
            let socket = try RawSocket.signedIn(port: daemon.port, token: token)
            for (index, question) in Self.questions.enumerated() {
                let id = 100 + index
                let here = socket.ask(id, question.replacing("ROOM", with: "\(secret.id)"))
                let nowhere = socket.ask(id, question.replacing("ROOM", with: "987654"))
                #expect(here?.contains(#""not_found""#) == true, "\(question): \(here ?? "nothing")")
                #expect(here == nowhere, "\(question)")
            }
            for route in ["/v1/rooms/ROOM/events", "/v1/rooms/ROOM/events?after=0"] {
                let bearer = [("Authorization", "Bearer \(token)")]
                let here = try HTTP.get(
                    route.replacing("ROOM", with: "\(secret.id)"), port: daemon.port, headers: bearer)
                let nowhere = try HTTP.get(route.replacing("ROOM", with: "987654"), port: daemon.port, headers: bearer)
                #expect(here.status == 404)
                #expect(here.body == nowhere.body)
            }
        }

        @Test func `words of a private room show in no list, search or history of others`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let secret = try await ann.createRoom(name: "canary-room", title: "canary-title", kind: "private")
            _ = try await ann.post("canary-word 金丝雀", to: secret.id)
            let eve = try await daemon.member("eve")
            #expect(try await eve.rooms().elements.isEmpty)
            for text in ["canary", "word", "金丝雀", "金丝"] { #expect(try await eve.search(text).isEmpty) }
            #expect(try await eve.send("me.history").objects("events").isEmpty)
        }

        @Test func `an edit is judged like a post`() async throws {
            let daemon = try Daemon(settings: ["limits.text_chars": "100"])
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            _ = try await bob.join(room.id)
            let own = try #require(try await bob.post("mine", to: room.id).seq)
            let other = try #require(try await ann.post("ann's", to: room.id).seq)
            let reply = try #require(try await bob.post("reply", to: room.id, thread: other).seq)
            func edit(_ seq: Int64, _ text: String = "new") async -> ErrorCode? {
                await refusal { try await bob.edit(seq, in: room.id, text: text) }?.code
            }
            #expect(await edit(other) == .forbidden)
            #expect(await edit(own, String(repeating: "x", count: 101)) == .tooLarge)
            #expect(await edit(own, "@room") == .forbidden)
            #expect(await edit(1) == .notFound)
            #expect(await edit(9_999) == .notFound)
            try await ann.updateThread(other, in: room.id, isClosed: true)
            #expect(await edit(reply) == .archived)
            try await ann.update(room.id, .init(isArchived: true))
            #expect(await edit(own) == .archived)
            let bobID = try #require(await bob.signIn).member
            try await ann.update(room.id, .init(isArchived: false))
            try await ann.send("room.remove") { json in
                json.field("room", room.id.rawValue)
                json.field("member", bobID.rawValue)
            }
            #expect(await edit(own) == .forbidden)
        }
    }
}
