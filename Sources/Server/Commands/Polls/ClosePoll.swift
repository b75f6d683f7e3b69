import Community
import LyceumProtocol

/// `poll.close`: ends a poll of one's own, or as a moderator any, and shows what came of it.
struct ClosePoll: Command, WriteCommand {
    static let fields: [Field] = [.required("room", .number), .required("poll", .number)]
    static let answer: [Field] = [.required("seq", .number), .required("at", .number)]

    let room: RoomID?
    private let poll: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        poll = try fields.integer("poll")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let poll = try context.ownPoll(poll, in: room)
        guard poll.closedAt == nil else { throw Refusal(.conflict, "This poll is closed.") }
        let event = try context.close(poll, by: try context.requireActor().id)
        return object { json in
            json.field("seq", event.seq)
            json.field("at", event.at)
        }
    }
}

/// `poll.delete`: takes a poll of one's own, or as a moderator any, out of the room with all of its votes.
struct DeletePoll: Command, WriteCommand {
    static let fields = ClosePoll.fields
    static let answer = ClosePoll.answer

    let room: RoomID?
    private let poll: SequenceNumber
    var freesSpace: Bool { true }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        poll = try fields.integer("poll")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let poll = try context.ownPoll(poll, in: room)
        let actor = try context.requireActor()
        let event = try context.delete(poll, by: actor.id)
        if poll.author != actor.id {
            try context.audit("poll.delete", room: poll.room, member: poll.author) { $0.field("poll", poll.seq) }
        }
        return object { json in
            json.field("seq", event.seq)
            json.field("at", event.at)
        }
    }
}

extension WriteContext {
    /// A poll that the one who acts may end.
    fileprivate func ownPoll(_ seq: SequenceNumber, in room: RoomID?) throws -> Poll {
        let poll = try poll(seq, in: try self.room(room).id)
        if poll.author != (try requireActor().id) { try require(.seeing(.moderate), in: poll.room) }
        return poll
    }
}
