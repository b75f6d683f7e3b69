import Community
import LyceumProtocol

/// `session.close`: signs out; every connection of the session is closed.
struct CloseSession: Command, WriteCommand {
    static let fields: [Field] = []
    static let answer: [Field] = []

    var room: RoomID? { nil }
    var freesSpace: Bool { true }

    init(_ fields: CommandFields) throws(JSONError) {}

    func perform(in context: WriteContext) throws -> [UInt8] {
        guard let session = context.actor.session.flatMap(context.community.session) else { return emptyObject }
        try context.end([session], code: .signedOut)
        return emptyObject
    }
}

/// `session.list`: one's own sessions.
struct ListSessions: Command, ReadCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [
        .required("sessions", .array(.object("session, created_at, label"), atMost: 1000))
    ]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func answer(in context: ReadContext) throws -> [UInt8] {
        let sessions = context.community { $0.sessions(of: context.member) }
        return object { json in
            json.field("sessions", array: sessions) { json, session in
                json.object { json in
                    json.field("session", session.id.rawValue)
                    json.field("created_at", session.createdAt)
                    json.field("label", session.label)
                }
            }
        }
    }
}

/// `session.revoke`: ends one of one's own sessions, as of a lost phone.
struct RevokeSession: Command, WriteCommand {
    static let fields: [Field] = [.required("session", .number)]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    var freesSpace: Bool { true }
    private let session: SessionID

    init(_ fields: CommandFields) throws(JSONError) { session = SessionID(try fields.integer("session")) }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        guard let session = context.community.session(session), session.member == member.id else {
            throw Refusal.notFound
        }
        try context.end([session], code: .revoked)
        return emptyObject
    }
}

/// `session.ticket`: a one-time ticket with which a browser opens a socket for the session its cookie holds.
struct IssueTicket: Command, LiveCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [.required("ticket", .string(43...43))]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        guard let session = call.actor.session else { throw Refusal(.unauthenticated, "Sign in first.") }
        let ticket = call.server.tickets.issue(for: session, at: call.server.now())
        return object { $0.field("ticket", ticket) }
    }
}
