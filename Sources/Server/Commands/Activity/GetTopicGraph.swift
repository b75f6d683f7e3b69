import Activity
import LyceumProtocol

/// `activity.topics`: which topics go together in public rooms, or with one topic.
struct GetTopicGraph: Command, LiveCommand {
    static let fields: [Field] = [.optional("topic", .string(1...100)), .optional("limit", .integer(1...500))]
    static let answer: [Field] = [
        .required("edges", .array(.object("from, to, similarity, members (from 5 on)"), atMost: 500))
    ]

    var room: RoomID? { nil }
    private let topic: String?
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        topic = fields.optionalString("topic")?.lowercased()
        limit = Int(fields.optionalInteger("limit") ?? 100)
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        try call.study { tracker, _ in
            let edges = tracker.everyone.topicGraph(limit: topic == nil ? limit : .max)
                .filter { topic == nil || topic == $0.a || topic == $0.b }.prefix(limit)
            return object { json in
                json.field("edges", array: edges) { json, edge in
                    json.object { json in
                        json.field("from", edge.a)
                        json.field("to", edge.b)
                        json.field("similarity", edge.similarity)
                        json.field("members", edge.members)
                    }
                }
            }
        }
    }
}

extension LiveCall {
    /// Answers from a copy of the state, off the thread that follows the events: for what reads all of it.
    func study(
        _ work: @escaping @Sendable (Tracker, Recommender) -> [UInt8]
    ) throws(Refusal) -> [UInt8]? {
        guard let service = server.activity else {
            throw Refusal(.unavailable, "Recommendations are switched off here.")
        }
        let (server, address) = (server, address)
        try service.submit { core, _ in
            let (tracker, recommender) = (core.tracker, core.recommender)
            do throws(Refusal) {
                try server.readPool.submit {
                    let body = work(tracker, recommender)
                    server.tell([(address, .done(body))])
                }
            } catch {
                server.tell([(address, .refused(error))])
            }
        }
        return nil
    }
}
