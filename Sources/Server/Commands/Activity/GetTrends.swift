import Activity
import Community
import LyceumProtocol

/// `activity.trends`: what rises, over the last hour, day or week, in what the member may see.
struct GetTrends: Command, LiveCommand {
    static let fields: [Field] = [
        .optional("room", .number), .optional("window", .word(Trend.Window.allCases.map(\.rawValue))),
        .optional("limit", .integer(1...50)),
    ]
    static let answer: [Field] = [
        .required(
            "trends",
            .array(
                .object("kind (thread, room or topic), what names it, title, heat, z, authors (from 5 on)"), atMost: 50)
        )
    ]

    /// The row asks for a permission in the community; a room is passed through the gate below.
    var room: RoomID? { nil }
    private let only: RoomID?
    private let window: Trend.Window
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        only = fields.optionalInteger("room").map(RoomID.init)
        window = fields.optionalString("window").flatMap(Trend.Window.init) ?? .hour
        limit = Int(fields.optionalInteger("limit") ?? 10)
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        let server = call.server
        guard let member = call.actor.member else { throw .notFound }
        if let only { try server.require(.seeing([]), for: member, in: only) }
        return try call.ask { core, _ in
            let trends = core.trends(for: Viewer(member, server), window, only, limit, at: server.now())
            return { .done(Self.answer(trends.filter { $0.isVisible(to: member, on: server) })) }
        }
    }

    private static func answer(_ trends: [Trend]) -> [UInt8] {
        object { json in
            json.field("trends", array: trends) { json, trend in
                json.object { json in
                    let subject = trend.subject.subject
                    json.field("kind", trend.subject.kind)
                    json.fields(of: subject)
                    json.field("title", trend.title)
                    json.field("heat", trend.heat)
                    json.field("z", trend.z)
                    json.field("authors", trend.authors)
                }
            }
        }
    }
}

extension ActivityCore {
    /// What rises in all that `viewer` may read, hottest first.
    func trends(
        for viewer: Viewer, _ window: Trend.Window, _ room: RoomID?, _ limit: Int, at now: UnixMilliseconds
    ) -> [Trend] {
        let gate = viewer.gate
        let engines = tracker.engines(where: gate.canRead)
        let all = engines.flatMap { engine in
            engine.trends(at: now, window: window, room: room, limit: 2 * limit).filter { trend in
                guard case .thread(let room, let root) = trend.subject else { return true }
                // Who is blocked or wants not to be found does not come up by what they began.
                return engine.participants(of: root, in: room).first.map(gate.mayShow) ?? true
            }
        }
        let score: (Trend) -> Double = window == .hour ? { $0.z } : { $0.heat }
        return Array(all.sorted { score($0) > score($1) }.prefix(limit))
    }
}

extension Trend {
    fileprivate func isVisible(to member: MemberID, on server: ServerState) -> Bool {
        switch subject {
        case .thread(let room, _), .room(let room):
            server.committed.withLock { Gate.canSee(room, member, of: $0) }
        case .topic: true
        }
    }
}

extension Trend.Subject {
    fileprivate var subject: Subject {
        switch self {
        case .thread(let room, let root): .thread(room, root)
        case .room(let room): .room(room)
        case .topic(let name): .topic(name)
        }
    }

    fileprivate var kind: String {
        switch self {
        case .thread: "thread"
        case .room: "room"
        case .topic: "topic"
        }
    }
}
