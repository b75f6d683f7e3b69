import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

/// A daemon with rule packs, its owner, a moderator, a member, and a room that all of them are in.
struct ModeratedCommunity: Sendable {
    let daemon: Daemon
    let owner: Client
    let moderator: Client
    let member: Client
    let room: RoomID
    private let ids: [String: Int64]

    /// - Parameter pack: A pack of the test's own; the shipped ones by default.
    init(pack: String? = nil, settings: [String: String] = [:]) async throws {
        var settings = settings.merging(["moderation.checks_per_hour": "0"]) { given, _ in given }
        let packs = try pack.map { try PackFolder($0) }
        settings["moderation.rules"] = packs?.path ?? Self.shippedPacks
        daemon = try Daemon(settings: settings)
        self.packs = packs
        owner = try await daemon.owner()
        moderator = try await daemon.member("mona")
        member = try await daemon.member("mark")
        room = try await owner.createRoom(name: "agora", title: "Agora").id
        for client in [moderator, member] { _ = try await client.join(room) }
        var ids: [String: Int64] = [:]
        for entry in try await owner.members(of: room).elements { ids[entry.name] = entry.id.rawValue }
        self.ids = ids
        let mona = ids["mona"]
        try await owner.send("member.set_role") { json in
            json.field("member", mona)
            json.field("role", "moderator")
        }
    }

    let packs: PackFolder?

    /// In the checkout that the tests were built in.
    static let shippedPacks: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return parts.joined(separator: "/") + "/moderation-rules"
    }()

    var memberID: Int64 { ids["mark"] ?? 0 }
    var moderatorID: Int64 { ids["mona"] ?? 0 }

    // MARK: What is done over and over

    /// Posts as the member and returns the whole answer.
    func post(_ text: String, nonce: String = Client.makeNonce()) async throws -> JSONText {
        let room = room.rawValue
        return try await member.send("message.post") { json in
            json.field("room", room)
            json.field("text", text)
            json.field("nonce", nonce)
        }
    }

    /// The stage's verdict on a text of the member's, without posting it.
    func verdict(on text: String) async throws -> JSONText {
        let (room, member) = (room.rawValue, memberID)
        return try await moderator.send("moderation.judge") { json in
            json.field("text", text)
            json.field("room", room)
            json.field("member", member)
        }
    }

    @discardableResult
    func decide(
        _ item: Int64, _ action: String, by client: Client? = nil, labels: [String] = [], sanction: String? = nil,
        cluster: Bool = false
    ) async throws -> JSONText {
        try await (client ?? moderator).send("review.decide") { json in
            json.field("item", item)
            json.field("action", action)
            json.field("reason", "as the rules say")
            if !labels.isEmpty { json.field("labels", array: labels) { $0.value($1) } }
            if let sanction { json.field("sanction", object: { $0.field("kind", sanction) }) }
            if cluster { json.field("cluster", true) }
        }
    }

    func undo(_ item: Int64) async throws { try await moderator.send("review.undo") { $0.field("item", item) } }

    func items(_ client: Client? = nil, state: String = "open") async throws -> [JSONText] {
        try await (client ?? moderator).send("review.list") { $0.field("state", state) }.objects("items")
    }

    /// The texts of the room's messages as everybody sees them.
    func texts(for client: Client) async throws -> [String] {
        try await client.foldedHistory(of: room).elements.map(\.text)
    }
}

/// A folder with one pack, gone with the last reference.
final class PackFolder: Sendable {
    private let folder: TemporaryFolder
    let path: String

    init(_ yaml: String) throws {
        folder = try TemporaryFolder(prefix: "lyceum-rules")
        path = folder.path
        try write(yaml)
    }

    func write(_ yaml: String) throws { try writeFile("\(path)/pack.yaml", yaml) }
}
