import LyceumProtocol

/// Questions about the review queue and what goes with it.
public protocol ReviewReader {
    func reviewItem(_ id: ReviewItemID) throws -> ReviewItem?
    /// Items by `query`, in its order.
    func reviewItems(_ query: ReviewQuery) throws -> [ReviewItem]
    /// How many items are open: in these rooms, or in all; and those that belong to no room.
    func countOpenReviewItems(in rooms: [RoomID]?, withoutRoom: Bool) throws -> Int
    /// The newest item about a posted message, of a kind that is about one.
    func reviewItem(about seq: SequenceNumber, in room: RoomID) throws -> ReviewItem?
    /// Edits of a message that wait for a moderator, the oldest first.
    func openHeldEdits(of seq: SequenceNumber, in room: RoomID) throws -> [ReviewItem]
    /// Fingerprint and cluster of the newest `limit` open items.
    func openFingerprints(limit: Int) throws -> [(fingerprint: UInt64, cluster: ReviewItemID)]
    /// Open items whose time is over, at most `limit`.
    func expiredItems(at now: UnixMilliseconds, limit: Int) throws -> [ReviewItem]
    /// Decided items with exactly this fingerprint and text.
    func decidedItems(fingerprint: UInt64, text: String) throws -> [ReviewItem]
    func reviewEvents(after seq: SequenceNumber, limit: Int) throws -> [ReviewEvent]

    /// Newest first.
    func sanctions(of member: MemberID) throws -> [Sanction]
    func sanctions(from item: ReviewItemID) throws -> [Sanction]
    func notes(about member: MemberID) throws -> [MemberNote]
    func reports(onItem item: ReviewItemID) throws -> [Report]
    func reports(by member: MemberID) throws -> ReportRecord
    /// The newest messages of a member in these rooms, newest first.
    func messages(by member: MemberID, in rooms: [RoomID], limit: Int) throws -> [RoomEvent]

    func auditRows(after number: Int64, limit: Int) throws -> [AuditRow]
    /// The newest snapshot of the classifier, and the number of the last entry it holds.
    func classifierSnapshot() throws -> (after: Int64, bytes: [UInt8])?
    /// Encoded entries of the decision log with their numbers, oldest first.
    func classifierEntries(after number: Int64, limit: Int) throws -> [(
        number: Int64, item: ReviewItemID, bytes: [UInt8]
    )]
    func classifierEntries(of item: ReviewItemID) throws -> [[UInt8]]
    func ruleDays(since day: Int64) throws -> [RuleDay]
}

/// Changes of the review queue, in the same transaction as what they bring about.
public protocol ReviewTransaction: ReviewReader {
    func makeReviewItemID() throws -> ReviewItemID
    /// Adds an item or replaces it.
    func put(_ item: ReviewItem) throws
    func append(_ event: ReviewEvent) throws

    func makeSanctionID() throws -> Int64
    func put(_ sanction: Sanction) throws
    func add(_ note: MemberNote) throws

    /// Appends to the audit log; the row's hash is computed here.
    func append(_ entry: AuditEntry) throws
    func appendClassifierEntry(_ bytes: [UInt8], of item: ReviewItemID, at: UnixMilliseconds) throws
    /// Keeps a snapshot; older ones go.
    func putClassifierSnapshot(_ bytes: [UInt8], after number: Int64) throws
    /// Adds to what the day has already.
    func add(_ day: RuleDay) throws
}
