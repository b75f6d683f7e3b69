import ArgumentParser
import LyceumProtocol

/// The round trip of a command that costs the daemon next to nothing.
struct EchoBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo", abstract: "Round trips of a cheap command.")

    @Option(help: "How many connections ask, one command unanswered each.") var connections = 1
    @Option(help: "Seconds that count.") var seconds = 5.0

    func validate() throws {
        try requirePositive(["connections": connections])
        try requirePositive(["seconds": seconds])
    }

    func run() throws {
        let daemon = try BenchDaemon(BenchDaemon.Community(members: connections, rooms: 1))
        defer { daemon.stop() }
        let result = try runLoad(
            daemon.options + [
                "--connections", "\(connections)", "--seconds", "\(seconds)", "--in-flight", "1", "--command",
                #"{"id":{id},"do":"room.members","room":{room},"limit":1}"#,
            ])
        printJSON { json in
            json.field("bench", "echo")
            json.field("connections", connections)
            json.field("lyceum", raw: result.json)
            json.field("flaw", result.flaw)
        }
    }
}
