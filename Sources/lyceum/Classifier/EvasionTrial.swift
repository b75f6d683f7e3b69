import LyceumProtocol
import Moderation

/// Disguises the unwanted texts of a test and measures how many are still found.
struct EvasionTrial {
    var seed: UInt64
    var strength: Double

    /// - Parameter outcomes: The outcomes of `texts` as they are, in the same order: they set the threshold.
    func run(
        _ texts: [LabelledText], _ outcomes: [Evaluation.Outcome], _ teacher: inout Teacher
    ) -> [EvaluationReport.Evasion] {
        let threshold = Evaluation.threshold(blocking: 0.01, of: outcomes)
        let plain = Evaluation.recall(of: outcomes, above: threshold)
        let unwanted = texts.filter { !$0.labels.isEmpty }
        let isChinese = unwanted.count { $0.text.unicodeScalars.contains(where: Evasion.isHan) } > unwanted.count / 2
        return Evasion.all.filter { isChinese || !$0.needsHan }.map { evasion in
            var random = SplitMix64(seed: seed)
            let disguised = unwanted.map { text in
                teacher.outcome(
                    LabelledText(
                        labels: text.labels, text: evasion.apply(text.text, strength: strength, using: &random)))
            }
            let recall = Evaluation.recall(of: disguised, above: threshold)
            return .init(name: evasion.name, recall: recall, loss: plain - recall)
        }
    }
}
