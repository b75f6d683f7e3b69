import Community
import LyceumProtocol

/// `room.create`: a public or private room, whose creator owns it.
struct CreateRoom: Command, WriteCommand {
    static let fields: [Field] = [
        .required("name", .string(2...32)), .optional("title", .string(0...200)),
        .required("kind", .word(["public", "private"])), .optional("topic", .string(0...1000)),
    ]
    static let answer: [Field] = [.required("room", .number), .required("entry", .object(RoomEntry.fields))]

    var room: RoomID? { nil }
    private let name: String
    private let title: String
    private let topic: String
    private let kind: Room.Kind
    var texts: [SubmittedText] {
        [
            SubmittedText(kind: .name, text: name), SubmittedText(kind: .title, text: title),
            SubmittedText(kind: .topic, text: topic),
        ]
    }

    init(_ fields: CommandFields) throws(JSONError) {
        name = try fields.string("name")
        title = fields.optionalString("title") ?? name
        topic = fields.optionalString("topic") ?? ""
        kind = Room.Kind(rawValue: try fields.string("kind")) ?? .public
        guard NameRules.isValid(name) else { throw .field("name", NameRules.description) }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let creator = try context.requireActor()
        try context.require(.community(kind == .public ? .createRoom : .createPrivateRoom))
        if kind == .public, context.community.publicRoom(named: name) != nil {
            throw Refusal(.conflict, "There is a public room of this name.")
        }
        try context.admitName()
        let title = try context.admit(title, as: .title)
        let topic = try context.admit(topic, as: .topic)
        let id = try context.transaction.makeRoomID()
        try context.apply(
            .room(
                Room(
                    id: id, kind: kind, name: name, title: title, topic: topic, createdBy: creator.id,
                    createdAt: context.now)))
        context.hear(id, creator.id)
        let event = try context.append(.roomCreated, in: id, by: creator.id) { json in
            json.field("name", name)
            json.field("title", title)
            json.field("topic", topic)
            json.field("kind", kind.rawValue)
        }
        try context.join(creator, id, role: .owner)
        try note(event, title: title, topic: topic, in: context)
        return try context.entry(of: id)
    }

    private func note(_ event: RoomEvent, title: String, topic: String, in context: WriteContext) throws {
        let (room, creator) = (event.room, event.author)
        try context.noteForReview(
            context.judgement(on: .name),
            .init(subject: .name, text: name, room: room, member: creator, seq: event.seq))
        // A room without a title has its name for one, which was looked at.
        if self.title != name {
            try context.noteForReview(
                context.judgement(on: .title),
                .init(subject: .title, text: self.title, room: room, member: creator, seq: event.seq, shown: title))
        }
        try context.noteForReview(
            context.judgement(on: .topic),
            .init(subject: .topic, text: self.topic, room: room, member: creator, seq: event.seq, shown: topic))
    }
}
