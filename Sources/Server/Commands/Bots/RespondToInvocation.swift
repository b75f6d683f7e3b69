import Community
import LyceumProtocol

/// `bot.respond`: a bot's answer to an invocation, within 15 minutes of it and once.
///
/// With `deferred` and no text it only says that the answer takes a while; without text it acknowledges, as after a
/// button that needs no words. An answer with `ephemeral` goes to the one who asked alone, on their own stream; others
/// are messages of the bot. A repeated answer gets what the first one got, and does nothing.
struct RespondToInvocation: Command, WriteCommand {
    static let fields: [Field] = [
        .required("invocation", .number), .optional("text", .string(1...32_000)), .optional("ephemeral", .boolean),
        .optional("deferred", .boolean), .optional("components", BotFields.components),
    ]
    static let answer: [Field] = [
        .required("state", .word(["deferred", "acknowledged", "answered", "held"])), .optional("seq", .number),
        .optional("review", .number), .optional("verdict", .word(["allow", "redact", "hold"])),
        .optional("duplicate", .boolean),
    ]

    var room: RoomID? { nil }
    private let id: InvocationID
    private let text: String?
    private let isEphemeral: Bool
    private let isDeferred: Bool
    private let components: [BotComponent]
    var texts: [SubmittedText] {
        text.map { [SubmittedText(kind: .message, text: $0)] + BotFields.texts(of: components) } ?? []
    }

    init(_ fields: CommandFields) throws(JSONError) {
        id = try fields.integer("invocation")
        text = fields.optionalString("text")
        isEphemeral = fields.optionalBool("ephemeral") ?? false
        isDeferred = fields.optionalBool("deferred") ?? false
        components = try BotComponent.list(fields.json["components"])
        guard text != nil || components.isEmpty else { throw .field("text", "given where \"components\" is") }
        guard text == nil || !isDeferred else { throw .field("text", "absent where \"deferred\" is true") }
    }

    func place(in community: borrowing Community, actor: MemberID?) -> RoomID? {
        actor.flatMap { community.room(ofInvocation: id, of: $0) }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let bot = try context.requireActor()
        guard let invocation = try context.transaction.invocation(id), invocation.bot == bot.id else {
            throw Refusal.notFound
        }
        switch invocation.state {
        case .answered: return invocation.reply.dropLast() + Array(#","duplicate":true}"#.utf8)
        case .expired: throw Refusal(.conflict, "The time for an answer is over.")
        case .deferred where isDeferred: return Self.reply("deferred")
        case .open, .deferred: break
        }
        try context.require(.within([]), in: invocation.room)
        guard let text else { return try acknowledge(invocation, in: context) }
        return isEphemeral
            ? try answerAside(invocation, text, in: context) : try answerAloud(invocation, text, in: context)
    }

    private func acknowledge(_ invocation: BotInvocation, in context: WriteContext) throws -> [UInt8] {
        var invocation = invocation
        let state = isDeferred ? "deferred" : "acknowledged"
        invocation.state = isDeferred ? .deferred : .answered
        invocation.reply = Self.reply(state)
        try context.settle(invocation, state)
        return invocation.reply
    }

    /// To the one who asked alone; nobody could look after what waits there, so nothing is held.
    private func answerAside(_ invocation: BotInvocation, _ text: String, in context: WriteContext) throws -> [UInt8] {
        try context.settings.checkLength(of: text)
        try context.admitBotTexts()
        let text = try context.admit(text, as: .message)
        var invocation = invocation
        invocation.state = .answered
        invocation.reply = Self.reply("answered")
        if !components.isEmpty {
            invocation.components = object { json in json.field("components", array: components) { $1.write(to: &$0) } }
        }
        try context.settle(invocation, "answered") { json in
            json.field("text", text)
            Markdown.writeTree(of: text, to: &json)
            if !components.isEmpty { json.field("components", array: components) { $1.write(to: &$0) } }
        }
        return invocation.reply
    }

    private func answerAloud(_ invocation: BotInvocation, _ text: String, in context: WriteContext) throws -> [UInt8] {
        try context.require(.within(.post), in: invocation.room)
        let post = try PostMessage(text, components, answering: invocation).perform(in: context)
        let (seq, review, verdict) = try post.withUnsafeBytes { bytes in
            let json = try JSONObject(parsing: bytes)
            return (json["seq"]?.integer, json["review"]?.integer, json["verdict"]?.string)
        }
        let state = seq == nil ? "held" : "answered"
        var invocation = invocation
        invocation.state = .answered
        invocation.reply = object { json in
            json.field("state", state)
            json.field("seq", seq)
            json.field("review", review)
            json.field("verdict", verdict)
        }
        try context.settle(invocation, state) { $0.field("message", seq) }
        return invocation.reply
    }

    private static func reply(_ state: String) -> [UInt8] { object { $0.field("state", state) } }
}

/// `bot.pending`: what waits for the bot's answer, oldest first, as after a restart of the bot.
struct ListInvocations: Command, ReadCommand {
    static let fields: [Field] = []
    static let answer: [Field] = [
        .required(
            "invocations", .array(.object("kind command or component, state, and the fields of its event"), atMost: 200)
        )
    ]

    var room: RoomID? { nil }

    init(_ fields: CommandFields) throws(JSONError) {}

    func answer(in context: ReadContext) throws -> [UInt8] {
        let waiting = try context.reader.waitingInvocations(of: context.member, limit: 200)
        return object { json in
            json.field("invocations", array: waiting) { json, invocation in
                json.object { json in
                    json.field("kind", invocation.kind.rawValue)
                    json.field("state", invocation.state.rawValue)
                    json.field("event", raw: invocation.body)
                }
            }
        }
    }
}
