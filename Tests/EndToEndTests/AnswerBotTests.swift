import Glibc
import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// `lyceum answer-bot` as the README starts it, against the built daemon.
    @Suite struct AnswerBots {
        @Test func `it answers paraphrases in both languages with their source, and is silent on what nobody answered`()
            async throws
        {
            let stage = try await AnsweredStage()
            let process = try stage.startBot()
            try await stage.waitForBot()
            let asker = stage.qa.members[0]
            let events = await asker.events()
            let mars = try #require(try await asker.post("How do I fly to Mars?", to: stage.room).seq)
            for (question, answer, source) in [
                ("I forgot it: can somebody reset passwords?", AnsweredStage.english.1, stage.sources[0]),
                ("请问读书会几点开始呢？", AnsweredStage.chinese.1, stage.sources[1]),
            ] {
                let asked = try #require(try await asker.post(question, to: stage.room).seq)
                let reply = try await stage.reply(to: asked, in: events)
                #expect(reply.string("text")?.contains(answer) == true)
                #expect(reply.string("text")?.contains("/#/room/\(stage.room)/at/\(source)") == true)
                #expect(reply.object("bot")?.objects("components").count == 2)
            }
            #expect(
                try await stage.ask("Who will fly to Mars with me?", events) == "Nobody has answered this here yet.")
            #expect(try await stage.replies(to: mars) == 0)
            process.signal(SIGTERM)
            #expect(process.waitForExit(within: .seconds(10)))
        }

        @Test func `what a private room keeps is never told elsewhere`() async throws {
            let stage = try await AnsweredStage()
            let host = stage.qa.host
            let cellar = try await host.createRoom(name: "cellar", title: "Cellar", kind: "private").id
            let secret = try #require(
                try await host.post("The launch code of the espresso machine is 4711.", to: cellar).seq)
            try await host.pin(secret, in: cellar)
            try await host.invite(stage.botID, to: cellar)
            let process = try stage.startBot()
            defer { process.signal(SIGKILL) }
            try await stage.waitForBot()
            let (asker, mine) = (await stage.qa.members[0].events(), await host.events())
            let question = "What is the launch code of the espresso machine?"
            #expect(try await stage.ask(question, asker) == "Nobody has answered this here yet.")
            let inside = try #require(try await host.post(question, to: cellar).seq)
            #expect(try await stage.reply(to: inside, in: mine).string("text")?.contains("4711") == true)
        }

        @Test func `it answers what was asked while it was away, nothing twice, and remembers votes`() async throws {
            let stage = try await AnsweredStage()
            var process = try stage.startBot()
            try await stage.waitForBot()
            let asker = stage.qa.members[0]
            let events = await asker.events()
            let first = try #require(try await asker.post("How can I reset a password?", to: stage.room).seq)
            let reply = try await stage.reply(to: first, in: events)
            let helped = try #require(reply.object("bot")?.objects("components").first?.string("id"))
            for _ in 0..<2 { try await stage.press(helped, under: try #require(reply.integer("seq")), events) }
            process.signal(SIGKILL)
            let second = try #require(
                try await asker.post("When does the reading club start, 读书会什么时候？", to: stage.room).seq)
            process = try stage.startBot()
            defer { process.signal(SIGKILL) }
            _ = try await stage.reply(to: second, in: events)
            #expect(try await stage.replies(to: first) == 1)
            #expect(try await stage.replies(to: second) == 1)
            #expect(readFile(stage.memory).contains(#""votes":1"#))
        }
    }
}

/// A room with two answered questions, and a bot in it that has not started.
private struct AnsweredStage {
    static let english = ("How do I reset my password?", "Open the settings and choose Forgot password.")
    static let chinese = ("读书会什么时候开始？", "每周五晚上八点，在二楼。")

    let qa: QAStage
    let token: String
    let botID: MemberID
    /// Where the answers stand.
    let sources: [Int64]
    var room: RoomID { qa.room }
    var memory: String { "\(qa.daemon.scratchPath)/answer-bot.json" }

    init() async throws {
        qa = try await QAStage(members: ["asker"])
        var sources: [Int64] = []
        for (question, answer) in [Self.english, Self.chinese] {
            let asked = try await qa.question(question, by: qa.members[0])
            let answered = try await qa.act("answer", on: asked) { $0.field("text", answer) }
            sources.append(answered.integer("seq") ?? 0)
        }
        self.sources = sources
        let made = try await qa.host.send("bot.create") { json in
            json.field("name", "librarian")
            json.field("scopes", array: ["read", "post", "commands"]) { $0.value($1) }
        }
        token = try #require(made.string("token"))
        botID = MemberID(try #require(made.integer("bot")))
    }

    func startBot() throws -> ChildProcess {
        try ChildProcess(
            [
                Daemon.executable, "answer-bot", "--server", "http://127.0.0.1:\(qa.daemon.port)", "--memory", memory,
                "--room", "hall",
            ], environment: ["LYCEUM_BOT_TOKEN": token], standardError: "\(qa.daemon.scratchPath)/answer-bot.log")
    }

    /// Its command is there once it has read what its rooms have.
    func waitForBot() async throws {
        let (room, host) = (room.rawValue, qa.host)
        let came = try await eventually(within: .seconds(30)) {
            try await !host.send("command.list") { $0.field("room", room) }.objects("bots").isEmpty
        }
        #expect(came, "\(readFile("\(qa.daemon.scratchPath)/answer-bot.log"))")
    }

    /// The bot's reply to a message.
    func reply(to seq: SequenceNumber, in events: EventQueue) async throws -> JSONText {
        while true {
            let event = try await next("message.posted", in: events, within: .seconds(20))
            if event.json.integer("reply_to") == seq { return event.json }
        }
    }

    func replies(to seq: SequenceNumber) async throws -> Int {
        try await qa.record().filter { $0.json.integer("reply_to") == seq }.count
    }

    /// What `/ask` answers, for the asker's eyes only.
    func ask(_ question: String, _ events: EventQueue) async throws -> String? {
        let room = room.rawValue
        try await qa.members[0].send("command.invoke") { json in
            json.field("room", room)
            json.field("command", "ask")
            json.field("options", object: { $0.field("question", question) })
            json.field("nonce", Client.makeNonce())
        }
        return try await next("bot.answered", in: events, within: .seconds(20)).json.string("text")
    }

    func press(_ component: String, under message: SequenceNumber, _ events: EventQueue) async throws {
        let room = room.rawValue
        try await qa.members[0].send("component.invoke") { json in
            json.field("room", room)
            json.field("message", message)
            json.field("component", component)
            json.field("nonce", Client.makeNonce())
        }
        _ = try await next("bot.answered", in: events, within: .seconds(20))
    }
}
