import ArgumentParser
import Foundation
import Moderation

/// `lyceum classifier explain`: why a text scores as it does.
struct ExplainText: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show what a model thinks of a text, and which of its words made it think so."
    )

    @Option(help: "Model to ask.")
    var model = ClassifierFiles.starterModel
    @Option(help: "How many tokens to show for and against each label.")
    var tokens = 8
    @Argument(help: "The text.")
    var text: String

    func run() throws {
        let classifier = try ClassifierFiles.readModel(model)
        var reader = TextReader()
        let features = reader.features(of: text)
        for (head, score) in classifier.scores(features).enumerated() {
            let explanation = classifier.explain(features, of: reader.text, head: head)
            print(
                String(
                    format: "%@: probability %.4f, score %+.3f of which %+.3f before any word", classifier.labels[head],
                    score.probability, score.raw, explanation.offset))
            for (name, isPositive) in [("for", true), ("against", false)] {
                let listed = explanation.strongest(tokens, isPositive: isPositive)
                    .map { String(format: "%@ %+.3f", $0.token, $0.weight) }
                print("  \(name): \(listed.joined(separator: ", "))")
            }
        }
    }
}
