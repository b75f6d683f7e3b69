import Community
import LyceumProtocol

/// `thread.follow`: counts what is unread in a thread from now on.
struct FollowThread: Command, WriteCommand {
    static let fields: [Field] = [.required("room", .number), .required("thread", .number)]
    static let answer: [Field] = []

    let room: RoomID?
    private let thread: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        thread = try fields.integer("thread")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        let record = try context.existingThread(thread, in: room.id)
        try context.transaction.follow(thread, in: room.id, by: member.id, readSeq: record.lastSeq)
        try context.note(.followed, by: member.id, in: room.id, thread: thread)
        return emptyObject
    }
}

/// `thread.unfollow`.
struct UnfollowThread: Command, WriteCommand {
    static let fields = FollowThread.fields
    static let answer: [Field] = []

    let room: RoomID?
    private let thread: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        thread = try fields.integer("thread")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        _ = try context.existingThread(thread, in: room.id)
        try context.transaction.unfollow(thread, in: room.id, by: member.id)
        try context.note(.unfollowed, by: member.id, in: room.id, thread: thread)
        return emptyObject
    }
}

extension WriteContext {
    /// The message that a thread is under, or would be. A thread that has replies outlives its root.
    /// - Throws: ``Refusal/notFound`` for what is no message, and for a deleted one that nobody replied to.
    func threadRoot(_ root: SequenceNumber, in room: RoomID) throws -> MessageBody {
        guard let event = try transaction.event(root, in: room) else { throw Refusal.notFound }
        let message = try MessageBody(event)
        if message.isDeleted {
            guard let record = try transaction.thread(root, in: room), record.replies > 0 else {
                throw Refusal.notFound
            }
        }
        return message
    }

    /// The thread under a message; one without replies yet is a thread as soon as somebody follows or names it.
    func existingThread(_ root: SequenceNumber, in room: RoomID) throws -> ThreadRecord {
        if let record = try transaction.thread(root, in: room) { return record }
        let message = try message(root, in: room)
        guard message.thread == nil else { throw Refusal.notFound }
        let record = ThreadRecord(room: room, root: root, lastSeq: root, lastAt: message.event.at)
        try transaction.put(record)
        return record
    }
}
