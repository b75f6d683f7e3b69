import ArgumentParser
import Foundation

extension Bench {
    struct Moderate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The moderation stage, part by part, as JSON.")

        @Option(help: "File of keywords, one a line, to scan real texts for, in place of made-up ones.")
        var keywords: String?
        @Option(
            parsing: .singleValue, help: "File of texts as for `classifier evaluate`, in place of ten made-up ones.")
        var texts: [String] = []
        @Option(help: "Cut the texts to this many bytes.")
        var bytes = 65

        func validate() throws { try requirePositive(["bytes": bytes]) }

        func run() throws {
            let material = try ModerateBench.Material(keywords: keywords, texts: texts, bytes: bytes)
            let rows = try RuleBench.rows(material) + ClassifierBench.rows(material) + StageBench.rows(material)
            try printJSON(rows)
        }
    }
}
