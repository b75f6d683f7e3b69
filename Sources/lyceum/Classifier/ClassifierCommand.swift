import ArgumentParser
import Moderation

/// `lyceum classifier`: the classifier of the moderation stage, away from the daemon.
struct ClassifierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classifier",
        abstract: "Train, measure and question the classifier, with exactly the code that serves.",
        subcommands: [TrainClassifier.self, EvaluateClassifier.self, ExplainText.self, ClassifierStatistics.self])
}

/// What several subcommands read.
enum ClassifierFiles {
    static let starterModel = "moderation-rules/starter-model.lycm"

    static func readModel(_ path: String) throws -> Classifier {
        do {
            return try Classifier(snapshot: [UInt8](try readInput(path)))
        } catch let error as SnapshotError {
            throw failure(.badData, "\(path): \(error)")
        }
    }
}
