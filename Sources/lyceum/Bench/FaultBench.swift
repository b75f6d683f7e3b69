import ArgumentParser
import Harness
import LyceumProtocol

/// What a room's chat feels of attacks and faults: one load, alone and beside each of them.
struct FaultBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults", abstract: "A room's chat without and with attacks and faults beside it.")

    @Option(help: "Members who listen and post, each with a connection.") var connections = 50
    @Option(help: "Messages a second.") var rate = 500.0
    @Option(help: "Seconds that count.") var seconds = 8.0
    @Option(help: "Megabytes of data that a backup copies.") var megabytes = 1024
    @Argument(help: "backup, presence, guesses, slow-heads, slow-readers; all of them if none is named.")
    var faults = Disturbance.Kind.allCases

    func validate() throws {
        try requirePositive(["connections": connections, "megabytes": megabytes])
        try requirePositive(["rate": rate, "seconds": seconds])
    }

    func run() throws {
        let daemon = try BenchDaemon(
            BenchDaemon.Community(members: 1000, rooms: 1), settings: ["trusted_proxies=127.0.0.1"], core: nil)
        defer { daemon.stop() }
        if faults.contains(.backup) { try Disturbance.grow(daemon, toMegabytes: megabytes) }
        daemon.settle()
        let alone = try chat(on: daemon)
        let beside = try faults.map { kind in
            daemon.settle()
            // More listeners make a message dearer, however they come and go.
            let calm = kind.listeners == 0 ? alone : try chat(on: daemon, listeners: kind.listeners)
            daemon.settle()
            let disturbance = Disturbance(kind, of: daemon)
            defer { disturbance.stop() }
            return (kind, calm, try chat(on: daemon))
        }
        printJSON { json in
            json.field("bench", "faults")
            json.field("messages_per_second", rate)
            json.field("alone", raw: alone.json)
            json.field("beside", array: beside) { json, entry in
                json.object { json in
                    let (kind, calm, chat) = entry
                    json.field("fault", kind.rawValue)
                    json.field("chat_ratio_p50", chat["p50_ms"] / calm["p50_ms"])
                    json.field("chat_ratio_p99", chat["p99_ms"] / calm["p99_ms"])
                    json.field("chat", raw: chat.json)
                    if kind.listeners > 0 { json.field("calm", raw: calm.json) }
                    json.field("flaw", chat.flaw ?? calm.flaw)
                }
            }
            json.field("flaw", alone.flaw)
        }
    }

    /// - Parameter listeners: Members who are there besides and post nothing.
    private func chat(on daemon: BenchDaemon, listeners: Int = 0) throws -> LoadResult {
        try runLoad(
            daemon.options + [
                "--connections", "\(connections + listeners)", "--senders", "\(connections)", "--rate", "\(rate)",
                "--size", "100", "--seconds", "\(seconds)",
            ], core: nil)
    }
}
