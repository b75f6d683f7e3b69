import LyceumProtocol

/// What was said of the newest posts, by author and nonce. Bounded: of two halves the older goes when the newer is full.
struct RecentJudgements: Sendable {
    /// A text is judged by what it is and by the thresholds of its room, so a nonce that is used again for another kind
    /// or in another room is judged anew: the first may have been refused, and what a lenient room admits is no verdict
    /// for a strict one.
    struct Key: Hashable, Sendable {
        let member: MemberID
        let room: RoomID?
        let kind: SubmittedText.Kind
        let nonce: String
    }

    typealias Entry = (text: String, judged: Judged)

    /// Of each half. A client repeats within seconds, not after thousands of other posts.
    private static let capacity = 4096

    private var newer: [Key: Entry] = [:]
    private var older: [Key: Entry] = [:]

    subscript(key: Key) -> Entry? {
        get { newer[key] ?? older[key] }
        set {
            if newer.count >= Self.capacity {
                swap(&newer, &older)
                newer.removeAll(keepingCapacity: true)
            }
            newer[key] = newValue
        }
    }
}
