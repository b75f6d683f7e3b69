import Activity
import LyceumProtocol

extension Recommender {
    /// Says what `member` did with an item and learns from it at once.
    ///
    /// - Returns: Whether the impression was known.
    @discardableResult
    mutating func feedback(
        _ action: FeedbackAction, impression number: UInt64, by member: MemberID, at now: UnixMilliseconds,
        term: String? = nil
    ) -> Bool {
        guard let feedback = feedback(action, impression: number, by: member, term: term) else { return false }
        take(feedback, by: member, at: now)
        return true
    }
}
