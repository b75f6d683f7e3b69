import ArgumentParser
import LyceumProtocol

/// Whether the cost of one delivery, post or history page grows with the size of the community.
struct ScaleBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "The same loads on a community and on one ten times its size.")

    @Option(help: "Members of the smaller community.") var members = 1000
    @Option(help: "Its rooms.") var rooms = 100
    @Option(help: "Messages stored before anything is measured.") var messages = 20_000
    @Option(help: "How often larger the other one is.") var factor = 10
    @Option(help: "Seconds that count, for each of the three loads.") var seconds = 5.0

    /// Processor time of the daemon for one of each, in microseconds.
    private struct Costs {
        var delivery = 0.0
        var post = 0.0
        var page = 0.0
        var flaw: String?
    }

    func validate() throws {
        try requirePositive(["members": members, "rooms": rooms, "messages": messages, "factor": factor])
        try requirePositive(["seconds": seconds])
    }

    func run() throws {
        let small = try measure(scale: 1)
        let large = try measure(scale: factor)
        printJSON { json in
            json.field("bench", "scale")
            json.field("factor", factor)
            for (name, path) in Self.costs {
                json.field(
                    name,
                    object: { json in
                        json.field("small_us", small[keyPath: path])
                        json.field("large_us", large[keyPath: path])
                        json.field("growth", large[keyPath: path] / small[keyPath: path])
                    })
            }
            json.field("flaw", small.flaw ?? large.flaw)
        }
    }

    private static var costs: [(StaticString, KeyPath<Costs, Double>)] {
        [("delivery", \.delivery), ("post", \.post), ("history_page", \.page)]
    }

    /// The load stays the same at every size: 100 connections, all in the first room as is every other member.
    private func measure(scale: Int) throws -> Costs {
        let daemon = try BenchDaemon(
            BenchDaemon.Community(
                members: members * scale, rooms: rooms * scale, roomsEach: 1, commonRoom: true))
        defer { daemon.stop() }
        try fill(daemon, with: messages * scale)
        let options = daemon.options + ["--connections", "100", "--seconds", "\(seconds)"]
        daemon.settle()
        let fanout = try runLoad(options + ["--senders", "1", "--window", "1"])
        let posts = try runLoad(daemon.options + DurableBench.load(100, 8, 200, seconds))
        daemon.settle()
        let pages = try runLoad(
            options + ["--command", #"{"id":{id},"do":"history.get","room":{room},"before":1000000000,"limit":50}"#])
        return Costs(
            delivery: 1e6 / fanout["per_daemon_cpu_second"], post: 1e6 / posts["per_daemon_cpu_second"],
            page: 1e6 / pages["per_daemon_cpu_second"], flaw: fanout.flaw ?? posts.flaw ?? pages.flaw)
    }

    private func fill(_ daemon: BenchDaemon, with messages: Int) throws {
        _ = try runLoad(
            daemon.options + DurableBench.load(min(members, 1000), 8, 200, 0) + ["--total", "\(messages)"])
    }
}
