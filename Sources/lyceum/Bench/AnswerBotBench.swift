import AnswerBot
import ArgumentParser
import Harness
import Locking
import LyceumClient
import LyceumProtocol
import Transport

/// From a question that is posted to the bot's reply, both on the asker's socket, with many answers known.
struct AnswerBotBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer-bot", abstract: "Question to the answer bot's reply, by how many answers it knows.")

    @Option(help: "How many answers the bot knows.") var answers = 100_000
    @Option(help: "How many questions are asked, one after the other.") var questions = 200

    func validate() throws {
        try requirePositive(["answers": answers, "questions": questions])
    }

    func run() async throws {
        let daemon = try BenchDaemon(
            BenchDaemon.Community(members: 1, rooms: 1),
            settings: ["limits.bot_commands_per_minute=1000000", "activity.enabled=off"])
        defer { daemon.stop() }
        guard let token = daemon.tokens.first else { throw ValidationError("The community has no member.") }
        let url = "ws://127.0.0.1:\(daemon.port)/v1/socket"
        let asker = Client(Client.Options(url: url), on: try EventLoop.forClients())
        let room = try await asker.signIn(token: token).rooms[0].id
        let bot = try await makeBot(url, asker, room)
        let running = Task { try await bot.run() }
        defer { running.cancel() }
        let latency = try await ask(asker, in: room)
        await asker.stop()
        printJSON { json in
            json.field("bench", "answer-bot")
            json.field("answers", answers)
            json.field("replies", latency.count)
            json.field("missing", questions - Int(latency.count))
            for (name, share) in [("p50_ms", 0.5), ("p90_ms", 0.9), ("p99_ms", 0.99)] as [(StaticString, Double)] {
                json.field(name, latency.milliseconds(atShare: share))
            }
        }
    }

    private func makeBot(_ url: String, _ owner: Client, _ room: RoomID) async throws -> AnswerBot {
        let made = try await owner.send("bot.create") { json in
            json.field("name", "answers")
            json.field("scopes", array: ["read", "post", "commands"]) { $0.value($1) }
        }
        guard let token = made.string("token"), let member = made.integer("bot") else {
            throw ValidationError("The bot could not be made.")
        }
        try await owner.invite(MemberID(member), to: room)
        var knowledge = Knowledge()
        for number in 0..<answers {
            // Under the numbers of no message, so that nothing that happens in the room forgets one.
            let id = AnswerID(room: room, seq: SequenceNumber(1_000_000 + number))
            knowledge.learn(Answer(id: id, question: Self.question(number), text: Self.text(number)))
        }
        return try AnswerBot(try Bot(url: url, token: token), knowledge: knowledge)
    }

    /// Four words of a vocabulary of two thousand, in English or Chinese, as a community's topics repeat themselves.
    private static func question(_ number: Int) -> String {
        // Multiplicative hashing (Knuth, volume 3, section 6.4): the same words for the same number, spread evenly.
        let words = (1...4).map { Int(UInt32(truncatingIfNeeded: (number + 1) * $0) &* 2_654_435_769 >> 8) % 2000 }
        if number.isMultiple(of: 2) { return "how do we \(words.map { "topic\($0)" }.joined(separator: " "))?" }
        return "请问" + words.map { String(han($0)) + String(han($0 + 7)) }.joined() + "怎么办？"
    }

    private static func han(_ number: Int) -> Character {
        Unicode.Scalar(0x4E00 + UInt32(number)).map(Character.init) ?? "一"
    }

    private static func text(_ number: Int) -> String { "Answer \(number): \(question(number ^ 1))" }

    private func ask(_ asker: Client, in room: RoomID) async throws -> LatencyHistogram {
        var latency = LatencyHistogram()
        let reader = ReplyReader(await asker.events())
        try await waitForBot(asker, room)
        for number in 1...questions {
            let started = ContinuousClock.now
            let asked = try await asker.post(Self.question(number * 37 % answers), to: room)
            guard let seq = asked.seq, let at = await reader.reply(to: seq, within: .seconds(5)) else { continue }
            latency.record(microseconds: UInt64(max(.zero, started.duration(to: at)) / .microseconds(1)))
        }
        return latency
    }
}

extension AnswerBotBench {
    /// Its command is there once it has read what the room has.
    private func waitForBot(_ asker: Client, _ room: RoomID) async throws {
        while try await asker.send("command.list", { $0.field("room", room.rawValue) }).objects("bots").isEmpty {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

/// Waits for replies on one client's events.
private final class ReplyReader: Sendable {
    private let seen = Locked<[SequenceNumber: ContinuousClock.Instant]>([:])

    init(_ events: EventQueue) {
        Task { [seen] in
            for await next in events {
                guard case .event(let event) = next, event.name == "message.posted",
                    let asked = event.json.integer("reply_to")
                else { continue }
                let now = ContinuousClock.now
                seen.withLock { $0[asked] = now }
            }
        }
    }

    func reply(to seq: SequenceNumber, within limit: Duration) async -> ContinuousClock.Instant? {
        let deadline = ContinuousClock.now + limit
        while .now < deadline {
            if let at = seen.withLock({ $0[seq] }) { return at }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return nil
    }
}
