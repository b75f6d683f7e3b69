import Community
import LyceumProtocol

/// `thread.update`: names or closes a thread; for its starter and moderators.
struct UpdateThread: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("thread", .number), .optional("title", .string(0...200)),
        .optional("closed", .boolean),
    ]
    static let answer: [Field] = [.required("seq", .number)]

    let room: RoomID?
    private let thread: SequenceNumber
    private let title: String?
    private let closed: Bool?
    var texts: [SubmittedText] { title.map { [SubmittedText(kind: .title, text: $0)] } ?? [] }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        thread = try fields.integer("thread")
        title = fields.optionalString("title")
        closed = fields.optionalBool("closed")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        let root = try context.threadRoot(thread, in: room.id)
        if root.event.author != member.id { try context.require(.seeing(.moderate), in: room.id) }
        let admitted = try title.map { (title) throws(Refusal) in try context.admit(title, as: .title) }
        var record = try context.existingThread(thread, in: room.id)
        if let admitted { record.title = admitted }
        if let closed { record.isClosed = closed }
        try context.transaction.put(record)
        let event = try context.append(.threadUpdated, in: room.id, by: member.id) { json in
            json.field("thread", thread)
            json.field("title", record.title)
            json.field("closed", record.isClosed)
        }
        if let title {
            try context.noteForReview(
                context.judgement(on: .title),
                .init(
                    subject: .title, text: title, room: room.id, member: member.id, seq: event.seq, thread: thread,
                    shown: record.title))
        }
        return object { $0.field("seq", event.seq) }
    }
}

/// `thread.list`: the threads one follows, newest reply first, with what is unread in each.
struct ListFollowedThreads: Command, ReadCommand {
    static let fields: [Field] = [.optional("room", .number)]
    static let answer: [Field] = [
        .required(
            "threads",
            .array(.object("room, thread, title, closed, replies, last_seq, last_at, read_seq, unread"), atMost: 10_000)
        )
    ]

    var room: RoomID? { nil }
    private let filter: RoomID?

    init(_ fields: CommandFields) throws(JSONError) { filter = fields.optionalInteger("room").map(RoomID.init) }

    func answer(in context: ReadContext) throws -> [UInt8] {
        if let filter { try context.require(.seeing([]), in: filter) }
        let followed = try context.reader.followedThreads(of: context.member, in: filter)
        let visible = context.community { community in
            followed.filter { community.membership(of: context.member, in: $0.thread.room) != nil }
        }
        return object { json in
            json.field("threads", array: visible) { json, followed in
                json.object { json in
                    json.field("room", followed.thread.room.rawValue)
                    json.field("thread", followed.thread.root)
                    json.field("title", followed.thread.title)
                    json.field("closed", followed.thread.isClosed)
                    json.field("replies", followed.thread.replies)
                    json.field("last_seq", followed.thread.lastSeq)
                    json.field("last_at", followed.thread.lastAt)
                    json.field("read_seq", followed.readSeq)
                    json.field("unread", followed.unread)
                }
            }
        }
    }
}
