import LyceumProtocol

/// A room's whole state as one member may see it, at one moment.
public struct RoomSnapshot: Sendable, Hashable {
    /// What a room is besides what is said in it.
    public struct Fields: Sendable, Hashable {
        public var name = ""
        public var title = ""
        public var kind = ""
        public var topic = ""
        public var slowModeSeconds: Int64 = 0
        public var isAnnouncement = false
        public var isArchived = false

        public init() {}

        init(_ entry: RoomEntry) {
            name = entry.name
            title = entry.title
            kind = entry.kind
            topic = entry.topic
            slowModeSeconds = entry.slowModeSeconds
            isAnnouncement = entry.isAnnouncement
            isArchived = entry.isArchived
        }
    }

    public struct Reaction: Sendable, Hashable {
        public var count: Int64
        /// Whether the viewer is among them.
        public var isMine: Bool
    }

    public struct Replies: Sendable, Hashable {
        public var count: Int64
        public var lastSeq: SequenceNumber
        public var title: String
        public var isClosed: Bool
    }

    public struct Message: Sendable, Hashable {
        public var seq: SequenceNumber
        public var at: UnixMilliseconds
        public var by: MemberID
        public var text: String
        public var thread: SequenceNumber?
        public var replyTo: SequenceNumber?
        public var mentions: Set<MemberID> = []
        public var mentionsRoom = false
        public var editedAt: UnixMilliseconds?
        public var isDeleted = false
        public var reactions: [String: Reaction] = [:]
        public var isPinned = false
        /// What a thread's root tells of its thread; `nil` without replies, title or closing.
        public var replies: Replies?
    }

    public var fields: Fields
    public var members: [MemberID: RoomMember]
    public var messages: [SequenceNumber: Message]
}

extension RoomSnapshot.Message {
    /// Reads one of the `messages` of a folded page of history.
    init(_ json: JSONText) throws {
        self = try json.read { message in
            var read = RoomSnapshot.Message(
                seq: try message.integer("seq"), at: try message.integer("at"), by: try message.member("by"),
                text: message["text"]?.string ?? "", thread: message["thread"]?.integer,
                replyTo: message["reply_to"]?.integer)
            read.mentions = Set(message["mentions"]?.elements?.compactMap { $0.integer.map { MemberID($0) } } ?? [])
            read.mentionsRoom = message["mentions_room"]?.bool ?? false
            read.editedAt = message["edited_at"]?.integer
            read.isDeleted = message["deleted"]?.bool ?? false
            read.isPinned = message["pinned"]?.bool ?? false
            return read
        }
        for reaction in json.objects("reactions") {
            guard let emoji = reaction.string("emoji"), let count = reaction.integer("count") else { continue }
            reactions[emoji] = RoomSnapshot.Reaction(count: count, isMine: reaction.bool("mine") ?? false)
        }
        replies = json.object("replies").map { replies in
            RoomSnapshot.Replies(
                count: replies.integer("count") ?? 0, lastSeq: replies.integer("last_seq") ?? 0,
                title: replies.string("title") ?? "", isClosed: replies.bool("closed") ?? false)
        }
        // A thread that somebody follows and nobody has replied to is no change of the room.
        if let empty = replies, empty.count == 0, empty.title.isEmpty, !empty.isClosed { replies = nil }
    }
}
