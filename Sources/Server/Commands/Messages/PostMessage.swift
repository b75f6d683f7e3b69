import Community
import LyceumProtocol

/// `message.post`: puts a message into a room or a thread, at most once for its nonce.
struct PostMessage: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("text", .string(0...32_000)), .required("nonce", .string(1...64)),
        .optional("thread", .number), .optional("reply_to", .number),
        .optional("attachments", .array(.string(27...27), atMost: Attachment.limit)),
        .optional("components", BotFields.components),
    ]
    static let answer: [Field] = [
        .optional("seq", .number), .required("at", .number), .required("verdict", .word(["allow", "redact", "hold"])),
        .optional("review", .number), .optional("duplicate", .boolean),
    ]

    let room: RoomID?
    let text: String
    let nonce: String?
    let thread: SequenceNumber?
    let replyTo: SequenceNumber?
    /// Ids of files.
    var attachments: [String] = []
    /// Buttons and selects under the message of a bot.
    var components: [BotComponent] = []
    /// What the message answers, where a bot was invoked.
    var invocation: BotInvocation?
    var texts: [SubmittedText] { [SubmittedText(kind: .message, text: text)] + BotFields.texts(of: components) }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        text = try fields.string("text")
        nonce = try fields.string("nonce")
        thread = fields.optionalInteger("thread")
        replyTo = fields.optionalInteger("reply_to")
        attachments = fields.json["attachments"]?.elements?.compactMap(\.string) ?? []
        components = try BotComponent.list(fields.json["components"])
    }

    /// The answer to an invocation, for everybody in its room.
    init(_ text: String, _ components: [BotComponent], answering invocation: BotInvocation) {
        room = invocation.room
        self.text = text
        nonce = "invocation \(invocation.id)"
        thread = invocation.thread
        replyTo = nil
        self.components = components
        self.invocation = invocation
    }

    /// A post outside threads that came by another door.
    init(_ text: String, in room: RoomID, nonce: String) {
        (self.room, self.text, self.nonce) = (room, text, nonce)
        (thread, replyTo) = (nil, nil)
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let author = try context.requireActor()
        if let nonce, let first = try context.transaction.outcome(of: nonce, by: author.id) {
            return try first.repeated(in: self.room)
        }
        let room = try context.room(room)
        try checkText(context.settings)
        var draft = MessageDraft(room: room.id, author: author.id, text: text, thread: thread, replyTo: replyTo)
        var mentions = context.mentions(in: text)
        let target = try checkPlace(room, author, draft, mentions, in: context)
        draft.files = try context.filesToAttach(attachments, to: room.id, by: author.id)
        draft.bot = try context.botContent(of: author, components, answering: invocation, in: room.id)
        let judged = context.judgement(on: .message)
        switch judged.verdict.action {
        case .block: throw context.rejection(of: judged.verdict)
        case .hold: return try hold(draft, judged, in: context)
        case .redact:
            draft.text = judged.verdict.masked(text)
            mentions = context.mentions(in: draft.text)
        case .allow: break
        }
        let event = try draft.post(to: target, mentions: mentions, in: context)
        try moveReadMark(event, author, in: context)
        try context.noteForReview(judged, original: text, draft, event)
        let reply = object { json in
            json.field("seq", event.seq)
            json.field("at", event.at)
            json.field("verdict", judged.verdict.action.rawValue)
        }
        try remember(reply, draft, in: context)
        return reply
    }

    private func hold(_ draft: MessageDraft, _ judged: Judged, in context: WriteContext) throws -> [UInt8] {
        let item = try context.hold(draft, judged)
        let reply = object { json in
            json.field("review", item.id)
            json.field("at", context.now)
            json.field("verdict", judged.verdict.action.rawValue)
        }
        try remember(reply, draft, in: context)
        return reply
    }

    private func remember(_ reply: [UInt8], _ draft: MessageDraft, in context: WriteContext) throws {
        let outcome = PostOutcome(room: draft.room, reply: reply)
        if let nonce { try context.transaction.remember(outcome, nonce: nonce, by: draft.author, at: context.now) }
        try context.apply(.posted(draft.room, draft.author, at: context.now))
    }

    private func checkText(_ settings: CommunitySettings) throws {
        try settings.checkLength(of: text)
        guard !attachments.isEmpty || text.unicodeScalars.contains(where: \.showsSomething) else {
            throw Refusal(.malformed, "A message needs text.")
        }
    }

    /// Checks what the room and the thread ask; returns the thread it goes to.
    private func checkPlace(
        _ room: Room, _ author: Member, _ draft: MessageDraft, _ mentions: Mentions, in context: WriteContext
    ) throws -> ThreadTarget? {
        if mentions.wholeRoom { try context.require(.within(.mentionRoom), in: room.id) }
        if let replyTo { _ = try context.message(replyTo, in: room.id) }
        if room.rules.isAnnouncement, thread == nil { try context.require(.within(.announce), in: room.id) }
        // Whoever asked a bot wants the answer now.
        if invocation == nil { try context.checkSlowMode(room, author) }
        return try draft.target(in: context)
    }

    /// Who writes has read what stands above.
    private func moveReadMark(_ event: RoomEvent, _ author: Member, in context: WriteContext) throws {
        if let thread {
            try context.transaction.markRead(thread, in: event.room, by: author.id, seq: event.seq)
        } else {
            try context.apply(.read(event.room, author.id, seq: event.seq, ordinal: event.ordinal))
        }
    }
}

extension WriteContext {
    /// Whom a text calls; the community is lent only where that may be anybody.
    func mentions(in text: String) -> Mentions {
        Mentions.mayStand(in: text) ? Mentions(in: text, community: community) : Mentions()
    }

    /// The message at `seq`, as it reads now.
    /// - Throws: ``Refusal/notFound`` for what is no message, or was deleted.
    func message(_ seq: SequenceNumber, in room: RoomID) throws -> MessageBody {
        guard let event = try transaction.event(seq, in: room) else { throw Refusal.notFound }
        let message = try MessageBody(event)
        guard !message.isDeleted else { throw Refusal.notFound }
        return message
    }

    /// A bot does not reach another by naming it, so that two never keep each other going.
    private func isCallBetweenBots(_ author: MemberID, _ member: MemberID) -> Bool {
        community.members[author]?.role == .bot && community.bots[member] != nil
    }

    /// Notes mentions of those who are in the room, and tells them on their own stream.
    func call(_ mentions: Mentions, from event: RoomEvent) throws {
        if mentions.wholeRoom { try transaction.addMention(of: nil, in: event.room, seq: event.seq) }
        for member in mentions.members
        where member != event.author && !isCallBetweenBots(event.author, member)
            && community.membership(of: member, in: event.room) != nil
        {
            try transaction.addMention(of: member, in: event.room, seq: event.seq)
            try tell(.mentioned, to: member) { json in
                json.field("room", event.room.rawValue)
                json.field("message", event.seq)
                json.field("by", event.author.rawValue)
                json.field("thread", event.thread)
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether a text of it alone is more than empty space.
    ///
    /// A letter of ASCII is told by its number; what Unicode says of a character takes a look into its tables.
    var showsSomething: Bool {
        (0x21...0x7E).contains(value) || !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
    }
}
