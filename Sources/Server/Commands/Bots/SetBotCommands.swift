import Community
import LyceumProtocol

/// `bot.commands.set`: the commands that a bot has from now on, in place of those it had; or, where one stands in the
/// frame itself, that one beside the others, in place of the one that had its name.
struct SetBotCommands: Command, WriteCommand {
    static let fields: [Field] = [
        .optional(
            "commands",
            .array(
                .object("name, name_zh, description, description_zh, options [name, type, required, choices, …]"),
                atMost: BotCommand.limit)),
        .optional("name", .string(1...32)), .optional("name_zh", .string(1...32)),
        .optional("description", .string(1...200)), .optional("description_zh", .string(1...200)),
        .optional("options", .array(.object("name, type, required, choices, …"), atMost: BotCommand.Option.limit)),
    ]
    static let answer: [Field] = [.required("commands", .number)]

    var room: RoomID? { nil }
    private let commands: [BotCommand]
    /// Whether it takes away what it does not name.
    private let replacesAll: Bool
    var texts: [SubmittedText] { commands.isEmpty ? [] : [BotFields.botText(commands.flatMap(\.texts))] }

    init(_ fields: CommandFields) throws(JSONError) {
        let list = fields.json["commands"]
        replacesAll = list != nil || fields.json["name"] == nil
        commands = replacesAll ? try BotCommand.list(list) : [try BotCommand(fields.json)]
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        guard var bot = context.community.bots[member.id] else { throw Refusal.notFound }
        try context.admitBotTexts()
        bot.commands = replacesAll ? commands : Self.merge(commands, into: bot.commands)
        guard bot.commands.count <= BotCommand.limit else {
            throw Refusal(.conflict, "A bot has at most \(BotCommand.limit) commands.")
        }
        if bot != context.community.bots[member.id] { try context.apply(.bot(bot)) }
        return object { $0.field("commands", bot.commands.count) }
    }

    private static func merge(_ new: [BotCommand], into old: [BotCommand]) -> [BotCommand] {
        let names = Set(new.map(\.name))
        return old.filter { !names.contains($0.name) } + new
    }
}
