import LyceumProtocol

/// A file that a member has uploaded for a room, and what became of it.
public struct FileRecord: Hashable, Sendable {
    /// 160 random bits in base64url: nobody finds one by guessing, and the gate is asked all the same.
    public let id: String
    public let room: RoomID
    public let member: MemberID
    public let name: String
    /// By its content.
    public let type: String
    public let byteCount: Int64
    /// Of a picture, as it is shown.
    public let width: Int64?
    public let height: Int64?
    /// SHA-256 of what is stored, in hexadecimal digits.
    public let digest: String
    public let at: UnixMilliseconds
    /// The message that it hangs on.
    public var message: SequenceNumber?
    /// The review item of the message that waits with it.
    public var review: ReviewItemID?
    /// When its message was deleted.
    public var goneAt: UnixMilliseconds?

    public init(
        id: String, room: RoomID, member: MemberID, name: String, type: String, byteCount: Int64, width: Int64? = nil,
        height: Int64? = nil, digest: String, at: UnixMilliseconds, message: SequenceNumber? = nil,
        review: ReviewItemID? = nil, goneAt: UnixMilliseconds? = nil
    ) {
        self.id = id
        self.room = room
        self.member = member
        self.name = name
        self.type = type
        self.byteCount = byteCount
        self.width = width
        self.height = height
        self.digest = digest
        self.at = at
        self.message = message
        self.review = review
        self.goneAt = goneAt
    }
}
