import ArgumentParser
import Moderation

/// `lyceum classifier stats`: what a model has learned.
struct ClassifierStatistics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show what a model has learned, label by label.")

    @Option(help: "Model to describe.")
    var model = ClassifierFiles.starterModel
    @Flag(help: "Print JSON.")
    var json = false

    private struct Head: Encodable {
        var label: String
        var learnedWithout, learnedWith, features: Int64
        var decisions: Int
        var precision, recall: Double?

        private enum CodingKeys: String, CodingKey {
            case label, features, decisions, precision, recall
            case learnedWithout = "learned_without"
            case learnedWith = "learned_with"
        }
    }

    func run() throws {
        let classifier = try ClassifierFiles.readModel(model)
        let heads = classifier.labels.indices.map { index in
            let report = classifier.report(ofHead: index)
            return Head(
                label: report.label, learnedWithout: report.learnedNegatives, learnedWith: report.learnedPositives,
                features: report.features, decisions: report.decisions, precision: report.precision,
                recall: report.recall)
        }
        guard !json else { return try printJSON(heads) }
        print("\(classifier.memory / 1024) KiB for \(heads.count) labels")
        for head in heads {
            print(
                "\(head.label): learned \(head.learnedWith) with and \(head.learnedWithout) without it of "
                    + "\(head.decisions) decisions, \(head.features) features")
        }
    }
}
