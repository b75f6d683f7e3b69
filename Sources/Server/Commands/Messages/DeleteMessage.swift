import Community
import LyceumProtocol

/// `message.delete`: leaves a tombstone in place of one's own message, or as a moderator of anybody's.
struct DeleteMessage: Command, WriteCommand {
    static let fields: [Field] = [.required("room", .number), .required("seq", .number)]
    static let answer: [Field] = [.required("seq", .number), .required("at", .number)]

    let room: RoomID?
    let seq: SequenceNumber
    var freesSpace: Bool { true }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let actor = try context.requireActor()
        let room = try context.room(room)
        var message = try context.message(seq, in: room.id)
        if message.event.author == actor.id {
            try context.require(.within(.editOwn), in: room.id)
        } else {
            try context.require(.seeing(.moderate), in: room.id)
        }
        let event = try context.delete(&message, by: actor.id)
        if message.event.author != actor.id {
            try context.audit("message.delete", room: room.id, member: message.event.author) {
                $0.field("message", seq)
            }
        }
        return object { json in
            json.field("seq", event.seq)
            json.field("at", event.at)
        }
    }
}

extension WriteContext {
    /// Leaves a tombstone in place of a message.
    func delete(_ message: inout MessageBody, by actor: MemberID) throws -> RoomEvent {
        let (room, seq) = (message.event.room, message.event.seq)
        let event = try append(.messageDeleted, in: room, by: actor, thread: message.thread) { json in
            json.field("message", seq)
            json.field("thread", message.thread)
        }
        message.attachments = []
        try transaction.setGone(now, filesOf: seq, in: room)
        try replace(
            &message, by: event, text: "", mentions: Mentions.Wire(members: [], wholeRoom: false), isDeletion: true)
        if try transaction.unpin(seq, in: room) {
            try append(.messageUnpinned, in: room, by: actor) { $0.field("message", seq) }
        }
        return event
    }
}
