import Community
import LyceumProtocol

extension WriteContext {
    /// The most invocations that may wait for one bot.
    private static let mostWaiting = 1000

    /// What a bot's message carries besides its text, as JSON; `nil` for a person's message.
    ///
    /// - Throws: A refusal for components of a person, for labels that the moderation stage does not let pass, and
    ///   for bots that only answer one another.
    func botContent(
        of author: Member, _ components: [BotComponent], answering invocation: BotInvocation?, in room: RoomID
    ) throws(Refusal) -> [UInt8]? {
        guard author.role == .bot else {
            guard components.isEmpty else { throw Refusal(.forbidden, "Only bots put buttons under their messages.") }
            return nil
        }
        if invocation == nil, let wait = community.botTurns(in: room)?.wait(for: author.id, at: now) {
            throw Refusal(
                .rateLimited, "Bots have answered one another here; a person has to write first.",
                retryAfterMilliseconds: wait)
        }
        try admitBotTexts()
        return object { json in
            if !components.isEmpty { json.field("components", array: components) { $1.write(to: &$0) } }
            guard let invocation else { return }
            json.field(
                "invoked",
                object: { json in
                    json.field("invocation", invocation.id)
                    if invocation.kind == .command { json.field("command", invocation.name) }
                    json.field("by", invocation.member.rawValue)
                })
        }
    }

    /// As above for an edit: other components, and what the message answers as it was.
    func botContent(
        of author: Member, _ components: [BotComponent], after stored: [UInt8]?, in room: RoomID
    ) throws(Refusal) -> [UInt8]? {
        guard author.role == .bot else { throw Refusal(.forbidden, "Only bots put buttons under their messages.") }
        try admitBotTexts()
        let invoked = (stored ?? []).withUnsafeBytes { bytes in
            (try? JSONObject(parsing: bytes))?["invoked"].map { Array($0.rawBytes) }
        }
        return object { json in
            if !components.isEmpty { json.field("components", array: components) { $1.write(to: &$0) } }
            if let invoked { json.field("invoked", raw: invoked) }
        }
    }

    /// A bot that may be asked something in a room now.
    func invocableBot(_ id: MemberID, in room: RoomID) throws(Refusal) -> Bot {
        guard let bot = community.bots[id], community.membership(of: id, in: room) != nil, isInService(bot) else {
            throw .notFound
        }
        guard community.waitingInvocations(of: id) < Self.mostWaiting else {
            throw Refusal(.unavailable, "This bot has too much to answer.", retryAfterMilliseconds: 10_000)
        }
        return bot
    }

    /// Whether a bot may have commands and answer: by its scopes, its own standing and its owner's.
    func isInService(_ bot: Bot) -> Bool {
        do throws(Refusal) {
            try Gate.admit(.bot(.commands), for: bot.member, in: nil, of: community, at: now)
            return true
        } catch {
            return false
        }
    }

    /// Asks a bot: stores the invocation, tells the bot on its own stream, and sets the time by which it must answer.
    ///
    /// - Parameter fields: Writes what the invocation's kind carries besides what all carry.
    func invoke(
        _ bot: MemberID, _ kind: BotInvocation.Kind, _ name: String, in room: RoomID, thread: SequenceNumber?,
        locale: String?, _ fields: (inout JSONWriter) -> Void
    ) throws -> BotInvocation {
        let member = try requireActor()
        let id = try transaction.makeInvocationID()
        let expiry = now + settings.botAnswerMilliseconds
        func write(_ json: inout JSONWriter) {
            json.field("invocation", id)
            json.field("room", room.rawValue)
            json.field("thread", thread)
            json.field(
                "by",
                object: { json in
                    json.field("id", member.id.rawValue)
                    json.field("name", member.name)
                    json.field("role", member.role.rawValue)
                })
            json.field("locale", locale)
            json.field("expires_at", expiry)
            fields(&json)
        }
        let invocation = BotInvocation(
            id: id, bot: bot, member: member.id, room: room, thread: thread, kind: kind, name: name,
            body: object { write(&$0) }, createdAt: now, expiresAt: expiry)
        try apply(.invocation(invocation))
        try tell(kind == .command ? .botInvoked : .componentInvoked, to: bot) { write(&$0) }
        note(.set(.invocationExpires(id), at: expiry))
        return invocation
    }

    /// Stores what has become of an invocation, and tells the one who made it.
    ///
    /// - Parameter fields: Writes what belongs to the state.
    func settle(
        _ invocation: BotInvocation, _ state: String, _ fields: (inout JSONWriter) -> Void = { _ in }
    ) throws {
        try apply(.invocation(invocation))
        if !invocation.state.isWaiting { note(.done(.invocationExpires(invocation.id))) }
        try tell(.botAnswered, to: invocation.member) { json in
            json.field("invocation", invocation.id)
            json.field("bot", invocation.bot.rawValue)
            json.field("room", invocation.room.rawValue)
            json.field("state", state)
            fields(&json)
        }
    }

    /// Ends an invocation that nobody will answer.
    func expire(_ invocation: BotInvocation, _ reason: String) throws {
        var invocation = invocation
        invocation.state = .expired
        try settle(invocation, "expired") { json in
            json.name("error")
            Refusal(.unavailable, reason).write(to: &json)
        }
    }
}

/// The end of an invocation's time.
struct ExpireInvocation: WriteCommand {
    let invocation: InvocationID
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        context.note(.done(.invocationExpires(invocation)))
        if let invocation = try context.transaction.invocation(invocation), invocation.state.isWaiting {
            try context.expire(invocation, "The bot did not answer in time.")
        }
        try context.transaction.forgetInvocations(expiredBefore: context.now - .day)
        return emptyObject
    }
}
