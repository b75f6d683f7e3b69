import LyceumClient
import LyceumProtocol
import TestSupport

/// A daemon with an open Q&A session: its host, and members who are in the room.
struct QAStage: Sendable {
    let daemon: Daemon
    let host: Client
    let members: [Client]
    let room: RoomID
    let qa: Int64

    /// - Parameter rules: What the session says besides its title, as JSON fields.
    init(
        members names: [String], settings: [String: String] = [:],
        _ rules: @Sendable (inout JSONWriter) -> Void = { _ in }
    ) async throws {
        daemon = try Daemon(settings: settings)
        host = try await daemon.owner()
        room = try await host.createRoom(name: "hall", title: "Hall").id
        var members: [Client] = []
        for name in names {
            let member = try await daemon.member(name)
            _ = try await member.join(room)
            members.append(member)
        }
        self.members = members
        qa = try await Self.open(host, room, rules)
    }

    static func open(
        _ host: Client, _ room: RoomID, title: String = "Ask us anything",
        _ rules: @Sendable (inout JSONWriter) -> Void = { _ in }
    ) async throws -> Int64 {
        let answer = try await host.send("qa.open") { json in
            json.field("room", room.rawValue)
            json.field("title", title)
            rules(&json)
        }
        return answer.integer("seq") ?? 0
    }

    @discardableResult
    func ask(
        _ text: String, by client: Client, anonymously: Bool = false, nonce: String = Client.makeNonce(),
        qa: Int64? = nil
    ) async throws -> JSONText {
        let (room, qa) = (room.rawValue, qa ?? self.qa)
        return try await client.send("question.ask", isRepeatable: true) { json in
            json.field("room", room)
            json.field("qa", qa)
            json.field("text", text)
            json.field("nonce", nonce)
            if anonymously { json.field("anonymous", true) }
        }
    }

    /// Asks a question that is posted, and returns its number.
    func question(_ text: String, by client: Client, anonymously: Bool = false) async throws -> Int64 {
        try await ask(text, by: client, anonymously: anonymously).integer("seq") ?? 0
    }

    @discardableResult
    func vote(_ value: Int64, on question: Int64, by client: Client) async throws -> JSONText {
        try await act("vote", on: question, by: client) { $0.field("value", value) }
    }

    /// Sends `question.NAME`.
    @discardableResult
    func act(
        _ name: String, on question: Int64, by client: Client? = nil,
        _ fields: @Sendable (inout JSONWriter) -> Void = { _ in }
    ) async throws -> JSONText {
        let room = room.rawValue
        return try await (client ?? host).send("question.\(name)", isRepeatable: name == "vote") { json in
            json.field("room", room)
            json.field("question", question)
            fields(&json)
        }
    }

    func list(for client: Client, sort: String = "votes", qa: Int64? = nil) async throws -> JSONText {
        let (room, qa) = (room.rawValue, qa ?? self.qa)
        return try await client.send("qa.list", isRepeatable: true) { json in
            json.field("room", room)
            json.field("qa", qa)
            json.field("sort", sort)
            json.field("limit", 500)
        }
    }

    /// One question as a member sees it; `nil` if they do not.
    func look(at question: Int64, for client: Client) async throws -> JSONText? {
        try await list(for: client).objects("questions").first { $0.integer("seq") == question }
    }

    /// Everything that happened in the room, as a newcomer to it reads it.
    func record() async throws -> [Event] {
        var events: [Event] = []
        var after: Int64? = 0
        while let position = after {
            let page = try await host.history(of: room, after: position, limit: 200)
            events += page.elements
            after = page.next
        }
        return events
    }
}

/// The code with which the server refuses; `nil` if it does not.
func refused(_ body: () async throws -> some Sendable) async -> ErrorCode? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? ClientError)?.code
    }
}
