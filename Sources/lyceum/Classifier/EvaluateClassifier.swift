import ArgumentParser
import Foundation
import LyceumProtocol
import Moderation

/// `lyceum classifier evaluate`: how well it does on labelled text that it has not seen.
struct EvaluateClassifier: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure on labelled text: trained and tested apart, or tested and trained line by line.",
        discussion: """
            Files hold one {"label": …, "text": …} a line; a label is 0 or 1, a name, or a list of names. "0", "clean", \
            "ham", "normal", "ok", "none" and "neither" mean that nothing is wrong with the text.
            """)

    @Option(help: "Corpus to learn from before the test.")
    var train: String?
    @Option(help: "Corpus to measure on; nothing is learned from it.")
    var test: String?
    @Option(help: "Corpus to go through once, scoring each line before learning it.")
    var stream: String?
    @Option(help: "Model to start from instead of an empty one.")
    var model: String?
    @Option(help: "How often each training line is learned, the later times after taking it back.")
    var passes = 3
    @Option(help: "The table has 2^N slots.")
    var slotBits = Classifier.defaultSlotBits
    @Flag(help: "Also disguise the unwanted texts of the test in every way we know and measure what still is found.")
    var evade = false
    @Option(help: "Share of characters or words that a disguise changes, 0 to 1.")
    var strength = 0.5
    @Option(help: "Seed of the order of the training lines and of the disguises.")
    var seed: UInt64 = 1
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (stream == nil) != (test == nil) else { throw ValidationError("give either --test or --stream") }
        guard test == nil || train != nil || model != nil else {
            throw ValidationError("--test needs --train or --model")
        }
        guard stream == nil || (train == nil && !evade) else {
            throw ValidationError("--stream goes with neither --train nor --evade")
        }
        guard passes > 0, (8...22).contains(slotBits), (0...1).contains(strength) else {
            throw ValidationError("--passes is at least 1, --slot-bits within 8 to 22, --strength within 0 to 1")
        }
    }

    func run() throws {
        let training = try train.map(LabelledText.read) ?? []
        let tested = try LabelledText.read(test ?? stream ?? "")
        var teacher = Teacher(try emptyOrGivenModel(for: training + tested))
        let labels = teacher.classifier.labels
        let outcomes: [Evaluation.Outcome]
        if stream == nil {
            var random = SplitMix64(seed: seed)
            teacher.study(training.shuffled(using: &random).map { teacher.lesson($0) }, passes: passes, seed: seed)
            outcomes = tested.map { teacher.outcome($0) }
        } else {
            outcomes = tested.map { text in
                let outcome = teacher.outcome(text)
                _ = teacher.learn(teacher.lesson(text))
                return outcome
            }
        }
        var report = EvaluationReport(Evaluation(labels: labels, outcomes: outcomes))
        if evade {
            report.evasions = EvasionTrial(seed: seed, strength: strength).run(tested, outcomes, &teacher)
        }
        try json ? printJSON(report) : report.printTable()
    }

    private func emptyOrGivenModel(for texts: [LabelledText]) throws -> Classifier {
        if let model { return try ClassifierFiles.readModel(model) }
        let labels = texts.reduce(into: Set<String>()) { $0.formUnion($1.labels) }.sorted()
        guard !labels.isEmpty, labels.count <= Classifier.maximumHeads else {
            throw failure(
                .badData, "the corpora have \(labels.count) labels; 1 to \(Classifier.maximumHeads) can be learned")
        }
        return Classifier(labels: labels, slotBits: slotBits)
    }
}
