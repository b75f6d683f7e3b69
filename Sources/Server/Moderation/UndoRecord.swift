import Foundation
import LyceumProtocol

/// What undoing a decision needs besides the item itself. Storage format: fields may be added, never renamed.
struct UndoRecord: Codable {
    /// The stored body of the message before it was changed; of anything else its text.
    var body: String?
    /// What the decision has made of `body`; where something else stands by now, there is nothing to restore.
    var replacement: String?
    /// The state that a question was in before its text was taken away.
    var state: String?
    var wasPinned = false
    /// The event with which a held message was released.
    var released: SequenceNumber?
    /// Sanctions that came with the decision.
    var sanctions: [Int64] = []
    /// A second opinion that was asked for.
    var check: Int64?

    init() {}

    init(_ bytes: [UInt8]) {
        // An item without a record, as of an approval, has nothing to restore.
        self = (try? JSONDecoder().decode(UndoRecord.self, from: Data(bytes))) ?? UndoRecord()
    }

    var encoded: [UInt8] {
        guard let data = try? JSONEncoder().encode(self) else {
            preconditionFailure("numbers and texts are always JSON")
        }
        return Array(data)
    }
}
