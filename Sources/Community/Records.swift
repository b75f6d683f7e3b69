import LyceumProtocol

/// One stored event of a room.
public struct RoomEvent: Hashable, Sendable {
    public let room: RoomID
    public let seq: SequenceNumber
    public let kind: EventKind
    public let at: UnixMilliseconds
    public let author: MemberID
    /// The thread the event belongs to, by its root's `seq`; `nil` for the room's own timeline.
    public let thread: SequenceNumber?
    /// ``Room/ordinal`` after this event.
    public let ordinal: Int64
    /// The whole event as the JSON object that clients get. For messages always the current text: an edit or a
    /// deletion rewrites it, and what stood there before is a ``Revision``.
    public var body: [UInt8]

    public init(
        room: RoomID, seq: SequenceNumber, kind: EventKind, at: UnixMilliseconds, author: MemberID,
        thread: SequenceNumber?, ordinal: Int64, body: [UInt8]
    ) {
        self.room = room
        self.seq = seq
        self.kind = kind
        self.at = at
        self.author = author
        self.thread = thread
        self.ordinal = ordinal
        self.body = body
    }
}

/// One stored event of a member's own stream.
public struct MeEvent: Hashable, Sendable {
    public let member: MemberID
    public let seq: SequenceNumber
    public let at: UnixMilliseconds
    public let body: [UInt8]

    public init(member: MemberID, seq: SequenceNumber, at: UnixMilliseconds, body: [UInt8]) {
        self.member = member
        self.seq = seq
        self.at = at
        self.body = body
    }
}

/// What stood in a message before an edit or a deletion; for moderators.
public struct Revision: Hashable, Sendable {
    public let room: RoomID
    /// The message.
    public let seq: SequenceNumber
    /// The event that replaced the text.
    public let replacedBy: SequenceNumber
    public let at: UnixMilliseconds
    /// Who replaced it.
    public let by: MemberID
    public let text: String

    public init(
        room: RoomID, seq: SequenceNumber, replacedBy: SequenceNumber, at: UnixMilliseconds, by: MemberID, text: String
    ) {
        self.room = room
        self.seq = seq
        self.replacedBy = replacedBy
        self.at = at
        self.by = by
        self.text = text
    }
}

/// A thread, named by its root message.
public struct ThreadRecord: Hashable, Sendable {
    public let room: RoomID
    public let root: SequenceNumber
    public var title: String
    public var isClosed: Bool
    public var replies: Int64
    public var lastSeq: SequenceNumber
    public var lastAt: UnixMilliseconds

    public init(
        room: RoomID, root: SequenceNumber, title: String = "", isClosed: Bool = false, replies: Int64 = 0,
        lastSeq: SequenceNumber, lastAt: UnixMilliseconds
    ) {
        self.room = room
        self.root = root
        self.title = title
        self.isClosed = isClosed
        self.replies = replies
        self.lastSeq = lastSeq
        self.lastAt = lastAt
    }
}

/// A thread that a member follows, with what they have not read of it.
public struct FollowedThread: Hashable, Sendable {
    public let thread: ThreadRecord
    public let readSeq: SequenceNumber
    /// Replies after `readSeq`, counted up to 1,000.
    public let unread: Int

    public init(thread: ThreadRecord, readSeq: SequenceNumber, unread: Int) {
        self.thread = thread
        self.readSeq = readSeq
        self.unread = unread
    }
}

/// How often one emoji stands under a message.
public struct ReactionCount: Hashable, Sendable {
    public let emoji: String
    public let count: Int
    /// Whether the asking member is among them.
    public let mine: Bool

    public init(emoji: String, count: Int, mine: Bool) {
        self.emoji = emoji
        self.count = count
        self.mine = mine
    }
}

/// A right to enter, handed out as a code of 160 random bits of which only the hash is kept.
public struct Invite: Hashable, Sendable {
    /// SHA-256 of the code.
    public let code: TokenHash
    /// The room it opens; `nil` for the community alone.
    public let room: RoomID?
    /// What a new account becomes that registers with it.
    public let role: Role
    public let createdBy: MemberID
    public let expiresAt: UnixMilliseconds
    public var usesLeft: Int64

    public init(
        code: TokenHash, room: RoomID?, role: Role, createdBy: MemberID, expiresAt: UnixMilliseconds, usesLeft: Int64
    ) {
        self.code = code
        self.room = room
        self.role = role
        self.createdBy = createdBy
        self.expiresAt = expiresAt
        self.usesLeft = usesLeft
    }
}

/// A member's complaint about a message, kept for the review queue.
public struct Report: Hashable, Sendable {
    /// Given by the store when the report is added; 0 before. ``CommunityReader/reports(after:limit:)`` goes by it.
    public var id: Int64 = 0
    public let room: RoomID
    public let seq: SequenceNumber
    public let by: MemberID
    public let at: UnixMilliseconds
    public let reason: String
    /// What the stage said of the reason, as JSON; a report is never refused, since it may quote what it is about.
    public var verdict: [UInt8] = []
    /// The review item that it belongs to.
    public var item: ReviewItemID?

    public init(room: RoomID, seq: SequenceNumber, by: MemberID, at: UnixMilliseconds, reason: String) {
        self.room = room
        self.seq = seq
        self.by = by
        self.at = at
        self.reason = reason
    }
}

/// What became of a post, so that a repeat of its nonce answers the same.
public struct PostOutcome: Hashable, Sendable {
    public let room: RoomID
    /// The `ok` object of the first reply.
    public let reply: [UInt8]

    public init(room: RoomID, reply: [UInt8]) {
        self.room = room
        self.reply = reply
    }
}
