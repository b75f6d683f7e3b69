import ArgumentParser
import Foundation
import Moderation

/// `lyceum classifier`: the classifier of the moderation stage, away from the daemon.
struct ClassifierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classifier",
        abstract: "Train, measure and question the classifier, with exactly the code that serves.",
        subcommands: [TrainClassifier.self, EvaluateClassifier.self, ExplainText.self, ClassifierStatistics.self])
}

/// What several subcommands read and write.
enum ClassifierFiles {
    static let starterModel = "moderation-rules/starter-model.lycm"

    static func readModel(_ path: String) throws -> Classifier {
        do {
            return try Classifier(snapshot: [UInt8](try readData(path)))
        } catch let error as SnapshotError {
            throw ValidationError("\(path): \(error)")
        }
    }

    static func readData(_ path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ValidationError("\(path): \(error.localizedDescription)")
        }
    }

    /// JSON with sorted keys, one object, for other programs.
    static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
