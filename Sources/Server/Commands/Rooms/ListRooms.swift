import Community
import LyceumProtocol

/// `room.list`: the rooms one may see, by id.
struct ListRooms: Command, ReadCommand {
    static let fields: [Field] = [.optional("after", .position), .optional("limit", .integer(1...200))]
    static let answer: [Field] = [
        .required("rooms", .array(.object(RoomEntry.fields), atMost: 200)), .optional("next", .number),
    ]

    var room: RoomID? { nil }
    private let after: RoomID
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        after = RoomID(fields.optionalInteger("after") ?? 0)
        limit = Int(fields.optionalInteger("limit") ?? 100)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let mentions = try context.reader.unreadMentions(
            of: context.member, after: context.community { $0.readMarks(of: context.member) })
        return context.community { community in
            let visible = community.rooms.values
                .filter { $0.id > after && Gate.canSee($0.id, context.member, of: community) }
                .sorted { $0.id < $1.id }
            return object { json in
                json.field("rooms", array: visible.prefix(limit)) { json, room in
                    json.object { json in
                        RoomEntry.write(
                            room, for: context.member, mentions: mentions[room.id] ?? 0, of: community, to: &json)
                    }
                }
                if visible.count > limit { json.field("next", visible[limit - 1].id.rawValue) }
            }
        }
    }
}
