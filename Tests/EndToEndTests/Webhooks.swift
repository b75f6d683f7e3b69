import LyceumClient
import LyceumProtocol
import TestSupport
import Webhooks

/// A daemon whose webhooks may call this machine, with its owner, a member, and a receiver.
struct HookedCommunity: Sendable {
    let daemon: Daemon
    let owner: Client
    let member: Client
    let room: RoomID

    init(_ settings: [String: String] = [:]) async throws {
        let quick = ["webhooks.allowed_networks": "127.0.0.0/8", "webhooks.retry_seconds": "1"]
        daemon = try Daemon(settings: quick.merging(settings) { $1 })
        owner = try await daemon.owner()
        member = try await daemon.member("mark")
        room = try await owner.createRoom(name: "agora", title: "Agora").id
        _ = try await member.join(room)
    }

    /// An outgoing webhook of `client`, for the room if nothing else is said.
    func outgoing(
        to url: String, by client: Client? = nil, name: String = "mirror", rooms: [RoomID]? = nil, events: [String] = []
    ) async throws -> (id: Int64, secret: WebhookSecret?) {
        let rooms = rooms ?? [room]
        let reply = try await (client ?? owner).send("webhook.create") { json in
            json.field("direction", "outgoing")
            json.field("name", name)
            json.field("url", url)
            json.field("rooms", array: rooms) { $0.value($1.rawValue) }
            json.field("events", array: events) { $0.value($1) }
        }
        return (reply.integer("webhook") ?? 0, reply.string("secret").flatMap { WebhookSecret($0) })
    }

    /// An incoming webhook of the owner, for the room.
    func incoming(name: String = "builds") async throws -> JSONText {
        let room = room.rawValue
        return try await owner.send("webhook.create") { json in
            json.field("direction", "incoming")
            json.field("name", name)
            json.field("room", room)
        }
    }

    func post(_ body: String, to path: String?) throws -> HTTP.Response {
        try HTTP.post(path ?? "/", body, port: daemon.port)
    }

    func deliveries(of hook: Int64, state: String? = nil) async throws -> [JSONText] {
        try await owner.send("webhook.deliveries") { json in
            json.field("webhook", hook)
            json.field("state", state)
        }.objects("deliveries")
    }

    func texts() async throws -> [String] { try await member.foldedHistory(of: room).elements.map(\.text) }
}

extension HTTPReceiver {
    func url(_ path: String = "/hook") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// The events that came, by the text of their messages.
    var texts: [String] { requests.compactMap { $0.event?.object("data")?.string("text") } }
}

extension HTTPReceiver.Request {
    var event: JSONText? { JSONText(body) }
    var id: String? { headers["webhook-id"] }
}
