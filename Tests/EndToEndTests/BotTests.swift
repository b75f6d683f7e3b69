import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Bot accounts: made, signed in, limited, and never more than their owner (attack A12).
    @Suite struct Bots {
        @Test func `a bot signs in with its token, follows its rooms and posts`() async throws {
            let daemon = try Daemon()
            let community = try await BotCommunity(daemon)
            let signIn = try #require(await community.bot.signIn)
            #expect(signIn.json.object("bot")?.integer("owner") == community.ownerID)
            let events = await community.bot.events()
            let posted = try await community.owner.post("hello @robot", to: community.room)
            let mention = try await next("me.mentioned", in: events)
            #expect(mention.json.integer("message") == posted.seq)
            #expect(try await next("message.posted", in: events).seq == posted.seq)
            let answer = try await community.bot.post("at your service", to: community.room)
            #expect(answer.seq != nil)
        }

        @Test func `a rotated token opens nothing, and its connections are closed`() async throws {
            let daemon = try Daemon()
            let community = try await BotCommunity(daemon)
            let old = try RawSocket.signedIn(port: daemon.port, token: community.token)
            let bot = community.botID
            let fresh = try #require(
                try await community.owner.send("bot.token.rotate") { $0.field("bot", bot) }.string("token"))
            #expect(old.isClosedByPeer(within: .seconds(5)))
            let denied = try RawSocket.webSocket(port: daemon.port)
                .ask(1, #""do":"session.open","token":"\#(community.token)""#)
            #expect(denied?.contains("unauthenticated") == true)
            #expect(throws: Never.self) { try RawSocket.signedIn(port: daemon.port, token: fresh) }
            daemon.kill()
            try daemon.start()
            #expect(throws: Never.self) { try RawSocket.signedIn(port: daemon.port, token: fresh) }
        }

        @Test func `where its owner leaves or is banned, it hears nothing more`() async throws {
            let daemon = try Daemon()
            let admin = try await daemon.owner()
            let community = try await BotCommunity(daemon, kind: "private")
            let (room, owner) = (community.room, community.ownerID)
            let peer = try await daemon.member("peer")
            try await community.owner.invite(try #require(await peer.signIn).member, to: room)
            let events = await community.bot.events()
            try await community.owner.leave(room)
            _ = try await next("me.room_removed", in: events)
            _ = try await peer.post("a secret between those who are left", to: room)
            #expect(await refusal { try await community.bot.history(of: room) }?.code == .notFound)
            let socket = try RawSocket.signedIn(port: daemon.port, token: community.token)
            try await admin.send("member.sanction") { json in
                json.field("member", owner)
                json.field("kind", "ban")
                json.field("reason", "as the rules say")
            }
            #expect(socket.isClosedByPeer(within: .seconds(5)))
            let denied = try RawSocket.webSocket(port: daemon.port)
                .ask(1, #""do":"session.open","token":"\#(community.token)""#)
            #expect(denied?.contains("unauthenticated") == true)
        }

        @Test func `the owner's bot is refused what no scope gives`() async throws {
            let daemon = try Daemon()
            let community = try await BotCommunity(daemon, owner: try await daemon.owner(), scopes: ["read", "post"])
            let socket = try RawSocket.signedIn(port: daemon.port, token: community.token)
            let commands = [
                #""do":"member.set_role","member":1,"role":"member""#, #""do":"community.invite""#,
                #""do":"rules.reload""#, #""do":"room.create","name":"mine","kind":"public""#,
                #""do":"bot.create","name":"child","scopes":["read"]"#, #""do":"session.ticket""#,
                #""do":"direct.open","members":[1]"#, #""do":"audit.verify""#,
            ]
            for (number, command) in commands.enumerated() {
                #expect(socket.ask(number + 2, command)?.contains(#""code":"forbidden""#) == true, "\(command)")
            }
        }

        @Test func `no bot takes the name by which everybody in a room is called`() async throws {
            let daemon = try Daemon()
            let owner = try await daemon.owner()
            for name in ["room", "Room"] {
                let refused = await refusal {
                    try await owner.send("bot.create") { json in
                        json.field("name", name)
                        json.field("scopes", array: ["read"]) { $0.value($1) }
                    }
                }
                #expect(refused?.code == .malformed)
            }
        }

        @Test func `a bot without the intent gets its own stream and no rooms`() async throws {
            let daemon = try Daemon()
            let community = try await BotCommunity(daemon, intents: [])
            let events = await community.bot.events()
            let plain = try await community.owner.post("not for bots", to: community.room)
            let called = try await community.owner.post("but this is, @robot", to: community.room)
            let first = try await next(nil, in: events)
            #expect(first.name == "me.mentioned")
            #expect(first.json.integer("message") == called.seq)
            #expect(plain.seq != called.seq)
        }

        @Test func `taking the scope to read away ends what it hears before the next event`() async throws {
            let daemon = try Daemon()
            let community = try await BotCommunity(daemon)
            let socket = try RawSocket.signedIn(port: daemon.port, token: community.token)
            let bot = community.botID
            try await community.owner.send("bot.update") { json in
                json.field("bot", bot)
                json.field("scopes", array: ["post"]) { $0.value($1) }
            }
            _ = try await community.owner.post("not for its eyes", to: community.room)
            let heard = String(decoding: socket.readToEnd(within: .seconds(5)), as: UTF8.self)
            #expect(!heard.contains("not for its eyes"))
            let room = community.room
            #expect(await refusal { try await community.bot.history(of: room) }?.code == .notFound)
            #expect(try await community.bot.post("still able to post", to: room).seq != nil)
        }

        @Test func `a bot has no vote, on questions or in polls`() async throws {
            let daemon = try Daemon()
            let host = try await daemon.owner()
            let community = try await BotCommunity(daemon)
            let (room, bot) = (community.room, community.bot)
            _ = try await host.join(room)
            let qa = try await QAStage.open(host, room)
            let question = try await community.owner.send("question.ask") { json in
                json.field("room", room.rawValue)
                json.field("qa", qa)
                json.field("text", "Do bots vote?")
                json.field("nonce", "ask")
            }.integer("seq")
            let vote = await refusal {
                try await bot.send("question.vote") { json in
                    json.field("room", room.rawValue)
                    json.field("question", question)
                    json.field("value", 1)
                }
            }
            let poll = try await host.send("poll.open") { json in
                json.field("room", room.rawValue)
                json.field("question", "Do they?")
                json.field("options", array: ["Yes", "No"]) { $0.value($1) }
            }.integer("seq")
            let ballot = await refusal {
                try await bot.send("poll.vote") { json in
                    json.field("room", room.rawValue)
                    json.field("poll", poll)
                    json.field("options", array: [0]) { $0.value($1) }
                }
            }
            #expect(vote?.code == .forbidden && ballot?.code == .forbidden)
            let list = try await host.send("qa.list") { $0.field("room", room.rawValue) }
            #expect(list.objects("questions").map { $0.integer("up") } == [0])
        }

        @Test func `every answer tells a bot what it may still ask, and beyond that it is refused`() async throws {
            let daemon = try Daemon(settings: ["limits.bot_commands_per_minute": "12"])
            let community = try await BotCommunity(daemon)
            let socket = try RawSocket.signedIn(port: daemon.port, token: community.token)
            let answers = (2...20).compactMap { socket.ask($0, #""do":"room.list""#) }
            #expect(answers.first?.contains(#""limit":{"per_minute":12,"remaining":"#) == true)
            #expect(answers.last?.contains(#""code":"rate_limited""#) == true)
            #expect(answers.last?.contains(#""remaining":0"#) == true)
        }
    }
}

/// A member, a bot of theirs, and a room that both are in.
struct BotCommunity: Sendable {
    let daemon: Daemon
    let owner: Client
    let bot: Client
    let token: String
    let room: RoomID
    let ownerID: Int64
    let botID: Int64

    init(
        _ daemon: Daemon, owner: Client? = nil, kind: String = "public",
        scopes: [String] = ["read", "post", "moderate", "commands"], intents: [String] = ["messages"]
    ) async throws {
        self.daemon = daemon
        let owner = if let owner { owner } else { try await daemon.member("olga") }
        self.owner = owner
        ownerID = try #require(await owner.signIn).member.rawValue
        room = try await owner.createRoom(name: "workshop", title: "Workshop", kind: kind).id
        let made = try await owner.send("bot.create") { json in
            json.field("name", "robot")
            json.field("scopes", array: scopes) { $0.value($1) }
            json.field("intents", array: intents) { $0.value($1) }
        }
        botID = try #require(made.integer("bot"))
        token = try #require(made.string("token"))
        try await owner.invite(MemberID(botID), to: room)
        bot = try daemon.client()
        _ = try await bot.signIn(token: token)
    }
}

/// The next event of this name, or of any; others before it are passed over.
/// - Throws: ``ClientError/timedOut`` if none comes.
func next(_ name: String?, in events: EventQueue, within limit: Duration = .seconds(10)) async throws -> Event {
    try await withThrowingTaskGroup(of: Event.self) { group in
        group.addTask {
            for await case .event(let event) in events where name == nil || event.name == name { return event }
            throw ClientError.timedOut
        }
        group.addTask {
            try await Task.sleep(for: patience(limit))
            throw ClientError.timedOut
        }
        defer { group.cancelAll() }
        return try await group.next() ?? { throw ClientError.timedOut }()
    }
}
