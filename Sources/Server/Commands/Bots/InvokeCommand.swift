import Community
import LyceumProtocol

/// `command.invoke`: asks a bot of the room by one of its commands. The bot has 15 minutes to answer, whether it is
/// connected now or not; what becomes of it is told by `bot.answered`.
struct InvokeCommand: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("command", .string(1...32)), .optional("bot", .number),
        .optional("options", .object("name → value")), .optional("nonce", .string(1...64)),
        .optional("thread", .number), .optional("locale", .word(["en", "zh"])),
    ]
    static let answer: [Field] = [
        .required("invocation", .number), .required("bot", .number), .required("expires_at", .number),
        .optional("duplicate", .boolean),
    ]

    let room: RoomID?
    let nonce: String?
    private let name: String
    private let bot: MemberID?
    private let options: [GivenOption]
    private let thread: SequenceNumber?
    private let locale: String?
    /// What the bot reads, and may say again.
    var texts: [SubmittedText] {
        let words = options.compactMap(\.words)
        return words.isEmpty ? [] : [BotFields.botText(words)]
    }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        nonce = fields.optionalString("nonce")
        name = try fields.string("command")
        bot = fields.optionalInteger("bot").map(MemberID.init)
        options = try GivenOption.list(fields.json["options"])
        thread = fields.optionalInteger("thread")
        locale = fields.optionalString("locale")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        try context.require(.person)
        if let nonce, let first = try context.transaction.outcome(of: nonce, by: member.id) {
            return try first.repeated(in: self.room)
        }
        let room = try context.room(room)
        let (bot, command) = try find(in: room.id, context)
        if let thread { _ = try ThreadTarget(root: thread, room: room.id, in: context) }
        let values = try command.values(of: options) { kind, id in
            switch kind {
            case .member: context.community.membership(of: MemberID(id), in: room.id) != nil
            case .room: Gate.canSee(RoomID(id), member.id, of: context.community)
            default: true
            }
        }
        try context.admitBotTexts()
        let invocation = try context.invoke(
            bot.member, .command, command.name, in: room.id, thread: thread, locale: locale
        ) { json in
            json.field("command", command.name)
            json.field("options", object: { json in for value in values { value.write(to: &json) } })
        }
        let reply = invocation.announcement
        if let nonce {
            let outcome = PostOutcome(room: room.id, reply: reply)
            try context.transaction.remember(outcome, nonce: nonce, by: member.id, at: context.now)
        }
        return reply
    }

    /// The one bot of the room that has the command, by its name in either language.
    private func find(in room: RoomID, _ context: WriteContext) throws -> (Bot, BotCommand) {
        let wanted = name.lowercased()
        let found = context.community.botsWithCommands(in: room).flatMap { bot in
            bot.commands.filter { $0.name == wanted || $0.chineseName == name }.map { (bot, $0) }
        }.filter { (bot == nil || $0.0.member == bot) && context.isInService($0.0) }
        guard let first = found.first else { throw Refusal.notFound }
        guard found.count == 1 else { throw Refusal(.conflict, "Several bots have this command; name the bot.") }
        return (try context.invocableBot(first.0.member, in: room), first.1)
    }
}

extension BotInvocation {
    /// What the one who made it is answered.
    var announcement: [UInt8] {
        object { json in
            json.field("invocation", id)
            json.field("bot", bot.rawValue)
            json.field("expires_at", expiresAt)
        }
    }
}

extension Community {
    /// The bots in a room that have commands, oldest first.
    func botsWithCommands(in room: RoomID) -> [Bot] {
        bots.values.filter { !$0.commands.isEmpty && membership(of: $0.member, in: room) != nil }
            .sorted { $0.member < $1.member }
    }
}
