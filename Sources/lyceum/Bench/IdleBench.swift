import ArgumentParser
import LyceumProtocol

/// What a signed-in connection costs that does nothing.
struct IdleBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle", abstract: "Memory of the daemon at its start and for each signed-in idle connection.")

    @Option(help: "How many connections.") var connections = 10_000
    @Option(help: "Seconds to wait until memory is read.") var seconds = 3.0

    func validate() throws {
        try requirePositive(["connections": connections])
        try requirePositive(["seconds": seconds])
    }

    func run() throws {
        let empty = try BenchDaemon(BenchDaemon.Community(members: 1, rooms: 1))
        let atStart = empty.residentBytes
        empty.stop()
        let daemon = try BenchDaemon(BenchDaemon.Community(members: connections, rooms: 1))
        defer { daemon.stop() }
        let result = try runLoad(daemon.options + ["--connections", "\(connections)", "--seconds", "\(seconds)"])
        let growth = result["resident_bytes"] - result["resident_bytes_before"]
        printJSON { json in
            json.field("bench", "idle")
            json.field("connections", connections)
            json.field("bytes_per_connection", (growth / result["connected"]).rounded())
            json.field("resident_bytes_at_start", atStart)
            json.field("lyceum", raw: result.json)
            json.field("flaw", result.flaw)
        }
    }
}
