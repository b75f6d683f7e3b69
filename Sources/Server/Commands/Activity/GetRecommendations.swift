import Activity
import Community
import LyceumProtocol

/// `recommend.get`: rooms, threads, questions, topics, peers and experts for the member, each with its reason.
struct GetRecommendations: Command, LiveCommand {
    static let fields: [Field] = [
        .optional("kinds", .array(.word(Surface.allCases.map(\.rawValue)), atMost: Surface.allCases.count)),
        .optional("limit", .integer(1...50)), .optional("room", .number), .optional("text", .string(1...1000)),
    ]
    static let answer: [Field] = [
        .required("items", .array(RecommendationItem.schema, atMost: 300)), .required("version", .position),
    ]

    /// The row asks for a permission in the community; a room is passed through the gate below.
    var room: RoomID? { nil }
    private let only: RoomID?
    private let kinds: [Surface]
    private let limit: Int
    /// What is asked, for experts; without it, what the member asked last.
    private let text: String?

    init(_ fields: CommandFields) throws(JSONError) {
        only = fields.optionalInteger("room").map(RoomID.init)
        let named = Set(fields.json["kinds"]?.elements?.compactMap { $0.string.flatMap(Surface.init) } ?? [])
        kinds = Surface.allCases.filter { named.isEmpty || named.contains($0) }
        limit = Int(fields.optionalInteger("limit") ?? 10)
        text = fields.optionalString("text")
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let server = call.server
        guard let member = call.actor.member else { throw .notFound }
        if let only { try server.require(.seeing([]), for: member, in: only) }
        return try call.ask { core, pushes in
            let viewer = Viewer(member, server)
            guard viewer.isServed, core.counts(member) else { return { Self.answer([], version: 0) } }
            var items: [RecommendationItem] = []
            var version: Int64 = 0
            for kind in kinds {
                let list = core.items(
                    kind, for: viewer, limit: limit, room: only, question: text, at: server.now())
                items += list.items
                // Pushes tell what differs from the list that the client has: the usual one, if it was asked for.
                if only == nil, text == nil, limit == ActivityCore.listLength {
                    version = pushes.answered(member, kind, list.subjects)
                }
            }
            let (found, reached) = (items, version)
            return { Self.answer(found.visible(to: member, on: server), version: reached) }
        }
    }

    private static func answer(_ items: [RecommendationItem], version: Int64) -> Outcome {
        .done(
            object { json in
                json.field("items", array: items) { $0.raw($1.json) }
                json.field("version", version)
            })
    }
}

extension RecommendationItem {
    static let schema = Field.Kind.object(
        "kind, key, what names it (room, thread, member or topic), score, impression, "
            + "reason {code, en, zh, evidence, terms [{name, weight, value}]}; weight × value add up to the score")
}

extension LiveCall {
    /// Has the thread that recommends answer this call.
    ///
    /// - Parameter work: Runs there; what it returns runs on the event loop, just before the answer goes out, and
    ///   leaves away what has become invisible meanwhile.
    func ask(
        _ work: @escaping @Sendable (ActivityCore, PushBoard) -> @Sendable () -> Outcome
    ) throws(Refusal) -> [UInt8]? {
        guard let service = server.activity else {
            throw Refusal(.unavailable, "Recommendations are switched off here.")
        }
        let (server, address) = (server, address)
        try service.submit { core, pushes in
            let outcome = work(core, pushes)
            service.note { $0.questions += 1 }
            server.onHub(address.loop) { $0.reply(outcome(), to: address) }
        }
        return nil
    }
}

extension ServerState {
    /// Passes the gate for what a command's row cannot say.
    func require(_ requirement: Requirement, for member: MemberID, in room: RoomID? = nil) throws(Refusal) {
        let now = now()
        let refusal: Refusal? = committed.withLock { community in
            do throws(Refusal) {
                try Gate.admit(requirement, for: member, in: room, of: community, at: now)
                return nil
            } catch {
                return error
            }
        }
        if let refusal { throw refusal }
    }
}
