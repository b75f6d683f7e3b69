import Community
import LyceumProtocol

/// `message.edit`: replaces the text of one's own message; what stood there stays for moderators.
struct EditMessage: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("seq", .number), .required("text", .string(1...32_000)),
        .optional("components", BotFields.components),
    ]
    static let answer: [Field] = [
        .optional("seq", .number), .required("at", .number), .required("verdict", .word(["allow", "redact", "hold"])),
        .optional("review", .number),
    ]

    let room: RoomID?
    let seq: SequenceNumber
    let text: String
    /// `nil` leaves the message's as they are.
    private let components: [BotComponent]?
    var texts: [SubmittedText] { [SubmittedText(kind: .edit, text: text)] + BotFields.texts(of: components ?? []) }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
        text = try fields.string("text")
        components = fields.json["components"] == nil ? nil : try BotComponent.list(fields.json["components"])
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let author = try context.requireActor()
        let room = try context.room(room)
        try context.settings.checkLength(of: text)
        var message = try context.message(seq, in: room.id)
        guard message.event.author == author.id else {
            throw Refusal(.forbidden, "Only its author may edit a message.")
        }
        guard text.unicodeScalars.contains(where: \.showsSomething) else {
            throw Refusal(.malformed, "A message needs text; delete it instead.")
        }
        if let thread = message.thread, try context.transaction.thread(thread, in: room.id)?.isClosed == true {
            throw Refusal(.archived, "This thread is closed.")
        }
        if context.mentions(in: text).wholeRoom {
            try context.require(.within(.mentionRoom), in: room.id)
        }
        if let components {
            message.bot = try context.botContent(of: author, components, after: message.bot, in: room.id)
        }
        let judged = context.judgement(on: .edit)
        var draft = MessageDraft(
            room: room.id, author: author.id, text: text, thread: message.thread, replyTo: message.replyTo)
        draft.bot = message.bot
        switch judged.verdict.action {
        case .block: throw context.rejection(of: judged.verdict)
        case .hold:
            try context.expireHeldEdits(of: seq, in: room.id)
            let item = try context.hold(draft, judged, editing: seq)
            return object { json in
                json.field("review", item.id)
                json.field("at", context.now)
                json.field("verdict", judged.verdict.action.rawValue)
            }
        case .redact, .allow: try context.expireHeldEdits(of: seq, in: room.id)
        }
        let shown = judged.verdict.action == .redact ? judged.verdict.masked(text) : text
        let mentions = context.mentions(in: shown)
        let event = try context.edit(&message, to: shown, mentions: mentions, by: author.id)
        try context.noteForReview(judged, original: text, draft, message.event)
        return object { json in
            json.field("seq", event.seq)
            json.field("at", event.at)
            json.field("verdict", judged.verdict.action.rawValue)
        }
    }
}

extension WriteContext {
    /// Gives a message another text, and calls those who were not called before.
    func edit(_ message: inout MessageBody, to text: String, mentions: Mentions, by author: MemberID) throws
        -> RoomEvent
    {
        let (room, seq) = (message.event.room, message.event.seq)
        let event = try append(.messageEdited, in: room, by: author, thread: message.thread) { json in
            json.field("message", seq)
            json.field("text", text)
            Markdown.writeTree(of: text, to: &json)
            json.field("thread", message.thread)
            mentions.wire.write(to: &json)
            if let bot = message.bot { json.field("bot", raw: bot) }
        }
        let called = Set(message.mentions.members)
        try replace(&message, by: event, text: text, mentions: mentions.wire)
        var news = mentions
        news.members.removeAll { called.contains($0.rawValue) }
        news.wholeRoom = false
        try call(news, from: event)
        return event
    }

    /// Makes `text` the message's text everywhere in the record, and keeps what it replaces for moderators.
    ///
    /// The text of an older edit would be told to whoever resumes from before it, so that event loses its text; the
    /// newer event, which follows it in every replay, carries the one that counts.
    func replace(
        _ message: inout MessageBody, by event: RoomEvent, text: String, mentions: Mentions.Wire,
        isDeletion: Bool = false
    ) throws {
        let room = message.event.room
        if let last = try transaction.revisions(of: message.event.seq, in: room).last,
            let superseded = try transaction.event(last.replacedBy, in: room)
        {
            try transaction.rewrite(superseded.seq, in: room, body: Self.supersededEdit(superseded, message))
        }
        try transaction.add(
            Revision(
                room: room, seq: message.event.seq, replacedBy: event.seq, at: now, by: event.author, text: message.text
            ))
        message.text = text
        message.mentions = mentions
        message.isDeleted = isDeletion
        message.editedAt = isDeletion ? nil : now
        try transaction.rewrite(message.event.seq, in: room, body: message.encoded)
    }

    private static func supersededEdit(_ edit: RoomEvent, _ message: MessageBody) -> [UInt8] {
        object { json in
            json.field("event", "\(edit.kind.name)")
            json.field("room", edit.room.rawValue)
            json.field("seq", edit.seq)
            json.field("at", edit.at)
            json.field("by", edit.author.rawValue)
            json.field("message", message.event.seq)
            json.field("text", "")
            json.field("thread", message.thread)
            json.field("superseded", true)
        }
    }
}
