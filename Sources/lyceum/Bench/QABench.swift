import ArgumentParser
import Harness
import LyceumClient
import LyceumProtocol
import Retrieval
import Transport

/// Members vote in one session while its room talks: how soon everybody sees the counts, and what it costs the talk.
struct QABench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qa", abstract: "Votes of a live Q&A session beside its room's chat, and the chat without them.")

    @Option(help: "How many members, each with a connection.") var connections = 2000
    @Option(help: "Votes a second, over all of them.") var votes = 1000.0
    @Option(help: "How many questions they vote on.") var questions = 10
    @Option(help: "Messages a second in the room meanwhile.") var rate = 10.0
    @Option(help: "Seconds that count.") var seconds = 8.0
    @Option(help: "How many stored questions similar ones are sought among.") var stored = 100_000

    func validate() throws {
        try requirePositive(["connections": connections, "questions": questions, "stored": stored])
        try requirePositive(["votes": votes, "rate": rate, "seconds": seconds])
    }

    func run() async throws {
        let without = try await measure(voting: false)
        let with = try await measure(voting: true)
        printJSON { json in
            json.field("bench", "qa")
            json.field("connections", connections)
            json.field("votes_per_second", votes)
            json.field("messages_per_second", rate)
            json.field("with", raw: with.json)
            json.field("without", raw: without.json)
            json.field("chat_ratio_p50", with["p50_ms"] / without["p50_ms"])
            json.field("chat_ratio_p99", with["p99_ms"] / without["p99_ms"])
            let similar = similarity()
            json.field("similar_among", stored)
            json.field("similar_p50_ms", similar.milliseconds(atShare: 0.5))
            json.field("similar_max_ms", Double(similar.maximum) / 1000)
            json.field("flaw", with.flaw ?? without.flaw)
        }
    }

    /// How long it takes to find questions like one that is being typed, in both languages, among many.
    private func similarity() -> LatencyHistogram {
        let english = [
            "server", "install", "backup", "password", "room", "thread", "cluster", "update", "price", "how",
        ]
        let chinese = ["怎么", "安装", "备份", "数据库", "密码", "房间", "训练", "模型", "推荐", "价格", "更新", "吗"]
        func text(_ number: Int) -> String {
            let words = number % 2 == 0 ? english : chinese
            let chosen = (0..<8).map { words[(number / (1 + $0 * $0) + $0 * 7) % words.count] }
            return chosen.joined(separator: number % 2 == 0 ? " " : "") + " \(number % 5000)"
        }
        var index = TextIndex<Int>()
        for number in 0..<stored { index.add(number, text(number)) }
        var latency = LatencyHistogram()
        for number in 0..<500 {
            let start = ContinuousClock.now
            _ = index.search(text(number * 97), limit: 8)
            latency.record(microseconds: UInt64(start.duration(to: .now) / .microseconds(1)))
        }
        return latency
    }

    private func measure(voting: Bool) async throws -> LoadResult {
        var community = BenchDaemon.Community(members: connections, rooms: 1)
        community.questions = questions
        let daemon = try BenchDaemon(community)
        defer { daemon.stop() }
        var options =
            daemon.options + [
                "--connections", "\(connections)", "--senders", "\(connections)", "--rate", "\(rate)", "--size", "100",
                "--seconds", "\(seconds)",
            ]
        if voting {
            let seqs = try await Self.questions(of: daemon).map(String.init).joined(separator: ",")
            options += ["--votes", "\(votes)", "--questions", seqs]
        }
        return try runLoad(options)
    }

    private static func questions(of daemon: BenchDaemon) async throws -> [Int64] {
        guard let token = daemon.tokens.first else { throw ValidationError("Nobody was seeded.") }
        let client = Client(
            Client.Options(url: "ws://127.0.0.1:\(daemon.port)/v1/socket"), on: try EventLoop.forClients())
        guard let room = try await client.signIn(token: token).rooms.first?.id.rawValue else {
            throw ValidationError("The seeded members are in no room.")
        }
        let list = try await client.send("qa.list") { $0.field("room", room) }
        await client.stop()
        return list.objects("questions").compactMap { $0.integer("seq") }
    }
}
