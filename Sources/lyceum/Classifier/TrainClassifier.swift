import ArgumentParser
import Foundation
import LyceumProtocol
import Moderation

/// `lyceum classifier train`: makes a model from corpora, such as the starter model that is shipped.
struct TrainClassifier: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Make a model from labelled text.",
        discussion: """
            --data LABELS=FILE says what label 1 of that file means: "spam,advertising,-abuse=FILE" makes its rows of \
            label 1 both spam and advertising and says of every row that it is not abuse; labels not named are left \
            open. --seed-corpus FILE takes rows that name their labels and have none of the others.
            """)

    @Option(parsing: .singleValue, help: "LABELS=FILE, see above.")
    var data: [String] = []
    @Option(parsing: .singleValue, help: "File of rows that name their labels.")
    var seedCorpus: [String] = []
    @Option(help: "The labels of the model, separated by commas.")
    var labels = "spam,advertising,abuse"
    @Option(help: "File to write.")
    var output: String
    @Option(help: "Keep only this many slots of the table, those that say most.")
    var keep: Int?
    @Option(help: "How often each line is learned, the later times after taking it back.")
    var passes = 3
    @Option(help: "Seed of the order of the lines.")
    var seed: UInt64 = 1

    private var names: [String] { labels.split(separator: ",").map(String.init) }

    func validate() throws {
        guard !names.isEmpty, Set(names).count == names.count, names.count <= Classifier.maximumHeads else {
            throw ValidationError("--labels needs 1 to \(Classifier.maximumHeads) different names.")
        }
        guard !data.isEmpty || !seedCorpus.isEmpty else { throw ValidationError("Give --data or --seed-corpus.") }
        try requirePositive(["passes": passes, "keep": keep ?? 1])
    }

    func run() throws {
        var teacher = Teacher(Classifier(labels: names))
        var lessons: [Teacher.Lesson] = []
        for path in seedCorpus {
            for text in try LabelledText.read(path) {
                guard text.labels.isSubset(of: names) else {
                    throw failure(.badData, "\(path): labels \(text.labels.sorted()) are not all in --labels")
                }
                lessons.append(teacher.lesson(text))
            }
        }
        for item in data { lessons += try read(item, labels: names, &teacher) }
        var random = SplitMix64(seed: seed)
        lessons.shuffle(using: &random)
        teacher.study(lessons, passes: passes, seed: seed)
        let model = keep.map { teacher.classifier.pruned(keeping: $0) } ?? teacher.classifier
        let bytes = model.snapshot()
        try writeOutput(Data(bytes), to: output)
        print("\(output): \(lessons.count) texts, \(bytes.count) bytes")
    }

    private func read(_ item: String, labels names: [String], _ teacher: inout Teacher) throws -> [Teacher.Lesson] {
        guard let sign = item.firstIndex(of: "=") else { throw ValidationError("--data \(item): not LABELS=FILE") }
        let meanings = try item[..<sign].split(separator: ",").map { name in
            let isNever = name.hasPrefix("-")
            guard let head = names.firstIndex(of: String(isNever ? name.dropFirst() : name)) else {
                throw ValidationError("--data \(item): \(name) is not in --labels")
            }
            return (head: head, isNever: isNever)
        }
        return try LabelledText.read(String(item[item.index(after: sign)...])).map { text in
            var judgement = Judgement()
            for meaning in meanings { judgement.set(meaning.head, to: !meaning.isNever && !text.labels.isEmpty) }
            return Teacher.Lesson(features: teacher.features(of: text.text), judgement: judgement)
        }
    }
}
