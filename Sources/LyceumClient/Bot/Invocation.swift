import LyceumProtocol

/// What a member asks of a bot, and how it is answered.
public struct Invocation: Sendable {
    public let id: Int64
    public let room: RoomID
    public let thread: SequenceNumber?
    /// Who asks.
    public let by: RoomMember
    /// The command; `nil` for buttons and selects.
    public let command: String?
    /// The button's or select's `id`; `nil` for commands.
    public let component: String?
    /// What was chosen of a select.
    public let values: [String]
    /// The message that the button or select stands under.
    public let message: SequenceNumber?
    /// `zh` for a member who reads Chinese.
    public let locale: String?
    /// All of it; a command's values stand under `options`.
    public let json: JSONText
    private let client: Client

    init(_ json: JSONText, _ client: Client) {
        self.json = json
        self.client = client
        id = json.integer("invocation") ?? 0
        room = RoomID(json.integer("room") ?? 0)
        thread = json.integer("thread")
        let by = json.object("by")
        self.by = RoomMember(
            id: MemberID(by?.integer("id") ?? 0), name: by?.string("name") ?? "", role: by?.string("role") ?? "")
        command = json.string("command")
        component = json.string("component")
        values = json.strings("values")
        message = json.integer("message")
        locale = json.string("locale")
    }

    /// A command's value that is a text; `nil` if it was not given.
    public func text(_ option: StaticString) -> String? { json.object("options")?.string(option) }
    /// A command's value that is a whole number, a member or a room.
    public func number(_ option: StaticString) -> Int64? { json.object("options")?.integer(option) }
    public func flag(_ option: StaticString) -> Bool? { json.object("options")?.bool(option) }

    /// Answers, once: in the room, or with `ephemeral` to the one who asked alone.
    @discardableResult
    public func answer(
        _ text: String, ephemeral: Bool = false, components: [MessageComponent] = []
    ) async throws -> JSONText {
        try await respond { json in
            json.field("text", text)
            if ephemeral { json.field("ephemeral", true) }
            if !components.isEmpty { json.field("components", array: components) { $1.write(to: &$0) } }
        }
    }

    /// Says that the answer takes a while.
    public func deferAnswer() async throws { try await respond { $0.field("deferred", true) } }

    /// Says that it is done, without words.
    public func acknowledge() async throws { try await respond { _ in } }

    @discardableResult
    private func respond(_ fields: @Sendable (inout JSONWriter) -> Void) async throws -> JSONText {
        let id = id
        // The server knows an answer that is sent again.
        return try await client.send("bot.respond", isRepeatable: true) { json in
            json.field("invocation", id)
            fields(&json)
        }
    }
}

/// A message that a person wrote where the bot is.
public struct BotMessage: Sendable {
    public let room: RoomID
    public let seq: SequenceNumber
    public let by: MemberID
    public let text: String
    public let thread: SequenceNumber?
    public let json: JSONText
    private let client: Client

    /// `nil` for what is no message, was deleted, or was written by a bot.
    public init?(_ json: JSONText, _ client: Client) {
        guard let room = json.integer("room"), let seq = json.integer("seq"), let by = json.integer("by"),
            let text = json.string("text"), json.object("bot") == nil, json.bool("deleted") != true
        else { return nil }
        self.json = json
        self.client = client
        (self.room, self.seq, self.by, self.text) = (RoomID(room), seq, MemberID(by), text)
        thread = json.integer("thread")
    }

    /// Replies where the message stands, at most once however often it is tried.
    @discardableResult
    public func reply(_ text: String, components: [MessageComponent] = []) async throws -> PostReceipt {
        try await client.post(
            text, to: room, thread: thread, replyTo: seq, nonce: "reply \(room) \(seq)", components: components)
    }
}
