import Community
import LyceumProtocol

/// `bot.list`: one's own bots; with `all`, for those who manage members, everybody's.
struct ListBots: Command, ReadCommand {
    static let fields: [Field] = [.optional("all", .boolean)]
    static let answer: [Field] = [
        .required(
            "bots",
            .array(
                .object("bot, name, owner, about, scopes, intents, created_at, connected, commands, rooms"),
                atMost: 100_000))
    ]

    var room: RoomID? { nil }
    private let all: Bool

    init(_ fields: CommandFields) throws(JSONError) { all = fields.optionalBool("all") ?? false }

    func answer(in context: ReadContext) throws -> [UInt8] {
        if all { try context.require(.community(.manageMembers)) }
        return context.community { community in
            let bots =
                all ? community.bots.values.sorted { $0.member < $1.member } : community.bots(of: context.member)
            return object { json in
                json.field("bots", array: bots) { json, bot in
                    json.object { json in
                        json.field("bot", bot.member.rawValue)
                        json.field("name", community.members[bot.member]?.name)
                        json.field("owner", bot.owner.rawValue)
                        json.field("about", bot.about)
                        json.field("scopes", array: bot.scopes.wireNames) { $0.value($1) }
                        json.field("intents", array: bot.intents.wireNames) { $0.value($1) }
                        json.field("created_at", bot.createdAt)
                        json.field("connected", context.server.presence.isConnected(bot.member))
                        json.field("commands", array: bot.commands.map(\.name)) { $0.value($1) }
                        json.field("rooms", array: community.roomIDs(of: bot.member).sorted()) { $0.value($1.rawValue) }
                    }
                }
            }
        }
    }
}

/// `bot.update`: what a bot is for, may do and is told. Its connections come back under what holds then, so that
/// nothing is sent to it that it may no longer see.
struct UpdateBot: Command, WriteCommand {
    static let fields: [Field] = [
        .required("bot", .number), .optional("about", .string(0...200)), .optional("scopes", BotFields.scopes),
        .optional("intents", BotFields.intents),
    ]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    private let bot: MemberID
    private let about: String?
    private let scopes: BotScopes?
    private let intents: BotIntents?
    var texts: [SubmittedText] { about.map { [SubmittedText(kind: .topic, text: $0)] } ?? [] }

    init(_ fields: CommandFields) throws(JSONError) {
        bot = MemberID(try fields.integer("bot"))
        about = fields.optionalString("about")
        scopes = fields.words("scopes").map(BotScopes.init(wireNames:))
        intents = fields.words("intents").map(BotIntents.init(wireNames:))
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let before = try context.managedBot(bot)
        var bot = before
        if let about { bot.about = try context.admit(about, as: .topic) }
        // Others may take scopes away, as an admin from a bot that does harm, but not give any.
        if let scopes {
            guard bot.owner == context.actor.member || scopes.isSubset(of: bot.scopes) else {
                throw Refusal(.forbidden, "Only its owner may give a bot more scopes.")
            }
            bot.scopes = scopes
        }
        if let intents { bot.intents = intents }
        guard bot != before else { return emptyObject }
        try context.apply(.bot(bot))
        if bot.scopes != before.scopes || bot.intents != before.intents {
            context.reconnect(context.community.sessions(of: bot.member))
        }
        try context.audit("bot.update", member: bot.member) { json in
            json.field("scopes", array: bot.scopes.wireNames) { $0.value($1) }
        }
        return emptyObject
    }
}

/// `bot.delete`: ends a bot for good. Its messages stay, and its name with them.
struct DeleteBot: Command, WriteCommand {
    static let fields: [Field] = [.required("bot", .number)]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    var freesSpace: Bool { true }
    private let bot: MemberID

    init(_ fields: CommandFields) throws(JSONError) { bot = MemberID(try fields.integer("bot")) }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let bot = try context.managedBot(bot)
        let actor = try context.requireActor()
        try context.end(context.community.sessions(of: bot.member), code: .revoked)
        for invocation in try context.transaction.waitingInvocations(of: bot.member, limit: .max) {
            try context.expire(invocation, "The bot was deleted.")
        }
        for room in context.community.roomIDs(of: bot.member).sorted() {
            try context.leave(bot.member, room, by: actor.id, reason: "removed")
        }
        try context.apply(.botDeleted(bot.member))
        try context.audit("bot.delete", member: bot.member)
        return emptyObject
    }
}

/// `bot.token.rotate`: a new token. The old one opens nothing from the moment of the answer on, and its connections are
/// closed: a token that was leaked must not live on for the sake of comfort.
struct RotateBotToken: Command, WriteCommand {
    static let fields: [Field] = [.required("bot", .number)]
    static let answer: [Field] = [.required("token", .string(43...43))]

    var room: RoomID? { nil }
    private let bot: MemberID

    init(_ fields: CommandFields) throws(JSONError) { bot = MemberID(try fields.integer("bot")) }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let bot = try context.ownBot(bot)
        let token = try context.issueToken(for: bot)
        try context.audit("bot.token.rotate", member: bot.member)
        return object { $0.field("token", token) }
    }
}
