import Community
import LyceumProtocol

/// A message on its way into a room: from its author's post, or from the review queue that releases it.
struct MessageDraft {
    let room: RoomID
    let author: MemberID
    var text: String
    let thread: SequenceNumber?
    let replyTo: SequenceNumber?
    var files: [FileRecord] = []
    /// What a bot's message carries besides, as JSON.
    var bot: [UInt8]?

    /// The thread it goes to, if any.
    /// - Throws: A refusal if there is no message that could be the root, or the thread is closed.
    func target(in context: WriteContext) throws -> ThreadTarget? {
        try thread.map { try ThreadTarget(root: $0, room: room, in: context) }
    }

    /// Puts the message into the room; everything that could be refused has been checked.
    func post(to target: ThreadTarget?, mentions: Mentions, in context: WriteContext) throws -> RoomEvent {
        // What was held before held messages kept their buttons is a bot's all the same.
        let bot = bot ?? (context.community.members[author]?.role == .bot ? emptyObject : nil)
        let event = try context.append(.messagePosted, in: room, by: author, thread: thread) { json in
            MessageBody.write(
                text: text, thread: thread, replyTo: replyTo, mentions: mentions.wire,
                attachments: files.map(Attachment.init), bot: bot, to: &json)
        }
        try context.attach(files, to: event)
        try target?.add(event, in: context)
        try context.call(mentions, from: event)
        try context.countPost(of: author)
        return event
    }
}

extension WriteContext {
    /// A post that was shown earns trust, up to a point.
    func countPost(of author: MemberID) throws {
        var standing = community.standing(of: author)
        guard standing.posts < Standing.mostPosts else { return }
        standing.posts += 1
        try apply(.standing(author, standing))
    }
}

/// The thread that a post goes to.
struct ThreadTarget {
    private let record: ThreadRecord
    private let starter: MemberID

    /// - Throws: A refusal if there is no message that could be the root, or the thread is closed.
    init(root: SequenceNumber, room: RoomID, in context: WriteContext) throws {
        let message = try context.threadRoot(root, in: room)
        guard message.thread == nil else {
            throw Refusal(.malformed, "A reply inside a thread cannot be the root of another.")
        }
        try self.init(under: message, in: context)
        if record.isClosed { throw Refusal(.archived, "This thread is closed.") }
    }

    /// For a reply that was in time and waited for a moderator: that the thread was closed or its root deleted meanwhile
    /// does not turn it away, and it counts there as any other.
    ///
    /// - Returns: `nil` if the root is no message.
    init?(ofReleased root: SequenceNumber, room: RoomID, in context: WriteContext) throws {
        guard let event = try context.transaction.event(root, in: room), event.kind == .messagePosted else {
            return nil
        }
        try self.init(under: try MessageBody(event), in: context)
    }

    private init(under root: MessageBody, in context: WriteContext) throws {
        let (room, seq) = (root.event.room, root.event.seq)
        starter = root.event.author
        record =
            try context.transaction.thread(seq, in: room)
            ?? ThreadRecord(room: room, root: seq, lastSeq: seq, lastAt: root.event.at)
    }

    /// Counts the reply; the starter and everybody who replies follow from then on.
    func add(_ event: RoomEvent, in context: WriteContext) throws {
        var record = record
        record.replies += 1
        record.lastSeq = event.seq
        record.lastAt = event.at
        try context.transaction.put(record)
        if record.replies == 1 {
            try context.transaction.follow(record.root, in: record.room, by: starter, readSeq: record.root)
        }
        try context.transaction.follow(record.root, in: record.room, by: event.author, readSeq: event.seq)
    }
}
