import Community
import LyceumProtocol

/// `search`: the messages and questions that a text finds, best first, in rooms the member may see.
///
/// A question is found by its own text and its answers', and only while everybody in the room reads it: not while it
/// waits, and not once it was dismissed. Whoever asked anonymously is named by 0, as in the room.
///
/// Not one snapshot: the index first catches up with what was acknowledged before the question.
struct Search: Command, PoolCommand {
    static let fields: [Field] = [
        .required("text", .string(1...200)), .optional("room", .number), .optional("from", .number),
        .optional("before", .position), .optional("after", .position), .optional("limit", .integer(1...100)),
    ]
    static let answer: [Field] = [
        .required(
            "hits",
            .array(
                .object(
                    "room, a folded message's fields, score, spans: [[from, to]] in UTF-16 units; of a question kind "
                        + "question, score, spans, \(QuestionText.foundFields)"),
                atMost: 100))
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

    func answer(for member: MemberID, on server: ServerState) throws -> [UInt8] {
        var query = query
        if let room = query.rooms.first {
            try server.committed.withLock { community in
                try Gate.admit(.seeing([]), for: member, in: room, of: community, at: server.now())
            }
        } else {
            query.rooms = server.committed.withLock { Array($0.rooms.keys) }
        }
        query.rooms = server.visible(query.rooms, to: member)
        let found = try server.store.search(query)
        // Asked again: a room may have become invisible while it was searched.
        let visible = Set(server.visible(found.map(\.event.room), to: member))
        let hits = try found.filter { visible.contains($0.event.room) }.map { try SearchHitText($0) }
            .filter { !$0.isDeleted }
        return object { json in
            json.field("hits", array: hits) { json, hit in json.object { hit.write(query.text, to: &$0) } }
        }
    }
}

/// A hit as the answer has it.
private struct SearchHitText {
    private let hit: SearchHit
    private let message: MessageBody?

    init(_ hit: SearchHit) throws {
        self.hit = hit
        message = hit.asked == nil ? try MessageBody(hit.event) : nil
    }

    var isDeleted: Bool { message?.isDeleted ?? false }

    func write(_ query: String, to json: inout JSONWriter) {
        if let message {
            json.field("room", hit.event.room.rawValue)
            message.writeFolded(to: &json)
        } else if let (question, answers) = hit.asked {
            json.field("kind", "question")
            QuestionText.writeFound(question, answers, to: &json)
        }
        json.field("score", hit.score)
        let spans = SearchHighlight.spans(of: query, in: message?.text ?? hit.asked?.question.text ?? "")
        json.field("spans", array: spans) { json, span in
            json.array([span.lowerBound, span.upperBound]) { $0.value($1) }
        }
    }
}

extension ServerState {
    /// Those of `rooms` that a member may look into.
    fileprivate func visible(_ rooms: [RoomID], to member: MemberID) -> [RoomID] {
        committed.withLock { community in rooms.filter { Gate.canSee($0, member, of: community) } }
    }
}
