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

    /// Of each half. A client repeats within seconds, not after thousands of other posts, nor after megabytes of them.
    private static let capacity = (entries: 4096, bytes: 4 << 20)

    private var newer: [Key: Entry] = [:]
    private var older: [Key: Entry] = [:]
    /// Of the texts in `newer`.
    private var bytes = 0

    subscript(key: Key) -> Entry? {
        get { newer[key] ?? older[key] }
        set {
            if newer.count >= Self.capacity.entries || bytes >= Self.capacity.bytes {
                swap(&newer, &older)
                newer.removeAll(keepingCapacity: true)
                bytes = 0
            }
            newer[key] = newValue
            bytes += newValue?.text.utf8.count ?? 0
        }
    }
}
