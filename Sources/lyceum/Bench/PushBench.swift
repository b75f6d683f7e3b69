import ArgumentParser
import Dispatch
import Harness
import Locking
import LyceumClient
import LyceumProtocol
import Transport

/// From an answer that is posted to the recommendation of who gave it, on the asker's socket, while a room is busy;
/// and what following activity costs the chat.
struct PushBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Event to pushed recommendation under load, and chat with and without it.")

    @Option(help: "Events a second in the busy room.") var rate = 2000.0
    @Option(help: "Members of the busy room, each with a connection.") var connections = 10
    @Option(help: "Members who ask, each waiting for pushes.") var askers = 25
    @Option(help: "Seconds that count of the chat.") var seconds = 12.0

    func validate() throws {
        try requirePositive(["connections": connections, "askers": askers])
        try requirePositive(["rate": rate, "seconds": seconds])
    }

    func run() async throws {
        let without = try await measure(isFollowed: false)
        let with = try await measure(isFollowed: true)
        printJSON { json in
            json.field("bench", "push")
            json.field("events_per_second", rate)
            json.field("pushes", with.latency.count)
            json.field("missing", with.missing)
            for (name, share) in [("p50_ms", 0.5), ("p90_ms", 0.9), ("p99_ms", 0.99)] as [(StaticString, Double)] {
                json.field(name, with.latency.milliseconds(atShare: share))
            }
            json.field("chat_with", raw: with.chat.json)
            json.field("chat_without", raw: without.chat.json)
            json.field("chat_ratio_p50", with.chat["p50_ms"] / without.chat["p50_ms"])
            json.field("chat_ratio_p99", with.chat["p99_ms"] / without.chat["p99_ms"])
            json.field("flaw", with.chat.flaw ?? without.chat.flaw)
        }
    }

    private struct Figures {
        var latency = LatencyHistogram()
        var missing = 0
        let chat: LoadResult
    }

    private func measure(isFollowed: Bool) async throws -> Figures {
        let daemon = try BenchDaemon(
            BenchDaemon.Community(members: connections + (1 + Probes.answers) * askers, rooms: 1),
            settings: ["activity.enabled=\(isFollowed ? "on" : "off")"])
        defer { daemon.stop() }
        let probes = try await Probes(
            daemon, tokens: daemon.tokens.suffix((1 + Probes.answers) * askers), askers: askers)
        let load =
            daemon.options + [
                "--connections", "\(connections)", "--senders", "\(connections)", "--rate", "\(rate)", "--size", "100",
                "--seconds", "\(seconds)",
            ]
        async let chat = Self.chat(load)
        let (latency, missing) = isFollowed ? await probes.measure() : (LatencyHistogram(), 0)
        return Figures(latency: latency, missing: missing, chat: try await chat)
    }

    /// On a thread of its own: the load blocks, and the probes go on meanwhile.
    private static func chat(_ options: [String]) async throws -> LoadResult {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try runLoad(options) }) }
        }
    }
}

/// Members in a quiet room of their own, some asking, four others to each of them answering in turn.
private struct Probes {
    /// To each question, each by a member new to the asker, so that every one changes the lists.
    static let answers = 4

    private let askers: [Client]
    private let helpers: [Client]
    private let room: RoomID
    private var questions: [SequenceNumber] = []

    init(_ daemon: BenchDaemon, tokens: ArraySlice<String>, askers count: Int) async throws {
        let loop = try EventLoop.forClients()
        var clients: [Client] = []
        for token in tokens {
            let client = Client(Client.Options(url: "ws://127.0.0.1:\(daemon.port)/v1/socket"), on: loop)
            for room in try await client.signIn(token: token).rooms {
                try await client.send("room.leave") { $0.field("room", room.id.rawValue) }
            }
            clients.append(client)
        }
        room = try await clients[0].createRoom(name: "probes", title: "Probes").id
        for client in clients.dropFirst() { _ = try await client.join(room) }
        askers = Array(clients.prefix(count))
        helpers = Array(clients.dropFirst(count))
        for (number, asker) in askers.enumerated() {
            let question = try await asker.post("How does subject\(number) work?", to: room)
            question.seq.map { questions.append($0) }
        }
    }

    /// - Returns: How long pushes took, and how many never came.
    func measure() async -> (LatencyHistogram, Int) {
        await withTaskGroup(of: [Duration?].self) { group in
            for number in askers.indices { group.addTask { await ask(number) } }
            var latency = LatencyHistogram()
            var missing = 0
            for await durations in group {
                for duration in durations {
                    if let duration {
                        latency.record(microseconds: UInt64(duration / .microseconds(1)))
                    } else {
                        missing += 1
                    }
                }
            }
            return (latency, missing)
        }
    }

    private func ask(_ number: Int) async -> [Duration?] {
        let arrivals = Arrivals(await askers[number].events())
        var durations: [Duration?] = []
        for round in 0..<Self.answers {
            // A member is pushed to once in two seconds, the first time when they ask, so the answers keep that distance;
            // the askers are spread.
            try? await Task.sleep(for: .milliseconds(2300 + (round == 0 ? 90 * number : 0)))
            let helper = helpers[number * Self.answers + round]
            let before = arrivals.count
            let start = ContinuousClock.now
            guard (try? await helper.post("It works by subject\(number)", to: room, thread: questions[number])) != nil
            else { continue }
            while arrivals.count == before, ContinuousClock.now - start < .seconds(2) {
                try? await Task.sleep(for: .milliseconds(1))
            }
            durations.append(arrivals.time(after: before).map { $0 - start })
        }
        return durations
    }
}

/// When pushes came to one member.
private final class Arrivals: Sendable {
    private let times = Locked<[ContinuousClock.Instant]>([])
    var count: Int { times.withLock { $0.count } }
    func time(after index: Int) -> ContinuousClock.Instant? { times.withLock { $0.count > index ? $0[index] : nil } }

    init(_ events: EventQueue) {
        Task { [weak self] in
            for await event in events {
                guard case .event(let event) = event, event.name == "recommendations" else { continue }
                self?.times.withLock { $0.append(.now) }
            }
        }
    }
}
