import ArgumentParser
import LyceumProtocol

/// Posts into one room and counts what reaches its members.
struct FanoutBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout", abstract: "Deliveries of posts in one room to all of its members.")

    @Option(help: "How many members, each with a connection.") var connections = 1000
    @Option(help: "How many of them post.") var senders = 1
    @Option(help: "Messages that each sender keeps under way.") var inFlight = 1
    @Option(help: "Messages under way over all senders, instead of --in-flight.") var window: Int?
    @Option(help: "Messages a second over all senders, instead of a number under way.") var rate: Double?
    @Option(help: "Bytes of a text.") var size = 200
    @Option(help: "Seconds that count.") var seconds = 5.0
    @Option(help: "Measure this in the same run and print the ratio; nats is the one there is.") var peer: Peer?

    enum Peer: String, ExpressibleByArgument { case nats }

    func validate() throws {
        try requirePositive([
            "connections": connections, "senders": senders, "in-flight": inFlight, "window": window ?? 1, "size": size,
        ])
        try requirePositive(["rate": rate ?? 1, "seconds": seconds])
    }

    func run() throws {
        let peerResult = try peer.map { _ in try measureNATS() }
        let daemon = try BenchDaemon(BenchDaemon.Community(members: connections, rooms: 1))
        defer { daemon.stop() }
        let result = try runLoad(daemon.options + load)
        printJSON { json in
            json.field("bench", "fanout")
            json.field("connections", connections)
            json.field("senders", senders)
            json.field("text_bytes", size)
            json.field("lyceum", raw: result.json)
            json.field("flaw", result.flaw)
            guard let peerResult else { return }
            json.field("nats", raw: peerResult.json)
            json.field("ratio_per_cpu_second", result["per_daemon_cpu_second"] / peerResult["per_daemon_cpu_second"])
            json.field("ratio_p50", result["p50_ms"] / peerResult["p50_ms"])
            json.field("ratio_p99", result["p99_ms"] / peerResult["p99_ms"])
        }
    }

    private var load: [String] {
        let pace = rate.map { ["--rate", "\($0)"] } ?? ["--window", "\(window ?? senders * inFlight)"]
        return [
            "--connections", "\(connections)", "--senders", "\(senders)", "--size", "\(size)", "--seconds",
            "\(seconds)",
        ]
            + pace
    }

    private func measureNATS() throws -> LoadResult {
        let server = try NATSPeer()
        defer { server.stop() }
        return try runLoad(server.options + load)
    }
}
