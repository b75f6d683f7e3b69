import Community
import LyceumProtocol

/// `typing`: tells the others in a room, for a moment. At most one every 3 s of a member and room is passed on.
struct Typing: Command, LiveCommand {
    static let fields: [Field] = [.required("room", .number), .optional("thread", .number)]
    static let answer: [Field] = []

    let room: RoomID?
    private let thread: SequenceNumber?

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        thread = fields.optionalInteger("thread")
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        guard let room, let member = call.actor.member else { throw .notFound }
        if let client = call.client, client.mayTell(typingIn: room, at: call.server.now()) {
            let body = object { json in
                json.field("event", SignalKind.typing.rawValue)
                json.field("room", room.rawValue)
                json.field("member", member.rawValue)
                json.field("thread", thread)
            }
            call.server.onEveryHub { $0.signal(body, in: room, except: member) }
        }
        return emptyObject
    }
}

/// `presence.set`: how one appears to others while connected.
struct SetPresence: Command, LiveCommand {
    static let fields: [Field] = [.required("state", .word(["online", "away", "busy", "invisible"]))]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    private let state: PresenceBoard.Wish

    init(_ fields: CommandFields) throws(JSONError) {
        state = PresenceBoard.Wish(rawValue: try fields.string("state")) ?? .online
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        guard let member = call.actor.member else { throw .notFound }
        call.server.presence.wish(state, of: member)
        return emptyObject
    }
}
