import Community
import LyceumProtocol

/// `room.members`: who is in a room, by id, with roles and presence.
struct ListRoomMembers: Command, ReadCommand {
    static let fields: [Field] = [
        .required("room", .number), .optional("after", .position), .optional("limit", .integer(1...1000)),
    ]
    static let answer: [Field] = [
        .required("members", .array(.object("id, name, role, presence"), atMost: 1000)), .optional("next", .number),
    ]

    let room: RoomID?
    private let after: MemberID
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        after = MemberID(fields.optionalInteger("after") ?? 0)
        limit = Int(fields.optionalInteger("limit") ?? 200)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room else { throw Refusal.notFound }
        return context.community { community in
            let roster = community.memberships(in: room)
            let following = roster.keys.filter { $0 > after }.sorted()
            return object { json in
                json.field("members", array: following.prefix(limit)) { json, id in
                    guard let member = community.members[id] else { return }
                    json.object { json in
                        json.field("id", id.rawValue)
                        json.field("name", member.name)
                        json.field("role", (roster[id]?.role ?? member.role).rawValue)
                        json.field("presence", context.server.presence.state(of: id).rawValue)
                    }
                }
                if following.count > limit { json.field("next", following[limit - 1].rawValue) }
            }
        }
    }
}
