import Community
import LyceumProtocol

/// `message.pin`: keeps a message at hand for everybody in the room.
struct PinMessage: Command, WriteCommand {
    static let fields: [Field] = [.required("room", .number), .required("seq", .number)]
    static let answer: [Field] = [.optional("seq", .number)]
    /// Pinned messages of one room.
    private static let limit = 100

    let room: RoomID?
    let seq: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        _ = try context.message(seq, in: room.id)
        let pins = try context.transaction.pins(in: room.id)
        if pins.contains(seq) { return emptyObject }
        guard pins.count < Self.limit else {
            throw Refusal(.conflict, "A room can have \(Self.limit) pinned messages.")
        }
        _ = try context.transaction.pin(seq, in: room.id, by: member.id, at: context.now)
        let event = try context.append(.messagePinned, in: room.id, by: member.id) { $0.field("message", seq) }
        return object { $0.field("seq", event.seq) }
    }
}

/// `message.unpin`.
struct UnpinMessage: Command, WriteCommand {
    static let fields = PinMessage.fields
    static let answer = PinMessage.answer

    let room: RoomID?
    let seq: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        _ = try context.message(seq, in: room.id)
        guard try context.transaction.unpin(seq, in: room.id) else { return emptyObject }
        let event = try context.append(.messageUnpinned, in: room.id, by: member.id) { $0.field("message", seq) }
        return object { $0.field("seq", event.seq) }
    }
}

/// `room.pins`: the pinned messages, newest pin first.
struct ListPins: Command, ReadCommand {
    static let fields: [Field] = [.required("room", .number)]
    static let answer: [Field] = [.required("messages", .array(.object("a folded message"), atMost: 100))]

    let room: RoomID?

    init(_ fields: CommandFields) throws(JSONError) { room = try fields.room() }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room else { throw Refusal.notFound }
        let messages = try context.reader.pins(in: room).compactMap { try context.reader.event($0, in: room) }
        return try object { json in try FoldedMessages(messages, in: room, context).write(to: &json) }
    }
}
