import Foundation
import Moderation

/// The figures of one evaluation as they are printed. All are shares of 1, not per cent.
struct EvaluationReport: Encodable {
    struct Label: Encodable {
        var label: String
        var count: Int
        var precision, recall, f1: Double
        var auc: Double?
    }

    struct Evasion: Encodable {
        var name: String
        var recall, loss: Double
    }

    var count: Int
    var accuracy, error, macroF1, falsePositiveRate, recallAtOnePercent, calibrationError: Double
    var auc: Double?
    /// 1 − area under the ROC curve.
    var oneMinusROCA: Double?
    var labels: [Label]
    /// At the threshold that blocks 1 % of clean texts: the recall of each disguise, and what it costs.
    var evasions: [Evasion]?

    private enum CodingKeys: String, CodingKey {
        case count, accuracy, error, auc, labels, evasions
        case macroF1 = "macro_f1"
        case falsePositiveRate = "false_positive_rate"
        case recallAtOnePercent = "recall_at_1_percent_false_positives"
        case calibrationError = "calibration_error"
        case oneMinusROCA = "one_minus_roca"
    }

    init(_ evaluation: Evaluation) {
        count = evaluation.count
        accuracy = evaluation.accuracy
        error = evaluation.error
        macroF1 = evaluation.macroF1
        falsePositiveRate = evaluation.falsePositiveRate
        recallAtOnePercent = evaluation.recallAtOnePercent
        calibrationError = evaluation.calibrationError
        auc = evaluation.auc
        oneMinusROCA = evaluation.auc.map { 1 - $0 }
        labels = evaluation.figures.map {
            Label(
                label: $0.label, count: $0.count, precision: $0.precision, recall: $0.recall, f1: $0.f1, auc: $0.auc)
        }
    }

    func printTable() {
        print(
            String(
                format: "%d texts: accuracy %.2f %%, error %.2f %%, macro F1 %.4f, false positives %.2f %%", count,
                accuracy * 100, error * 100, macroF1, falsePositiveRate * 100))
        print(
            String(
                format: "1-ROCA %.3f %%, recall at 1 %% false positives %.2f %%, calibration error %.4f",
                (oneMinusROCA ?? 0) * 100, recallAtOnePercent * 100, calibrationError))
        for label in labels {
            let auc = label.auc.map { String(format: ", AUC %.5f", $0) } ?? ""
            print(
                String(
                    format: "  %@: %d texts, precision %.4f, recall %.4f, F1 %.4f", label.label, label.count,
                    label.precision, label.recall, label.f1) + auc)
        }
        for evasion in evasions ?? [] {
            print(
                String(
                    format: "  %@: recall %.2f %%, %.2f points lost", evasion.name, evasion.recall * 100,
                    evasion.loss * 100))
        }
    }
}
