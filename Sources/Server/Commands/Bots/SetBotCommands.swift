import Community
import LyceumProtocol

/// `bot.commands.set`: the commands that a bot has from now on, in place of those it had.
struct SetBotCommands: Command, WriteCommand {
    static let fields: [Field] = [
        .required(
            "commands",
            .array(
                .object("name, name_zh, description, description_zh, options [name, type, required, choices, …]"),
                atMost: BotCommand.limit))
    ]
    static let answer: [Field] = [.required("commands", .number)]

    var room: RoomID? { nil }
    private let commands: [BotCommand]
    var texts: [SubmittedText] { commands.isEmpty ? [] : [BotFields.botText(commands.flatMap(\.texts))] }

    init(_ fields: CommandFields) throws(JSONError) { commands = try BotCommand.list(fields.json["commands"]) }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        guard var bot = context.community.bots[member.id] else { throw Refusal.notFound }
        try context.admitBotTexts()
        bot.commands = commands
        if bot != context.community.bots[member.id] { try context.apply(.bot(bot)) }
        return object { $0.field("commands", commands.count) }
    }
}
