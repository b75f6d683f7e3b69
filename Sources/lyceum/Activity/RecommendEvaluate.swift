import Activity
import ArgumentParser
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
    @Option(help: "What to foresee.") var task: Evaluation.Task
    @Option(help: "A hit is a truth among the first k; 3 for rooms, else 10.") var k: Int?
    @Option(help: "The share of queries, from the end, that counts.") var test = 0.2
    @Option(help: "Take this many of those queries, evenly.") var sample: Int?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        try requirePositive(["k": k ?? 1, "sample": sample ?? 1])
        guard test > 0, test <= 1 else { throw ValidationError("--test must be above 0 and at most 1.") }
    }

    func run() throws {
        let stream = try RecordedStream(path: events)
        var evaluation = Evaluation(task: task, hasThreads: stream.hasThreads)
        for event in stream.events { evaluation.take(event) }
        let report = evaluation.report(k: k ?? (task == .rooms ? 3 : 10), share: test, sample: sample)
        if json {
            try printJSON(report)
        } else {
            print(
                "\(report.task): \(report.queries) queries, HR@\(report.k) \(report.hitRate), "
                    + "MRR \(report.meanReciprocalRank)")
        }
    }
}

extension Evaluation.Task: ExpressibleByArgument {}
