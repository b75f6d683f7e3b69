import ArgumentParser
import Foundation
import Harness
import LyceumProtocol

/// Posts that are on disk before they are acknowledged.
///
/// A figure of wall-clock time, so nothing is pinned: the daemon's threads share the whole machine with the load client,
/// and the bare loop has it to itself. What a post costs in processor time is told beside it. The bare loop inserts
/// messages of as many bytes as the daemon's events have, in as large batches; a second one inserts for each the nonce
/// besides by which a repeat is known, as no post can do without.
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
                members: connections, rooms: rooms, roomsEach: (rooms + connections - 1) / connections), core: nil)
        let result = try runLoad(daemon.options + Self.load(connections, inFlight, size, seconds), core: nil)
        let batch = Self.meanBatch(daemon.metrics)
        daemon.stop()
        var bare = BareSQLiteLoop(
            rows: max(10_000, Int(result["per_second"] * seconds)), batch: batch, rooms: Int64(rooms),
            rowBytes: try BareSQLiteLoop.meanEventBytes(inRecord: "\(daemon.dataPath)/lyceum.db"))
        // The same disk as the daemon had, for about as long.
        let folder = URL(filePath: daemon.scratchPath)
        let yardstick = try bare.run(in: folder)
        bare.withNonces = true
        let exactlyOnce = try bare.run(in: folder)
        printJSON { json in
            json.field("bench", "durable")
            json.field("connections", connections)
            json.field("rooms", rooms)
            json.field("lyceum", raw: result.json)
            json.field("posts_per_commit", batch)
            json.field("event_bytes", bare.rowBytes)
            json.field("bare_sqlite_per_second", yardstick.rounded())
            json.field("ratio_to_bare_sqlite", result["per_second"] / yardstick)
            json.field("ratio_per_daemon_cpu_second", result["per_daemon_cpu_second"] / yardstick)
            json.field("bare_sqlite_with_nonces_per_second", exactlyOnce.rounded())
            json.field("ratio_to_bare_sqlite_with_nonces", result["per_second"] / exactlyOnce)
            json.field("flaw", result.flaw)
        }
    }

    private static func meanBatch(_ metrics: [String: Double]) -> Int {
        let (events, commits) = (metrics["lyceum_room_events_total"] ?? 0, metrics["lyceum_commits_total"] ?? 0)
        return max(1, Int((events / max(1, commits)).rounded()))
    }

    static func load(_ connections: Int, _ inFlight: Int, _ size: Int, _ seconds: Double) -> [String] {
        [
            "--connections", "\(connections)", "--in-flight", "\(inFlight)", "--size", "\(size)", "--seconds",
            "\(seconds)", "--command",
            #"{"id":{id},"do":"message.post","room":{room},"nonce":"{nonce}","text":"{text}"}"#,
        ]
    }
}
