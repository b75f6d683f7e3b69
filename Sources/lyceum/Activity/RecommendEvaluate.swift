import Activity
import ArgumentParser
import Foundation
import LyceumProtocol

/// `lyceum recommend`: tools around the recommendations.
struct Recommend: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure recommendations.", subcommands: [RecommendEvaluate.self])
}

/// `lyceum recommend evaluate`: how well the serving rankers foresee a recorded stream.
struct RecommendEvaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Rank every query of a recorded stream before learning its event.")

    @Option(help: "The stream, one JSON object a line.") var events: String
    @Option(help: "threads, peers, new-peers, experts or rooms.") var task: Evaluation.Task
    @Option(help: "A hit is a truth among the first k; 3 for rooms, else 10.") var k: Int?
    @Option(help: "The share of queries, from the end, that counts.") var test = 0.2
    @Option(help: "Take this many of those queries, evenly.") var sample: Int?
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let stream = try RecordedStream(path: events)
        var evaluation = Evaluation(task: task, hasThreads: stream.hasThreads)
        for event in stream.events { evaluation.take(event) }
        let report = evaluation.report(k: k ?? (task == .rooms ? 3 : 10), share: test, sample: sample)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            print(
                "\(report.task): \(report.queries) queries, HR@\(report.k) \(report.hitRate), "
                    + "MRR \(report.meanReciprocalRank)")
        }
    }
}

extension Evaluation.Task: ExpressibleByArgument {}
