import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Commands, answers, buttons: what members ask bots, and what becomes of it.
    @Suite struct BotCommands {
        @Test func `a command reaches its bot, and the answer its room`() async throws {
            let (daemon, community) = try await Self.weather()
            let peer = try await daemon.member("peer")
            _ = try await peer.join(community.room)
            let (invoked, events) = (await community.bot.events(), await peer.events())
            let asked = try await Self.invoke(peer, community.room, options: #"{"city":"bj","days":2}"#)
            let invocation = try await next("bot.invoked", in: invoked).json
            #expect(invocation.integer("invocation") == asked.integer("invocation"))
            #expect(invocation.object("options")?.string("city") == "bj")
            #expect(invocation.object("options")?.integer("days") == 2)
            #expect(invocation.object("by")?.string("name") == "peer")
            let answer = try await Self.respond(community.bot, invocation, text: "晴, 24 °C")
            let told = try await next("bot.answered", in: events).json
            #expect(told.string("state") == "answered")
            #expect(told.integer("message") == answer.integer("seq"))
            let posted = try await next("message.posted", in: events).json
            #expect(posted.string("text") == "晴, 24 °C")
            #expect(posted.object("bot")?.object("invoked")?.string("command") == "weather")
            let again = try await Self.respond(community.bot, invocation, text: "another answer")
            #expect(again.bool("duplicate") == true)
            #expect(again.integer("seq") == answer.integer("seq"))
            try await expectReplicaMatches(peer, community.room)
        }

        @Test func `an ephemeral answer is for the one who asked, and its buttons too`() async throws {
            let (daemon, community) = try await Self.weather()
            let peer = try await daemon.member("peer")
            let eve = try await daemon.member("eve")
            for client in [peer, eve] { _ = try await client.join(community.room) }
            let (invoked, events) = (await community.bot.events(), await peer.events())
            _ = try await Self.invoke(peer, community.room)
            let first = try await next("bot.invoked", in: invoked).json
            try await community.bot.send("bot.respond") { json in
                json.field("invocation", first.integer("invocation"))
                json.field("deferred", true)
            }
            #expect(try await next("bot.answered", in: events).json.string("state") == "deferred")
            try await community.bot.send("bot.respond") { json in
                json.field("invocation", first.integer("invocation"))
                json.field("text", "for your eyes only")
                json.field("ephemeral", true)
                json.field("components", raw: Array(Self.buttons.utf8))
            }
            let answer = try await next("bot.answered", in: events).json
            #expect(answer.string("text") == "for your eyes only")
            #expect(answer.objects("components").count == 2)
            #expect(try await eve.history(of: community.room).elements.allSatisfy { $0.name != "message.posted" })
            #expect(await refusal { try await Self.press(eve, community.room, first, "yes") }?.code == .notFound)
            _ = try await Self.press(peer, community.room, first, "yes")
            let pressed = try await next("component.invoked", in: invoked).json
            #expect(pressed.string("component") == "yes")
            try await community.bot.send("bot.respond") { $0.field("invocation", pressed.integer("invocation")) }
            #expect(try await next("bot.answered", in: events).json.string("state") == "acknowledged")
        }

        @Test func `buttons and selects of a message take what they offer and nothing else`() async throws {
            let (daemon, community) = try await Self.weather()
            let peer = try await daemon.member("peer")
            _ = try await peer.join(community.room)
            let room = community.room
            let invoked = await community.bot.events()
            let seq = try #require(
                try await community.bot.post(
                    "Which city?", to: room,
                    components: [
                        .button(id: "go", label: "Go", chinese: "出发"),
                        .select(id: "city", label: "City", choices: [.init("bj", "Beijing"), .init("sh", "Shanghai")]),
                    ]
                ).seq)
            _ = try await Self.press(peer, room, seq, "city", ["sh"])
            #expect(try await next("component.invoked", in: invoked).json.strings("values") == ["sh"])
            for (component, values, code) in [
                ("city", ["gz"], ErrorCode.malformed), ("city", [], .malformed), ("city", ["bj", "sh"], .malformed),
                ("go", ["bj"], .malformed), ("stop", [], .notFound),
            ] {
                #expect(await refusal { try await Self.press(peer, room, seq, component, values) }?.code == code)
            }
            try await community.bot.edit(seq, in: room, text: "Thank you", components: [])
            #expect(await refusal { try await Self.press(peer, room, seq, "go", []) }?.code == .notFound)
            let forged = await refusal {
                try await peer.post("Click me", to: room, components: [.button(id: "a", label: "Free")])
            }
            #expect(forged?.code == .forbidden)
        }

        @Test func `options that a command does not take are named`() async throws {
            let (_, community) = try await Self.weather()
            for (options, sentence) in [
                (#"{}"#, "needs the option"), (#"{"city":"gz"}"#, "one of its choices"),
                (#"{"city":"bj","days":"two"}"#, "must be of type integer"),
                (#"{"city":"bj","nonsense":1}"#, "has no option"),
                (#"{"city":"bj","friend":999}"#, "must be of type member"),
            ] {
                let refused = await refusal { try await Self.invoke(community.owner, community.room, options: options) }
                #expect(refused?.code == .malformed)
                #expect(refused?.message.contains(sentence) == true, "\(options): \(refused?.message ?? "")")
            }
        }

        @Test func `commands are found by beginnings, pinyin and parts`() async throws {
            let (_, community) = try await Self.weather()
            let room = community.room
            for (typed, expected) in [
                ("/we", "weather"), ("天", "weather"), ("tq", "weather"), ("tianq", "weather"), ("outside", "weather"),
                ("YB", "forecast"), ("ＦＯＲＥ", "forecast"), ("預", "forecast"),
            ] {
                let found = try await community.owner.send("command.complete") { json in
                    json.field("room", room.rawValue)
                    json.field("text", typed)
                }.objects("suggestions")
                #expect(found.first?.object("command")?.string("name") == expected, "\(typed)")
            }
        }

        @Test func `choices and members are completed in both languages`() async throws {
            let (_, community) = try await Self.weather()
            func complete(_ option: String, _ text: String) async throws -> [JSONText] {
                let room = community.room
                return try await community.owner.send("command.complete") { json in
                    json.field("room", room.rawValue)
                    json.field("command", "weather")
                    json.field("option", option)
                    json.field("text", text)
                }.objects("suggestions")
            }
            #expect(try await complete("city", "bj").first?.string("value") == "bj")
            #expect(try await complete("city", "上").first?.string("value") == "sh")
            #expect(try await complete("friend", "ol").first?.integer("value") == community.ownerID)
        }

        @Test func `what waits survives a crash, a new bot process finds it, and its deletion ends it`() async throws {
            let (daemon, community) = try await Self.weather()
            await community.bot.stop()
            let nonce = Client.makeNonce()
            let first = try await Self.invoke(community.owner, community.room, nonce: nonce)
            daemon.kill()
            try daemon.start()
            let again = try await Self.invoke(community.owner, community.room, nonce: nonce)
            #expect(again.integer("invocation") == first.integer("invocation"))
            #expect(again.bool("duplicate") == true)
            let fresh = try daemon.client()
            _ = try await fresh.signIn(token: community.token)
            let waiting = try await fresh.send("bot.pending").objects("invocations")
            #expect(waiting.map { $0.object("event")?.integer("invocation") } == [first.integer("invocation")])
            let events = await community.owner.events()
            let bot = community.botID
            try await community.owner.send("bot.delete") { $0.field("bot", bot) }
            let over = try await next("bot.answered", in: events).json
            #expect(over.string("state") == "expired")
            #expect(over.object("error")?.string("code") == "unavailable")
        }

        @Test func `an invocation that nobody answers in time ends with a typed error`() async throws {
            let (daemon, community) = try await Self.weather(settings: ["limits.bot_answer_seconds": "1"])
            await community.bot.stop()
            let events = await community.owner.events()
            _ = try await Self.invoke(community.owner, community.room)
            let over = try await next("bot.answered", in: events).json
            #expect(over.string("state") == "expired")
            #expect(over.object("error")?.string("code") == "unavailable")
            let fresh = try daemon.client()
            _ = try await fresh.signIn(token: community.token)
            #expect(try await fresh.send("bot.pending").objects("invocations").isEmpty)
        }

        @Test func `bots do not invoke, press or call one another, and stop answering one another`() async throws {
            let (daemon, community) = try await Self.weather()
            let second = try await community.owner.send("bot.create") { json in
                json.field("name", "second")
                json.field("scopes", array: ["read", "post", "commands"]) { $0.value($1) }
            }
            let other = try daemon.client()
            _ = try await other.signIn(token: try #require(second.string("token")))
            let room = community.room
            try await community.owner.invite(MemberID(try #require(second.integer("bot"))), to: room)
            #expect(await refusal { try await Self.invoke(other, room) }?.code == .forbidden)
            let called = await community.bot.events()
            _ = try await other.post("@robot what do you say?", to: room)
            _ = try await community.owner.post("@robot and you?", to: room)
            #expect(try await next("me.mentioned", in: called).json.integer("by") == community.ownerID)
            var refused: Refusal?
            for turn in 0..<10 where refused == nil {
                refused = await refusal {
                    try await (turn % 2 == 0 ? other : community.bot).postOnce("no, you", to: room)
                }
            }
            #expect(refused?.code == .rateLimited)
            _ = try await community.owner.post("enough", to: room)
            #expect(try await community.bot.post("of course", to: room).seq != nil)
        }

        @Test func `what a bot says and declares passes moderation`() async throws {
            let pack = """
                pack: test
                rules:
                  - {id: word, kind: keyword, words: [forbiddenword], action: block, reason: {en: No., zh: 不行。}}
                """
            let packs = try PackFolder(pack)
            let (_, community) = try await Self.weather(settings: ["moderation.rules": packs.path])
            let invoked = await community.bot.events()
            _ = try await Self.invoke(community.owner, community.room)
            let invocation = try await next("bot.invoked", in: invoked).json
            for isEphemeral in [true, false] {
                let refused = await refusal {
                    try await community.bot.send("bot.respond") { json in
                        json.field("invocation", invocation.integer("invocation"))
                        json.field("text", "a forbiddenword for you")
                        json.field("ephemeral", isEphemeral)
                    }
                }
                #expect(refused?.code == .rejected)
            }
            let room = community.room
            let label = await refusal {
                try await community.bot.post(
                    "fine", to: room, components: [.button(id: "a", label: "forbiddenword")])
            }
            #expect(label?.code == .rejected)
            let declared = await refusal {
                try await community.bot.send("bot.commands.set") { json in
                    json.field("commands", raw: Array(#"[{"name":"x","description":"forbiddenword"}]"#.utf8))
                }
            }
            #expect(declared?.code == .rejected)
            #expect(try await Self.respond(community.bot, invocation, text: "hello").integer("seq") != nil)
        }

        @Test func `a held message comes back with its buttons, and so does a held edit`() async throws {
            let pack = """
                pack: test
                rules:
                  - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
                """
            let packs = try PackFolder(pack)
            let daemon = try Daemon(settings: ["moderation.rules": packs.path])
            let moderator = try await daemon.owner()
            let community = try await BotCommunity(daemon)
            let (room, bot, owner) = (community.room, community.bot, community.owner)
            let events = await owner.events()
            func release(_ item: Int64?) async throws -> JSONText {
                try await moderator.send("review.decide") { json in
                    json.field("item", item)
                    json.field("action", "approve")
                    json.field("reason", "as the rules say")
                }
            }
            let held = try await bot.send("message.post") { json in
                json.field("room", room.rawValue)
                json.field("text", "off to zanzibar?")
                json.field("nonce", "held")
                json.field("components", raw: Array(Self.buttons.utf8))
            }
            let seq = try #require(try await release(held.integer("review")).integer("seq"))
            let posted = try await next("message.posted", in: events).json
            #expect(posted.object("bot")?.objects("components").map { $0.string("id") } == ["yes", "no"])
            #expect(try await Self.press(owner, room, seq, "yes", []).integer("invocation") != nil)

            let edit = try await bot.send("message.edit") { json in
                json.field("room", room.rawValue)
                json.field("seq", seq)
                json.field("text", "zanzibar it is")
                json.field("components", raw: Array(#"[{"type":"button","id":"pack","label":"Pack"}]"#.utf8))
            }
            #expect(await refusal { try await Self.press(owner, room, seq, "pack", []) }?.code == .notFound)
            _ = try await release(edit.integer("review"))
            #expect(try await Self.press(owner, room, seq, "pack", []).integer("invocation") != nil)
            #expect(await refusal { try await Self.press(owner, room, seq, "yes", []) }?.code == .notFound)
        }

        // MARK: What is done over and over

        private static let buttons =
            #"[{"type":"button","id":"yes","label":"Yes","label_zh":"是"},{"type":"button","id":"no","label":"No"}]"#

        private static let commands = #"""
            [{"name":"weather","name_zh":"天气","description":"How it is outside","options":[
                {"name":"city","type":"string","required":true,"choices":[
                    {"value":"bj","label":"Beijing","label_zh":"北京"},{"value":"sh","label":"Shanghai","label_zh":"上海"}]},
                {"name":"days","type":"integer"},{"name":"friend","type":"member"}]},
             {"name":"forecast","name_zh":"预报","description":"How it will be"}]
            """#

        /// A daemon, and a community whose bot tells the weather.
        private static func weather(settings: [String: String] = [:]) async throws -> (Daemon, BotCommunity) {
            let daemon = try Daemon(settings: settings)
            let community = try await BotCommunity(daemon)
            try await community.bot.send("bot.commands.set") { $0.field("commands", raw: Array(commands.utf8)) }
            return (daemon, community)
        }

        @discardableResult
        private static func invoke(
            _ client: Client, _ room: RoomID, options: String = #"{"city":"bj"}"#, nonce: String = Client.makeNonce()
        ) async throws -> JSONText {
            try await client.send("command.invoke") { json in
                json.field("room", room.rawValue)
                json.field("command", "weather")
                json.field("options", raw: Array(options.utf8))
                json.field("nonce", nonce)
            }
        }

        private static func respond(_ bot: Client, _ invocation: JSONText, text: String) async throws -> JSONText {
            try await bot.send("bot.respond") { json in
                json.field("invocation", invocation.integer("invocation"))
                json.field("text", text)
            }
        }

        private static func press(
            _ client: Client, _ room: RoomID, _ message: SequenceNumber, _ component: String, _ values: [String]
        ) async throws -> JSONText {
            try await client.send("component.invoke") { json in
                json.field("room", room.rawValue)
                json.field("message", message)
                json.field("component", component)
                json.field("values", array: values) { $0.value($1) }
                json.field("nonce", Client.makeNonce())
            }
        }

        private static func press(
            _ client: Client, _ room: RoomID, _ answer: JSONText, _ component: String
        ) async throws -> JSONText {
            try await client.send("component.invoke") { json in
                json.field("room", room.rawValue)
                json.field("invocation", answer.integer("invocation"))
                json.field("component", component)
                json.field("nonce", Client.makeNonce())
            }
        }
    }
}

extension Client {
    /// Posts without trying again where the server asks to wait.
    fileprivate func postOnce(_ text: String, to room: RoomID) async throws {
        try await send("message.post") { json in
            json.field("room", room.rawValue)
            json.field("text", text)
            json.field("nonce", Client.makeNonce())
        }
    }
}
