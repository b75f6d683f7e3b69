import Activity
import Foundation

/// Feedback as a note of the log holds it.
extension Feedback {
    /// Reads what ``json`` writes; `nil` for anything else.
    init?(json: String) {
        guard let feedback = try? JSONDecoder().decode(Feedback.self, from: Data(json.utf8)) else { return nil }
        self = feedback
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
