import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// The moderators' queue: who sees what, who wins, what becomes of it (attacks A11–A13).
    @Suite struct Review {
        private static let pack = """
            pack: test
            rules:
              - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
            """

        @Test func `of two moderators who decide at once exactly one wins, every time`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let rounds = 1000
            for round in 0..<rounds {
                let held = try await community.post("zanzibar number \(round)")
                let item = try #require(held.integer("review"))
                async let first = Self.code { try await community.decide(item, "reject", by: community.owner) }
                async let second = Self.code { try await community.decide(item, "approve", by: community.moderator) }
                let codes = await [first, second]
                #expect(codes.count { $0 == nil } == 1)
                #expect(codes.count { $0 == .conflict } == 1)
            }
            var (decided, after) = (0, Int64(0))
            while true {
                let cursor = after
                let page = try await community.owner.send("audit.list") { json in
                    json.field("after", cursor)
                    json.field("limit", 200)
                }
                decided += page.objects("rows").count { $0.string("action") == "review.decide" }
                guard let next = page.integer("next") else { break }
                after = next
            }
            #expect(decided == rounds)
            #expect(try await community.owner.send("audit.verify").bool("intact") == true)
        }

        @Test func `of several edits the one that was written last counts, whenever another is decided`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let seq = try #require(try await community.post("to lisbon").integer("seq"))
            func edit(_ text: String) async throws -> JSONText {
                try await community.member.send("message.edit") { json in
                    json.field("room", community.room.rawValue)
                    json.field("seq", seq)
                    json.field("text", text)
                }
            }
            func text() async throws -> String? {
                try await community.member.foldedHistory(of: community.room).elements.first { $0.seq == seq }?.text
            }
            let first = try #require(try await edit("to zanzibar").integer("review"))
            _ = try await edit("to madrid")
            #expect(await Self.code { try await community.decide(first, "approve") } == .conflict)
            #expect(try await text() == "to madrid")

            let second = try #require(try await edit("zanzibar again").integer("review"))
            let third = try #require(try await edit("zanzibar, at last").integer("review"))
            #expect(try await community.items().map { $0.integer("id") } == [third])
            #expect(await Self.code { try await community.decide(second, "approve") } == .conflict)
            try await community.decide(third, "approve")
            #expect(try await text() == "zanzibar, at last")
        }

        private static func code(_ body: () async throws -> JSONText) async -> ErrorCode? {
            await refusal(body)?.code
        }

        @Test func `of undoing and deciding at once exactly one wins`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let held = try await community.post("to zanzibar")
            let item = try #require(held.integer("review"))
            try await community.decide(item, "reject")
            for _ in 0..<50 {
                async let undone = Self.code {
                    try await community.moderator.send("review.undo") { $0.field("item", item) }
                }
                async let again = Self.code {
                    try await community.owner.send("review.undo") { $0.field("item", item) }
                }
                let codes = await [undone, again]
                #expect(codes.count { $0 == nil } == 1)
                try await community.decide(item, "reject")
            }
        }

        @Test func `a claim keeps others away until it is given back, and an old version decides nothing`() async throws
        {
            let community = try await ModeratedCommunity(pack: Self.pack)
            for number in 0..<6 { _ = try await community.post("message \(number)") }
            let item = try #require(try await community.post("zanzibar").integer("review"))
            let claim = try await community.moderator.send("review.claim") { $0.field("item", item) }
            #expect(claim.objects("context").compactMap { $0.string("text") } == (1..<6).map { "message \($0)" })
            #expect(
                await refusal { try await community.decide(item, "approve", by: community.owner) }?.code
                    == .conflict)
            try await community.moderator.send("review.release") { $0.field("item", item) }
            let stale = await refusal {
                try await community.owner.send("review.decide") { json in
                    json.field("item", item)
                    json.field("action", "approve")
                    json.field("reason", "")
                    json.field("version", 1)
                }
            }
            #expect(stale?.code == .conflict)
            let decision = try await community.decide(item, "approve", by: community.owner)
            #expect(decision.integer("seq") != nil)
            #expect(try await community.texts(for: community.member).last == "zanzibar")
        }

        @Test func `near-equal items are decided together`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let other = try await community.daemon.member("other")
            _ = try await other.join(community.room)
            let text = "the very best holidays are in zanzibar, book your journey with us today and save a lot"
            let first = try #require(try await community.post(text + "!").integer("review"))
            for ending in ["!!", " :)", " now"] {
                #expect(try await other.post(text + ending, to: community.room).verdict == "hold")
            }
            _ = try await community.post("zanzibar is an island off the coast of Tanzania")
            let reply = try await community.decide(first, "reject", cluster: true)
            #expect(try await community.items().count == 1, "\(reply)")
        }

        @Test func `a decision about near-equal items leaves out the moderator's own`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let text = "the very best holidays are in zanzibar, book your journey with us today and save a lot"
            let first = try #require(try await community.post(text + "!").integer("review"))
            #expect(try await community.moderator.post(text + "!!", to: community.room).verdict == "hold")
            try await community.decide(first, "approve", cluster: true)
            #expect(try await community.items().map { $0.object("member")?.integer("id") } == [community.moderatorID])
        }

        @Test func `reports join one item, and a wrong reporter weighs less`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let crier = try await community.daemon.member("crier")
            _ = try await crier.join(community.room)
            for number in 0..<4 {
                let seq = try #require(try await community.post("harmless \(number)").integer("seq"))
                try await crier.report(seq, in: community.room, reason: "bad")
                let item = try #require(try await community.items().first?.integer("id"))
                try await community.decide(item, "approve")
            }
            let seq = try #require(try await community.post("rather nasty").integer("seq"))
            try await crier.report(seq, in: community.room, reason: "bad")
            try await crier.report(seq, in: community.room, reason: "very bad")
            let weight = try await community.items().first?.read { $0["weight"]?.number } ?? 1
            #expect(weight < 0.3)
            try await community.owner.report(seq, in: community.room, reason: "insult")
            let item = try #require(try await community.items().first)
            #expect(item.integer("reports") == 2)
            try await community.decide(try #require(item.integer("id")), "remove")
            #expect(try await community.texts(for: crier).last == "")
            try await community.undo(try #require(item.integer("id")))
            #expect(try await community.texts(for: crier).last == "rather nasty")
        }

        @Test func `replicas follow a removal and its undoing`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let seq = try #require(try await community.post("pinned words").integer("seq"))
            try await community.owner.pin(seq, in: community.room)
            try await community.owner.report(seq, in: community.room, reason: "check")
            let item = try #require(try await community.items().first?.integer("id"))
            let before = try await community.owner.foldedHistory(of: community.room).elements
            try await community.decide(item, "remove")
            #expect(try await community.owner.search("pinned").isEmpty)
            try await community.undo(item)
            #expect(try await community.owner.foldedHistory(of: community.room).elements == before)
            #expect(try await community.owner.search("pinned").map(\.seq) == [seq])
            var replica = RoomReplica(id: community.room)
            for event in try await community.owner.history(of: community.room, after: 0).elements {
                #expect(try replica.apply(event) == .applied)
            }
            let restored = try #require(replica.messages[seq])
            #expect(restored.text == "pinned words" && restored.isPinned && !restored.isDeleted)
        }

        @Test func `a room's moderator works on that room alone, and trying elsewhere is noted`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let keeper = try await community.daemon.member("keeper")
            let other = try await community.owner.createRoom(name: "other", title: "Other").id
            for room in [community.room, other] {
                _ = try await keeper.join(room)
                if room == other { _ = try await community.member.join(room) }
            }
            let members = try await community.owner.members(of: other).elements
            let id = try #require(members.first { $0.name == "keeper" }?.id.rawValue)
            #expect(await refusal { try await keeper.send("review.list") }?.code == .forbidden)
            let here = community.room.rawValue
            try await community.owner.send("room.set_role") { json in
                json.field("room", here)
                json.field("member", id)
                json.field("role", "moderator")
            }
            let mine = try #require(try await community.post("zanzibar here").integer("review"))
            let theirs = try await community.member.post("zanzibar there", to: other)
            #expect(theirs.verdict == "hold")
            let seen = try await community.items(keeper)
            #expect(seen.compactMap { $0.integer("id") } == [mine])
            let foreign = try #require(try await community.items().last?.integer("id"))
            #expect(await refusal { try await community.decide(foreign, "approve", by: keeper) }?.code == .notFound)
            let target = community.memberID
            for room in [nil, other.rawValue] {
                let ban = await refusal {
                    try await keeper.send("member.sanction") { json in
                        json.field("member", target)
                        json.field("kind", "ban")
                        json.field("room", room)
                        json.field("reason", "power")
                    }
                }
                #expect(ban?.code == .forbidden)
            }
            try await community.decide(mine, "approve", by: keeper)
            let rows = try await community.owner.send("audit.list") { $0.field("limit", 200) }.objects("rows")
            let denied = rows.filter { $0.string("action")?.hasPrefix("denied") == true && $0.integer("actor") == id }
            #expect(denied.count >= 4)
        }

        @Test func `the review stream has no holes and can be resumed`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let opening = try await community.moderator.send("review.subscribe")
            let start = try #require(opening.integer("seq"))
            for number in 0..<5 { _ = try await community.post("zanzibar \(number)") }
            let second = try community.daemon.client()
            _ = try await second.signIn(name: "mona", password: "password of mona")
            let events = await second.events()
            let resumed = try await second.send("review.subscribe") { $0.field("after", start) }
            #expect(resumed.integer("replay") == 5)
            #expect(resumed.objects("items").count == 5)
            var expected = start
            for await case .event(let event) in events where event.json.string("stream") == "review" {
                expected += 1
                #expect(event.seq == expected)
                if expected == start + 5 { break }
            }
        }

        @Test func `who is banned comes in to object and for nothing else, until the objection is heard`() async throws
        {
            let community = try await ModeratedCommunity(pack: Self.pack)
            let target = community.memberID
            let token = try #require(
                try await community.daemon.client().signIn(name: "mark", password: "password of mark").token)
            let socket = try RawSocket.signedIn(port: community.daemon.port, token: token)
            try await community.moderator.send("member.sanction") { json in
                json.field("member", target)
                json.field("kind", "ban")
                json.field("reason", "enough")
            }
            #expect(socket.closeCode() == 4201)
            let old = try RawSocket.webSocket(port: community.daemon.port)
            #expect(old.ask(1, #""do":"session.open","token":"\#(token)""#)?.contains("unauthenticated") == true)
            let back = try community.daemon.client()
            let signIn = try await back.signIn(name: "mark", password: "password of mark")
            #expect(signIn.rooms.isEmpty)
            let room = community.room.rawValue
            for (command, field) in [
                ("room.list", nil), ("history.get", room), ("message.post", room), ("room.members", room),
                ("room.join", room), ("search", nil), ("member.get", nil), ("session.list", nil),
                ("account.password", nil),
            ] as [(String, Int64?)] {
                let answer = await refusal {
                    try await back.send(command) { json in
                        json.field("room", field)
                        json.field("text", "let me in")
                        json.field("nonce", "n")
                        json.field("members", array: [target]) { $0.value($1) }
                        json.field("password", "password of mark")
                        json.field("new_password", "another password")
                    }
                }
                #expect(answer?.code == .forbidden, "\(command)")
            }
            // Whatever is told is told in order, so what was not told before the answer is not told.
            let listener = try RawSocket.signedIn(port: community.daemon.port, token: try #require(signIn.token))
            _ = try await community.owner.post("not for you", to: community.room)
            listener.send(text: #"{"id":2,"do":"review.mine"}"#)
            var heard: [String] = []
            while heard.last?.hasPrefix(#"{"re":2,"#) != true, let frame = listener.frame() { heard.append(frame.text) }
            #expect(heard.count >= 1 && !heard.contains { $0.contains("not for you") })
            let item = try #require(try await back.send("review.mine").objects("items").first?.integer("review"))
            let appeal = try await back.send("appeal.open") { json in
                json.field("item", item)
                json.field("text", "it was not me")
            }
            _ = try await back.send("me.history") { $0.field("after", 0) }
            try await community.owner.send("appeal.decide") { json in
                json.field("item", appeal.integer("appeal"))
                json.field("action", "approve")
                json.field("reason", "so it seems")
            }
            // The connection comes back by itself, as that of a member like any other.
            let isIn = await eventually {
                await refusal { try await back.post("thank you", to: community.room) } == nil
            }
            #expect(isIn)
        }

        @Test func `in a raid newcomers wait, and everybody else goes on`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            try await community.moderator.send("raid.set") { $0.field("on", true) }
            #expect(try await community.post("hello").string("verdict") == "hold")
            #expect(try await community.owner.post("welcome", to: community.room).verdict == "allow")
            try await community.moderator.send("raid.set") { $0.field("on", false) }
            #expect(try await community.post("hello again").string("verdict") == "allow")
        }

        @Test func `moderators can ask where raid mode is on, and hear of its changes`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            func modes() async throws -> [JSONText] {
                try await community.moderator.send("raid.list").objects("modes")
            }
            #expect(try await modes().isEmpty)
            let events = await community.moderator.events()
            try await community.moderator.send("review.subscribe")
            let room = community.room.rawValue
            try await community.moderator.send("raid.set") { json in
                json.field("room", room)
                json.field("on", true)
            }
            #expect(try await modes().map { $0.integer("room") } == [room])
            try await community.moderator.send("raid.set") { $0.field("on", true) }
            #expect(try await modes().map { $0.integer("room") } == [nil, room])
            for place in [nil, room] {
                try await community.moderator.send("raid.set") { json in
                    json.field("room", place)
                    json.field("on", false)
                }
            }
            #expect(try await modes().isEmpty)
            var told: [Bool] = []
            for await case .event(let event) in events where event.name == "review.raid" {
                told.append(event.json.integer("until") != nil)
                if told.count == 4 { break }
            }
            #expect(told == [true, true, false, false])
        }
    }
}
