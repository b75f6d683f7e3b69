import Community
import LyceumProtocol

/// `search`: the messages that a text finds, best first, in rooms the member may see.
struct Search: Command, ReadCommand {
    static let fields: [Field] = [
        .required("text", .string(1...200)), .optional("room", .number), .optional("from", .number),
        .optional("before", .position), .optional("after", .position), .optional("limit", .integer(1...100)),
    ]
    static let answer: [Field] = [
        .required(
            "hits",
            .array(.object("room, a folded message's fields, score, spans: [[from, to]] in UTF-16 units"), atMost: 100))
    ]

    let room: RoomID?
    private let query: SearchQuery

    init(_ fields: CommandFields) throws(JSONError) {
        // The row asks for a permission in the community; the room is passed through the gate below.
        room = nil
        query = SearchQuery(
            text: try fields.string("text"), rooms: fields.optionalInteger("room").map { [RoomID($0)] } ?? [],
            author: fields.optionalInteger("from").map(MemberID.init), after: fields.optionalInteger("after"),
            before: fields.optionalInteger("before"), limit: Int(fields.optionalInteger("limit") ?? 20))
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        var query = query
        if let room = query.rooms.first {
            try context.require(.seeing([]), in: room)
        } else {
            query.rooms = context.community { community in
                community.rooms.keys.filter { Gate.canSee($0, context.member, of: community) }
            }
        }
        let hits = query.rooms.isEmpty ? [] : try context.server.store.search(query)
        let messages = try hits.map { ($0, try MessageBody($0.event)) }.filter { !$0.1.isDeleted }
        return object { json in
            json.field("hits", array: messages) { json, hit in
                json.object { json in
                    json.field("room", hit.0.event.room.rawValue)
                    hit.1.writeFolded(to: &json)
                    json.field("score", hit.0.score)
                    json.field("spans", array: SearchHighlight.spans(of: query.text, in: hit.1.text)) { json, span in
                        json.array([span.lowerBound, span.upperBound]) { $0.value($1) }
                    }
                }
            }
        }
    }
}
