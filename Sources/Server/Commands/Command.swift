import Community
import LyceumProtocol

/// What every command's type says of itself.
protocol Command: Sendable {
    /// What its frame may carry besides `id` and `do`.
    static var fields: [Field] { get }
    /// What its answer carries.
    static var answer: [Field] { get }
    init(_ fields: CommandFields) throws(JSONError)
}

/// A question, answered on the read pool.
protocol PoolCommand: Sendable {
    var room: RoomID? { get }
    func answer(for member: MemberID, on server: ServerState) throws -> [UInt8]
}

/// A question that is answered from one snapshot of the store.
protocol ReadCommand: PoolCommand {
    func answer(in context: ReadContext) throws -> [UInt8]
}

extension ReadCommand {
    func answer(for member: MemberID, on server: ServerState) throws -> [UInt8] {
        try server.store.read { reader in
            try answer(in: ReadContext(server: server, member: member, reader: reader, now: server.now()))
        }
    }
}

/// What a question sees.
struct ReadContext {
    let server: ServerState
    /// The one who asks; the row has checked that there is one.
    let member: MemberID
    let reader: any CommunityReader
    let now: UnixMilliseconds

    /// Looks at the community as it is on disk.
    func community<Result>(_ look: (borrowing Community) throws -> Result) rethrows -> Result {
        try server.committed.withLock { community in try look(community) }
    }

    /// Passes the gate for what the row cannot say.
    func require(_ requirement: Requirement, in room: RoomID? = nil) throws {
        try community { community in try Gate.admit(requirement, for: member, in: room, of: community, at: now) }
    }
}

/// A command that runs on the event loop at once and must not block it: it answers now, or hands work on and answers
/// later through ``LiveCall/answer(_:)``.
protocol LiveCommand: Sendable {
    var room: RoomID? { get }
    /// - Returns: The `ok` object, or `nil` if the answer comes later.
    func run(in call: LiveCall) throws(Refusal) -> [UInt8]?
}

/// One command on its event loop: who sent it and where its answer goes.
struct LiveCall {
    let hub: Hub
    let actor: Actor
    let address: ReplyAddress
    /// The connection's session state; `nil` for HTTP.
    let client: Client?
    var server: ServerState { hub.server }

    func answer(_ outcome: Outcome) { hub.reply(outcome, to: address) }
}

/// Writes one JSON object.
func object(_ body: (inout JSONWriter) throws -> Void) rethrows -> [UInt8] {
    var json = JSONWriter()
    try json.object(body)
    return json.bytes
}

/// `{}`: done, and nothing more to say.
let emptyObject: [UInt8] = Array("{}".utf8)
