import Community
import LyceumProtocol

/// `bot.create`: a bot of one's own, and the token that it signs in with, which is told this once.
///
/// Whoever may make rooms may make bots. It starts outside all rooms; its owner lets it into those that they are in.
struct CreateBot: Command, WriteCommand {
    static let fields: [Field] = [
        .required("name", .string(2...32)), .optional("about", .string(0...200)), .required("scopes", BotFields.scopes),
        .optional("intents", BotFields.intents),
    ]
    static let answer: [Field] = [.required("bot", .number), .required("token", .string(43...43))]

    var room: RoomID? { nil }
    private let name: String
    private let about: String
    private let scopes: BotScopes
    private let intents: BotIntents
    var texts: [SubmittedText] { [SubmittedText(kind: .name, text: name), SubmittedText(kind: .topic, text: about)] }

    init(_ fields: CommandFields) throws(JSONError) {
        name = try fields.string("name")
        about = fields.optionalString("about") ?? ""
        scopes = BotScopes(wireNames: fields.words("scopes") ?? [])
        intents = fields.words("intents").map(BotIntents.init(wireNames:)) ?? .messages
        guard NameRules.isValidForMember(name) else { throw .field("name", NameRules.description) }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let owner = try context.requireActor()
        try context.require(.community(.createRoom))
        guard context.community.bots(of: owner.id).count < Bot.limitPerOwner else {
            throw Refusal(.conflict, "A member can have \(Bot.limitPerOwner) bots.")
        }
        try context.claimName(name)
        let about = try context.admit(about, as: .topic)
        let member = Member(
            id: try context.transaction.makeMemberID(), name: name, role: .bot, createdAt: context.now)
        try context.apply(.member(member))
        let bot = Bot(
            member: member.id, owner: owner.id, scopes: scopes, intents: intents, about: about, createdAt: context.now)
        try context.apply(.bot(bot))
        try keepOutOfRecommendations(bot, in: context)
        try context.noteForReview(context.judgement(on: .name), .init(subject: .name, text: name, member: member.id))
        let token = try context.issueToken(for: bot)
        try context.audit("bot.create", member: bot.member) { json in
            json.field("scopes", array: scopes.wireNames) { $0.value($1) }
        }
        return object { json in
            json.field("bot", bot.member.rawValue)
            json.field("token", token)
        }
    }

    /// What a program does says nothing of what people like, and nobody is recommended one as a peer.
    private func keepOutOfRecommendations(_ bot: Bot, in context: WriteContext) throws {
        try context.apply(.privacy(bot.member, Privacy(isCounted: false, isDiscoverable: false)))
        try context.note(.uncounted, by: bot.member)
    }
}

/// Fields that several commands about bots share.
enum BotFields {
    static let scopes = Field.Kind.array(.word(BotScopes.names.map(\.name)), atMost: 10)
    static let intents = Field.Kind.array(.word(BotIntents.names.map(\.name)), atMost: 10)
    static let components = Field.Kind.array(
        .object("type button or select, id, label, label_zh, style, disabled; a select's choices, min, max"),
        atMost: BotComponent.limit)

    /// What members read of components, for the moderation stage.
    static func texts(of components: [BotComponent]) -> [SubmittedText] {
        components.isEmpty ? [] : [botText(components.flatMap(\.texts))]
    }

    /// Several short texts as one, each on a line of its own.
    static func botText(_ texts: [String]) -> SubmittedText {
        SubmittedText(kind: .bot, text: texts.filter { !$0.isEmpty }.joined(separator: "\n"))
    }
}

extension CommandFields {
    /// The strings of an array.
    func words(_ name: StaticString) -> [String]? { json[name]?.elements?.compactMap(\.string) }
}
