import LyceumProtocol

/// Something that must be accounted for later: who did what to whom.
public struct AuditEntry: Hashable, Sendable {
    public let at: UnixMilliseconds
    /// 0 for the daemon itself and for whoever is not signed in.
    public let actor: MemberID
    /// Such as `review.decide`; the command's name where there is one.
    public let action: String
    public let room: RoomID?
    public let member: MemberID?
    public let item: ReviewItemID?
    /// More of it, as a JSON object. Never a secret.
    public let details: String

    public init(
        at: UnixMilliseconds, actor: MemberID, action: String, room: RoomID? = nil, member: MemberID? = nil,
        item: ReviewItemID? = nil, details: String = "{}"
    ) {
        self.at = at
        self.actor = actor
        self.action = action
        self.room = room
        self.member = member
        self.item = item
        self.details = details
    }
}

/// An entry in its place: each row's hash covers the one before, so no row can change without all after it.
public struct AuditRow: Hashable, Sendable {
    /// Contiguous from 1.
    public let number: Int64
    public let entry: AuditEntry
    /// SHA-256 over the previous hash and this row, 32 bytes.
    public let hash: [UInt8]

    public init(number: Int64, entry: AuditEntry, hash: [UInt8]) {
        self.number = number
        self.entry = entry
        self.hash = hash
    }
}

/// What looking at the whole log found.
public enum AuditFinding: Hashable, Sendable, CustomStringConvertible {
    /// All rows are as they were written, up to and beyond the checkpoint.
    case intact(rows: Int64)
    /// The first row that is not what was written, missing or out of place.
    case broken(row: Int64, String)

    public var isIntact: Bool { if case .intact = self { true } else { false } }

    public var description: String {
        switch self {
        case .intact(let rows): "the audit log is intact: \(rows) rows"
        case .broken(let row, let why): "the audit log is broken at row \(row): \(why)"
        }
    }
}
