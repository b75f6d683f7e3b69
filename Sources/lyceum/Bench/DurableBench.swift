import ArgumentParser
import LyceumProtocol

/// Posts that are on disk before they are acknowledged.
struct DurableBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "durable", abstract: "Acknowledged posts from many connections across many rooms.")

    @Option(help: "How many connections post.") var connections = 64
    @Option(help: "Over how many rooms.") var rooms = 100
    @Option(help: "How many posts each connection keeps unanswered.") var inFlight = 8
    @Option(help: "Bytes of a text.") var size = 200
    @Option(help: "Seconds that count.") var seconds = 5.0

    func run() throws {
        let daemon = try BenchDaemon(
            BenchDaemon.Community(
                members: connections, rooms: rooms, roomsEach: (rooms + connections - 1) / connections))
        defer { daemon.stop() }
        let result = try runLoad(daemon.options + Self.load(connections, inFlight, size, seconds))
        printJSON { json in
            json.field("bench", "durable")
            json.field("connections", connections)
            json.field("rooms", rooms)
            json.field("lyceum", raw: result.json)
            json.field("flaw", result.flaw)
        }
    }

    static func load(_ connections: Int, _ inFlight: Int, _ size: Int, _ seconds: Double) -> [String] {
        [
            "--connections", "\(connections)", "--in-flight", "\(inFlight)", "--size", "\(size)", "--seconds",
            "\(seconds)", "--command",
            #"{"id":{id},"do":"message.post","room":{room},"nonce":"{nonce}","text":"{text}"}"#,
        ]
    }
}
