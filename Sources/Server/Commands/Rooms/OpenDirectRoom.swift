import Community
import LyceumProtocol

/// `direct.open`: the direct room of exactly these members and oneself; made if there is none.
struct OpenDirectRoom: Command, WriteCommand {
    static let fields: [Field] = [.required("members", .array(.number, atMost: 8))]
    static let answer: [Field] = [.required("room", .number), .required("entry", .object(RoomEntry.fields))]

    var room: RoomID? { nil }
    private let members: [MemberID]

    init(_ fields: CommandFields) throws(JSONError) {
        members = (fields.optionalIntegers("members") ?? []).map(MemberID.init)
        guard !members.isEmpty else { throw .field("members", "an array of 1 to 8 members") }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let actor = try context.requireActor()
        let others = Set(members).subtracting([actor.id]).sorted()
        let everybody = Set(others).union([actor.id])
        if let room = context.community.directRoom(of: everybody) { return try context.entry(of: room) }
        let joining = try others.map { id in
            guard let member = context.community.members[id], !member.isBanned(at: context.now) else {
                throw Refusal.notFound
            }
            let person = context.community.person(behind: id)
            guard everybody.contains(person) else { throw Refusal.botWithoutOwner }
            return member
        }
        let id = try context.transaction.makeRoomID()
        try context.apply(
            .room(Room(id: id, kind: .direct, name: "", title: "", createdBy: actor.id, createdAt: context.now)))
        context.hear(id, actor.id)
        try context.append(.roomCreated, in: id, by: actor.id) { $0.field("kind", Room.Kind.direct.rawValue) }
        for member in [actor] + joining { try context.join(member, id) }
        for member in joining {
            try context.tell(.roomAdded, to: member.id) { json in
                json.field("room", id.rawValue)
                json.field("by", actor.id.rawValue)
            }
        }
        return try context.entry(of: id)
    }
}
