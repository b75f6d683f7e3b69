import Community
import LyceumProtocol

/// `read.mark`: says how far one has read, in a room or a thread. Only forward; behind is answered as done.
struct MarkRead: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("seq", .position), .optional("thread", .number),
    ]
    static let answer: [Field] = [.required("read_seq", .position), .optional("unread", .position)]

    let room: RoomID?
    private let seq: SequenceNumber
    private let thread: SequenceNumber?

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
        thread = fields.optionalInteger("thread")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        guard let membership = context.community.membership(of: member.id, in: room.id) else { throw Refusal.notFound }
        let target = min(seq, room.seq)
        if let thread {
            guard try context.transaction.thread(thread, in: room.id) != nil else { throw Refusal.notFound }
            try context.transaction.markRead(thread, in: room.id, by: member.id, seq: target)
            try context.note(.read, by: member.id, in: room.id, thread: thread)
            let followed = try context.transaction.followed(thread, in: room.id, by: member.id)
            return object { json in
                json.field("read_seq", followed?.readSeq ?? target)
                json.field("unread", followed?.unread)
            }
        }
        if target > membership.readSeq {
            let ordinal = try context.transaction.event(target, in: room.id)?.ordinal ?? room.ordinal
            try context.apply(.read(room.id, member.id, seq: target, ordinal: ordinal))
            try context.note(.read, by: member.id, in: room.id)
            // The member's other devices hear of it.
            context.signal(.read, to: member.id) { json in
                json.field("room", room.id.rawValue)
                json.field("read_seq", target)
            }
        }
        return object { json in
            json.field("read_seq", max(target, membership.readSeq))
            json.field("unread", context.community.unread(of: member.id, in: room.id))
        }
    }
}
