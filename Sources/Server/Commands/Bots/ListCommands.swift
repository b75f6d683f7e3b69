import Community
import LyceumProtocol

/// `command.list`: the commands of the bots that are in a room.
struct ListCommands: Command, ReadCommand {
    static let fields: [Field] = [.required("room", .number)]
    static let answer: [Field] = [
        .required(
            "bots", .array(.object("bot, name, about, connected, commands as bot.commands.set took them"), atMost: 1000)
        )
    ]

    let room: RoomID?

    init(_ fields: CommandFields) throws(JSONError) { room = try fields.room() }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room else { throw Refusal.notFound }
        return context.community { community in
            object { json in
                json.field("bots", array: community.botsWithCommands(in: room).prefix(1000)) { json, bot in
                    json.object { json in
                        json.field("bot", bot.member.rawValue)
                        json.field("name", community.members[bot.member]?.name)
                        json.field("about", bot.about)
                        json.field("connected", context.server.presence.isConnected(bot.member))
                        json.field("commands", array: bot.commands) { $1.write(to: &$0) }
                    }
                }
            }
        }
    }
}

/// `command.complete`: what a member may mean by what they have typed: a command, or a value of a command's option.
///
/// A name is found by its beginning, by the pinyin of its Chinese form, whole or by initials, and by any part of it;
/// what is found by more of its beginning comes first.
struct CompleteCommand: Command, ReadCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("text", .string(0...100)), .optional("command", .string(1...32)),
        .optional("bot", .number), .optional("option", .string(1...32)), .optional("limit", .integer(1...50)),
    ]
    static let answer: [Field] = [
        .required("suggestions", .array(.object("bot, command | value, label, label_zh, description…"), atMost: 50))
    ]

    let room: RoomID?
    private let text: String
    private let command: String?
    private let bot: MemberID?
    private let option: String?
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        text = try fields.string("text")
        command = fields.optionalString("command")
        bot = fields.optionalInteger("bot").map(MemberID.init)
        option = fields.optionalString("option")
        limit = Int(fields.optionalInteger("limit") ?? 10)
        guard (command == nil) == (option == nil) else {
            throw .field("option", "given where \"command\" is, and only there")
        }
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room else { throw Refusal.notFound }
        let suggestions = try context.community { community in
            let bots = community.botsWithCommands(in: room).filter { bot == nil || $0.member == bot }
            guard let command, let option else { return bots.flatMap { Suggestion.commands(of: $0) } }
            guard
                let found = bots.lazy.flatMap(\.commands).first(where: { $0.name == command })?
                    .options.first(where: { $0.name == option })
            else { throw Refusal.notFound }
            return Suggestion.values(of: found, in: room, for: context.member, community)
        }
        let best = Completion(of: text).best(suggestions, limit: limit, names: \.names)
        return object { json in
            json.field("suggestions", array: best) { json, suggestion in json.object { suggestion.write(to: &$0) } }
        }
    }
}

/// One thing that may be meant.
private struct Suggestion {
    /// By what it is found, the weightiest first.
    let names: [String]
    let write: (inout JSONWriter) -> Void

    func write(to json: inout JSONWriter) { write(&json) }

    static func commands(of bot: Bot) -> [Suggestion] {
        bot.commands.map { command in
            Suggestion(
                names: [command.name, command.chineseName, command.description, command.chineseDescription]
            ) { json in
                json.field("bot", bot.member.rawValue)
                json.name("command")
                command.write(to: &json)
            }
        }
    }

    static func values(
        of option: BotCommand.Option, in room: RoomID, for member: MemberID, _ community: borrowing Community
    ) -> [Suggestion] {
        switch option.kind {
        case .member:
            return community.memberships(in: room).keys.sorted().compactMap { id in
                community.members[id].map { named($0.name, id.rawValue) }
            }
        case .room:
            return community.roomIDs(of: member).sorted().compactMap { id in
                community.rooms[id].map { named($0.title.isEmpty ? $0.name : $0.title, id.rawValue) }
            }
        case .boolean: return []
        case .string, .integer, .number:
            return option.choices.map { choice in
                Suggestion(names: [choice.label, choice.chineseLabel, choice.value]) { json in
                    json.name("value")
                    if option.kind == .string { json.value(choice.value) } else { json.raw(Array(choice.value.utf8)) }
                    json.field("label", choice.label.isEmpty ? choice.value : choice.label)
                    if !choice.chineseLabel.isEmpty { json.field("label_zh", choice.chineseLabel) }
                }
            }
        }
    }

    private static func named(_ name: String, _ id: Int64) -> Suggestion {
        Suggestion(names: [name]) { json in
            json.field("value", id)
            json.field("label", name)
        }
    }
}
