import Community
import LyceumProtocol

/// `component.invoke`: presses a button, or takes choices of a select, under a bot's message or under an answer that
/// only oneself sees.
struct InvokeComponent: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .optional("message", .number), .optional("invocation", .number),
        .required("component", .string(1...64)), .optional("values", .array(.string(1...100), atMost: 50)),
        .required("nonce", .string(1...64)), .optional("locale", .word(["en", "zh"])),
    ]
    static let answer = InvokeCommand.answer

    let room: RoomID?
    let nonce: String?
    private let message: SequenceNumber?
    private let answer: InvocationID?
    private let component: String
    private let values: [String]
    private let locale: String?

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        nonce = try fields.string("nonce")
        message = fields.optionalInteger("message")
        answer = fields.optionalInteger("invocation")
        component = try fields.string("component")
        values = fields.words("values") ?? []
        locale = fields.optionalString("locale")
        guard (message == nil) != (answer == nil) else {
            throw .field("message", "given where \"invocation\" is not, and only there")
        }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        try context.require(.person)
        if let nonce, let first = try context.transaction.outcome(of: nonce, by: member.id) {
            return try first.repeated(in: self.room)
        }
        let room = try context.room(room)
        let (bot, components, thread) = try carrier(in: room.id, member.id, context)
        guard let pressed = components.first(where: { $0.id == component }) else { throw Refusal.notFound }
        guard pressed.admits(values) else {
            throw Refusal(.malformed, "This does not take these values, or is not to be used any more.")
        }
        _ = try context.invocableBot(bot, in: room.id)
        let invocation = try context.invoke(
            bot, .component, component, in: room.id, thread: thread, locale: locale
        ) { json in
            json.field("component", component)
            json.field("values", array: values) { $0.value($1) }
            json.field("message", message)
        }
        if let nonce {
            let outcome = PostOutcome(room: room.id, reply: invocation.announcement)
            try context.transaction.remember(outcome, nonce: nonce, by: member.id, at: context.now)
        }
        return invocation.announcement
    }

    /// The bot whose message or answer it is, and what is under it.
    private func carrier(
        in room: RoomID, _ member: MemberID, _ context: WriteContext
    ) throws -> (MemberID, [BotComponent], SequenceNumber?) {
        if let message {
            let message = try context.message(message, in: room)
            return (message.event.author, BotComponent.list(in: message.bot ?? []), message.thread)
        }
        guard let answer, let invocation = try context.transaction.invocation(answer), invocation.member == member,
            invocation.room == room
        else { throw Refusal.notFound }
        return (invocation.bot, BotComponent.list(in: invocation.components), invocation.thread)
    }
}
