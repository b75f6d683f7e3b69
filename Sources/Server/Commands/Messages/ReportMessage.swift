import Community
import LyceumProtocol

/// `message.report`: a complaint for the review queue. Nobody but moderators learns of it.
struct ReportMessage: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("seq", .number), .required("reason", .string(1...500)),
    ]
    static let answer: [Field] = []

    let room: RoomID?
    let seq: SequenceNumber
    let reason: String

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
        reason = try fields.string("reason")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        _ = try context.message(seq, in: room.id)
        try context.transaction.add(
            Report(room: room.id, seq: seq, by: member.id, at: context.now, reason: reason))
        return emptyObject
    }
}

/// `message.revisions`: what stood in a message before; for moderators.
struct ListRevisions: Command, ReadCommand {
    static let fields: [Field] = [.required("room", .number), .required("seq", .number)]
    static let answer: [Field] = [
        .required("revisions", .array(.object("seq of the event that replaced it, at, by, text"), atMost: 10_000))
    ]

    let room: RoomID?
    let seq: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room, try context.reader.event(seq, in: room)?.kind == .messagePosted else { throw Refusal.notFound }
        let revisions = try context.reader.revisions(of: seq, in: room)
        return object { json in
            json.field("revisions", array: revisions) { json, revision in
                json.object { json in
                    json.field("seq", revision.replacedBy)
                    json.field("at", revision.at)
                    json.field("by", revision.by.rawValue)
                    json.field("text", revision.text)
                }
            }
        }
    }
}
