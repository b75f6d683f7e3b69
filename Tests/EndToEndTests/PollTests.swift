import Glibc
import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Questions to a room, and what members answer.
    @Suite struct Polls {
        @Test func `a poll is opened, voted on, changed and closed, and everybody hears of it`() async throws {
            let hall = try await Hall()
            let poll = try await hall.open("Tea or coffee?", ["tea", "coffee"])
            try await hall.vote(hall.bob, poll, [1])
            try await hall.vote(hall.cat, poll, [1])
            try await hall.vote(hall.cat, poll, [0])
            #expect(try await hall.counts(poll) == [1, 1])
            #expect(try await hall.get(hall.cat, poll).integers("mine") == [0])
            #expect(try await hall.get(hall.ann, poll).integers("mine") == [])
            let voters = try await hall.send(hall.ann, "poll.voters", poll).objects("voters")
            let voted = voters.map { $0.integers("mine") }
            #expect(voted == [[1], [0]])
            try await hall.vote(hall.cat, poll, [])
            #expect(try await hall.counts(poll) == [0, 1])

            #expect(await refusal { try await hall.send(hall.bob, "poll.close", poll) }?.code == .forbidden)
            try await hall.send(hall.ann, "poll.close", poll)
            #expect(await refusal { try await hall.vote(hall.bob, poll, [0]) }?.code == .conflict)
            #expect(await refusal { try await hall.send(hall.ann, "poll.close", poll) }?.code == .conflict)
            let events = try await hall.events(about: poll)
            #expect(events.first?.name == "poll.opened")
            #expect(events.last?.name == "poll.closed")
            #expect(events.last?.json.integers("counts") == [0, 1])
            #expect(events.last?.json.integer("voters") == 1)
            for event in events.dropFirst().dropLast() { #expect(event.name == "poll.tally") }
        }

        @Test func `a burst of votes is told in few tallies, far apart, the last of them right`() async throws {
            let hall = try await Hall()
            let poll = try await hall.open("Often?", ["yes", "no"])
            for round in 0..<200 {
                try await hall.vote(round % 2 == 0 ? hall.bob : hall.cat, poll, [Int64(round % 3 % 2)])
            }
            let expected = try await hall.counts(poll)
            #expect(
                try await eventually { try await hall.events(about: poll).last?.json.integers("counts") == expected })
            let times = try await hall.events(about: poll).filter { $0.name == "poll.tally" }.compactMap {
                $0.json.integer("at")
            }
            #expect(!times.isEmpty)
            for (earlier, later) in zip(times, times.dropFirst()) { #expect(later - earlier >= 250) }
        }

        @Test func `hidden results show by no path until the poll closes`() async throws {
            let hall = try await Hall()
            let poll = try await hall.open("Guess", ["a", "b"]) { json in
                json.field("results_hidden", true)
                json.field("quiz_answer", 1)
            }
            try await hall.vote(hall.bob, poll, [1])
            #expect(try await eventually { try await hall.events(about: poll).last?.json.integer("voters") == 1 })
            var seen = try await hall.events(about: poll).map(\.json)
            for client in [hall.ann, hall.bob] {
                seen.append(try await hall.get(client, poll))
                seen += try await hall.send(client, "poll.list").objects("polls")
            }
            for text in seen {
                for name in ["\"counts\"", "\"quiz_answer\"", "\"ranking\"", "\"pairs\""] {
                    #expect(!text.description.contains(name), "\(text)")
                }
            }
            #expect(await refusal { try await hall.send(hall.ann, "poll.voters", poll) }?.code == .forbidden)
            try await hall.send(hall.ann, "poll.close", poll)
            let closed = try #require(try await hall.events(about: poll).last?.json)
            #expect(closed.integers("counts") == [0, 1])
            #expect(closed.integer("quiz_answer") == 1)
        }

        @Test func `nobody learns who voted in an anonymous poll`() async throws {
            let hall = try await Hall()
            let poll = try await hall.open("Honestly?", ["a", "b"]) { $0.field("anonymous", true) }
            try await hall.vote(hall.bob, poll, [1])
            #expect(try await eventually { try await hall.events(about: poll).count == 2 })
            let bob = try #require(await hall.bob.signIn).member.rawValue
            for client in [hall.owner, hall.ann, hall.cat] {
                #expect(await refusal { try await hall.send(client, "poll.voters", poll) }?.code == .forbidden)
                #expect(try await hall.get(client, poll).integers("mine") == [])
            }
            for event in try await hall.events(about: poll).dropFirst() {
                #expect(event.json.integer("by") != bob)
                #expect(event.json.integer("by") == 0)
            }
        }

        @Test func `a ranked poll gives an order, and a free text a cloud`() async throws {
            let hall = try await Hall()
            let ranked = try await hall.open("Order", ["a", "b", "c"]) { $0.field("ranked", true) }
            try await hall.vote(hall.ann, ranked, [0, 2, 1])
            try await hall.vote(hall.bob, ranked, [1, 2, 0])
            try await hall.vote(hall.cat, ranked, [2, 0])
            try await hall.send(hall.ann, "poll.close", ranked)
            let closed = try #require(try await hall.events(about: ranked).last?.json)
            #expect(closed.description.contains("\"ranking\":[[2],[0],[1]]"))
            #expect(closed.integers("counts") == [1, 1, 1])

            let cloud = try await hall.open("One word", []) { $0.field("free_text", true) }
            try await hall.answer(hall.ann, cloud, "数据库")
            try await hall.answer(hall.bob, cloud, "資料庫 数据库")
            try await hall.answer(hall.cat, cloud, "Swift")
            let words = try await hall.get(hall.ann, cloud).objects("words")
            #expect(words.first?.string("text") == "数据库")
            #expect(words.first?.integer("count") == 2)
            #expect(Set(words.compactMap { $0.string("text") }).isSuperset(of: ["swift"]))
            try await hall.answer(hall.cat, cloud, "")
            #expect(try await hall.get(hall.ann, cloud).objects("words").allSatisfy { $0.string("text") != "swift" })
            #expect(try await eventually { try await hall.events(about: cloud).last?.json.integer("voters") == 2 })
            for event in try await hall.events(about: cloud) { #expect(!event.json.description.contains("swift")) }
        }

        @Test func `a poll closes by itself, also when its time comes while nobody serves`() async throws {
            let hall = try await Hall()
            let soon = try await hall.open("Quick", ["a", "b"]) { $0.field("closes_at", hall.now() + 400) }
            try await hall.vote(hall.bob, soon, [0])
            #expect(try await eventually { try await hall.events(about: soon).last?.name == "poll.closed" })
            #expect(try await hall.events(about: soon).last?.json.integers("counts") == [1, 0])

            let end = hall.now() + 1500
            let over = try await hall.open("Over night", ["a", "b"]) { $0.field("closes_at", end) }
            try await hall.vote(hall.bob, over, [1])
            hall.daemon.kill()
            #expect(await eventually { hall.now() > end })
            try hall.daemon.start()
            #expect(try await eventually { try await hall.events(about: over).last?.name == "poll.closed" })
            #expect(try await hall.events(about: over).last?.json.integers("counts") == [0, 1])
        }

        @Test func `votes go with membership and with a ban, and a tally tells it`() async throws {
            let hall = try await Hall()
            let poll = try await hall.open("Stay?", ["yes", "no"])
            for client in [hall.ann, hall.bob, hall.cat] { try await hall.vote(client, poll, [0]) }
            #expect(try await hall.counts(poll) == [3, 0])
            try await hall.send(hall.bob, "room.leave")
            #expect(try await hall.counts(poll) == [2, 0])
            #expect(await refusal { try await hall.vote(hall.bob, poll, [0]) }?.code == .forbidden)
            let cat = try #require(await hall.cat.signIn).member.rawValue
            try await hall.owner.send("member.sanction") { json in
                json.field("member", cat)
                json.field("kind", "ban")
                json.field("reason", "as a test")
            }
            #expect(try await hall.counts(poll) == [1, 0])
            #expect(
                try await eventually { try await hall.events(about: poll).last?.json.integers("counts") == [1, 0] })
        }

        @Test(arguments: UInt64(0)..<3)
        func `whatever members do, counts are what a recount gives`(seed: UInt64) async throws {
            let hall = try await Hall()
            var random = SplitMix64(seed: seed)
            var kinds: [(poll: Int64, kind: String)] = []
            for kind in ["single", "multiple", "ranked"] {
                let poll = try await hall.open(kind, ["a", "b", "c", "d"]) { json in
                    guard kind != "single" else { return }
                    json.name(dynamic: kind)
                    json.value(true)
                }
                kinds.append((poll, kind))
            }
            var model: [Int64: [Int: [Int64]]] = [:]
            let clients = [hall.ann, hall.bob, hall.cat]
            for _ in 0..<80 {
                let who = Int.random(in: 0...2, using: &random)
                if who > 0, Int.random(in: 0..<12, using: &random) == 0 {
                    try await hall.send(clients[who], "room.leave")
                    _ = try await clients[who].join(hall.room)
                    for poll in model.keys { model[poll]?[who] = nil }
                } else if let (poll, kind) = kinds.randomElement(using: &random) {
                    let most = kind == "single" ? 1 : 4
                    let count = Int.random(in: 0...most, using: &random)
                    let choices = (0..<Int64(4)).shuffled(using: &random).prefix(count).map { $0 }
                    try await hall.vote(clients[who], poll, choices)
                    model[poll, default: [:]][who] = choices.isEmpty ? nil : choices
                }
                for (poll, kind) in kinds {
                    var expected: [Int64] = [0, 0, 0, 0]
                    for choices in (model[poll] ?? [:]).values {
                        for choice in kind == "ranked" ? choices.prefix(1) : choices[...] { expected[Int(choice)] += 1 }
                    }
                    #expect(try await hall.counts(poll) == expected)
                }
            }
            hall.daemon.kill()
            try hall.daemon.start()
            for (poll, _) in kinds { _ = try await hall.counts(poll) }
            let copy = "\(hall.daemon.scratchPath)/copies"
            let backup = try ChildProcess(
                [Daemon.executable, "backup", "create", copy, "--data", hall.daemon.dataPath], standardError: nil)
            _ = backup.outputToEnd(within: .seconds(60))
            #expect(backup.exitCode == 0, "a backup recounts every poll from its ballots")
        }

        @Test func `what is no poll is refused, and changes nothing`() async throws {
            let hall = try await Hall()
            let many = (0..<10_000).map { _ in "x" }
            for (question, options) in [
                ("?", many), ("?", ["one"]), ("?", ["a", "a"]), ("?", ["a", " "]), (" ", ["a", "b"]),
            ] {
                #expect(await refusal { try await hall.open(question, options) }?.code == .malformed)
            }
            for field in [("closes_at", Int64(5)), ("closes_at", hall.now() * 2), ("quiz_answer", 2)] {
                let answer = await refusal {
                    try await hall.open("?", ["a", "b"]) { json in
                        json.name(dynamic: field.0)
                        json.value(field.1)
                    }
                }
                #expect(answer?.code == .malformed, "\(field)")
            }
            let poll = try await hall.open("?", ["a", "b\u{0}\n"])
            #expect(try await hall.get(hall.ann, poll).description.contains(#""options":["a","b"]"#))
            let message = try #require(try await hall.ann.post("no poll", to: hall.room).seq)
            for (number, choices) in [(poll, [Int64(2)]), (poll, [0, 1]), (poll, [0, 0])] {
                #expect(await refusal { try await hall.vote(hall.bob, number, choices) }?.code == .malformed)
            }
            #expect(await refusal { try await hall.vote(hall.bob, message, [0]) }?.code == .notFound)
            #expect(await refusal { try await hall.get(hall.bob, message) }?.code == .notFound)
            #expect(try await hall.counts(poll) == [0, 0])
        }

        @Test func `a repeated opening opens one poll`() async throws {
            let hall = try await Hall()
            let first = try await hall.open("?", ["a", "b"]) { $0.field("nonce", "once") }
            let second = try await hall.open("?", ["a", "b"]) { $0.field("nonce", "once") }
            #expect(first == second)
            #expect(try await hall.send(hall.ann, "poll.list").objects("polls").count == 1)
        }

        @Test func `a deleted poll leaves no word behind`() async throws {
            let hall = try await Hall()
            let poll = try await hall.open("Shibboleth?", []) { $0.field("free_text", true) }
            try await hall.answer(hall.bob, poll, "shibboleth")
            #expect(try await eventually { try await hall.events(about: poll).count == 2 })
            #expect(await refusal { try await hall.send(hall.bob, "poll.delete", poll) }?.code == .forbidden)
            try await hall.send(hall.owner, "poll.delete", poll)
            for event in try await hall.events(about: poll) {
                #expect(!event.json.description.lowercased().contains("shibboleth"))
            }
            #expect(await refusal { try await hall.get(hall.bob, poll) }?.code == .notFound)
        }

        @Test func `questions, options and answers pass the stage`() async throws {
            let community = try await ModeratedCommunity(
                pack: """
                    pack: test
                    rules:
                      - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
                      - {id: masked, kind: keyword, words: [darn], score: 1, action: redact, reason: {en: Masked., zh: 已遮盖。}}
                    """)
            let hall = Hall(community)
            for (question, options) in [("To Zanzibar?", ["a", "b"]), ("Where?", ["home", "zan zibar"])] {
                #expect(await refusal { try await hall.open(question, options) }?.code == .rejected)
            }
            let poll = try await hall.open("Darn?", ["yes", "darn no"])
            let text = try await hall.get(hall.ann, poll).description
            #expect(text.contains(#""question":"████?""#) && text.contains(#"["yes","████ no"]"#))
            let cloud = try await hall.open("Where?", []) { $0.field("free_text", true) }
            #expect(await refusal { try await hall.answer(hall.ann, cloud, "zanzibar") }?.code == .rejected)
            try await hall.answer(hall.ann, cloud, "darn cold")
            let words = try await hall.get(hall.ann, cloud).objects("words").compactMap { $0.string("text") }
            #expect(words == ["cold"])
        }
    }
}

/// A room with its moderator and members, and what polls do in it.
private struct Hall {
    let daemon: Daemon
    let owner: Client
    let ann: Client
    let bob: Client
    let cat: Client
    let room: RoomID

    init() async throws {
        daemon = try Daemon()
        owner = try await daemon.owner()
        ann = try await daemon.member("ann")
        bob = try await daemon.member("bob")
        cat = try await daemon.member("cat")
        room = try await owner.createRoom(name: "hall", title: "Hall").id
        for client in [ann, bob, cat] { _ = try await client.join(room) }
    }

    init(_ community: ModeratedCommunity) {
        daemon = community.daemon
        (owner, ann, bob, cat) = (community.owner, community.member, community.moderator, community.moderator)
        room = community.room
    }

    /// Unix milliseconds.
    func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    @discardableResult
    func open(
        _ question: String, _ options: [String], _ more: @Sendable (inout JSONWriter) -> Void = { _ in }
    ) async throws -> Int64 {
        let room = room.rawValue
        let answer = try await ann.send("poll.open") { json in
            json.field("room", room)
            json.field("question", question)
            json.field("options", array: options) { $0.value($1) }
            more(&json)
        }
        return try #require(answer.integer("seq"))
    }

    func vote(_ client: Client, _ poll: Int64, _ choices: [Int64]) async throws {
        try await send(client, "poll.vote", poll) { json in json.field("options", array: choices) { $0.value($1) } }
    }

    func answer(_ client: Client, _ poll: Int64, _ text: String) async throws {
        try await send(client, "poll.vote", poll) { $0.field("text", text) }
    }

    @discardableResult
    func send(
        _ client: Client, _ command: String, _ poll: Int64? = nil,
        _ more: @Sendable (inout JSONWriter) -> Void = { _ in }
    ) async throws -> JSONText {
        let room = room.rawValue
        return try await client.send(command, isRepeatable: true) { json in
            json.field("room", room)
            json.field("poll", poll)
            more(&json)
        }
    }

    @discardableResult
    func get(_ client: Client, _ poll: Int64) async throws -> JSONText {
        try #require(try await send(client, "poll.get", poll).object("poll"))
    }

    func counts(_ poll: Int64) async throws -> [Int64] { try await get(ann, poll).integers("counts") }

    /// What the record says of a poll.
    func events(about poll: Int64) async throws -> [Event] {
        var events: [Event] = []
        var after: Int64? = poll - 1
        while let position = after {
            let page = try await ann.history(of: room, after: position, limit: 200)
            events += page.elements.filter { $0.seq == poll || $0.json.integer("poll") == poll }
            after = page.next
        }
        return events
    }
}

extension JSONText {
    /// The whole numbers of an array; empty if the field is absent or something else.
    func integers(_ name: StaticString) -> [Int64] {
        (try? read { $0[name]?.elements?.compactMap(\.integer) }) ?? []
    }
}
