import ArgumentParser
import Glibc
import Harness
import LyceumProtocol

/// The load client's process: one load against a daemon that runs already.
struct LoadClient: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Run one load against a running daemon (what the other benches start).")

    @Option(help: "Where the daemon listens on 127.0.0.1.") var port: UInt16
    @Option(help: "lyceum or nats.") var dialect = "lyceum"
    @Option(help: "How many connections.") var connections = 1000
    @Option(help: "A file of JSON lines, one per connection, with a \"token\" and the \"rooms\" to post in.")
    var accounts: String?
    @Option(help: "The daemon's process id, to meter it.") var daemon: Int32?
    @Option(help: "Bytes of a posted text.") var size = 200
    @Option(help: "Seconds before figures count.") var warmUp = 1.0
    @Option(help: "Seconds that count.") var seconds = 5.0

    @Option(help: "Fan-out: how many of the connections post.") var senders = 1
    @Option(help: "Fan-out: messages under way at once, over all senders.") var window: Int?
    @Option(help: "Fan-out: messages a second, over all senders.") var rate: Double?
    @Option(help: "Fan-out: votes a second beside it, over all connections.") var votes: Double?
    @Option(help: "Fan-out: the questions that are voted on, separated by commas.") var questions: String?
    @Option(help: "Commands: the JSON, with {id} {room} {nonce} {text} to fill in.") var command: String?
    @Option(help: "Commands: how many each connection keeps unanswered.") var inFlight = 1
    @Option(help: "Commands: stop after so many, measuring nothing.") var total: Int?

    func run() throws {
        var plan = LoadPlan(port: port, connections: connections, work: try work())
        guard let dialect = LoadPlan.Dialect(rawValue: dialect) else { throw ValidationError("No such dialect.") }
        plan.dialect = dialect
        plan.accounts = try readAccounts()
        plan.daemon = daemon
        plan.textBytes = size
        plan.warmUp = .milliseconds(Int64(warmUp * 1000))
        plan.measured = .milliseconds(Int64(seconds * 1000))
        if let votes, let questions {
            plan.votes = LoadPlan.Votes(
                questions: questions.split(separator: ",").compactMap { Int64($0) }, perSecond: votes)
        }
        var json = JSONWriter()
        LoadGenerator(plan).run().write(to: &json)
        print(String(decoding: json.bytes, as: UTF8.self))
    }

    private func work() throws -> LoadPlan.Work {
        if let command { return .commands(CommandTemplate(command), inFlight: inFlight, total: total) }
        if let window { return .fanout(senders: senders, pace: .window(window)) }
        if let rate { return .fanout(senders: senders, pace: .rate(rate)) }
        return .idle(settle: .milliseconds(Int64(seconds * 1000)))
    }

    private func readAccounts() throws -> [LoadPlan.Account] {
        guard dialect == LoadPlan.Dialect.lyceum.rawValue else { return [] }
        guard let accounts else { throw ValidationError("--accounts is needed to sign in.") }
        let found = readFile(accounts).split(separator: "\n").compactMap { line in
            Array(line.utf8).withUnsafeBytes { (bytes) -> LoadPlan.Account? in
                guard let json = try? JSONObject(parsing: bytes), let token = json["token"]?.string else { return nil }
                let rooms = json["rooms"]?.elements?.compactMap(\.integer) ?? []
                return rooms.isEmpty ? nil : LoadPlan.Account(token: token, rooms: rooms)
            }
        }
        guard !found.isEmpty else { throw ValidationError("\(accounts) holds no account with a room.") }
        return found
    }
}
