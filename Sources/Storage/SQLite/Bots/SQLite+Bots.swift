import Community
import LyceumProtocol

extension SQLiteReader {
    /// Stored bots, as changes of a community.
    func botChanges() throws(StoreError) -> [Change] {
        let waiting = try all(
            "\(Self.selectInvocation) WHERE state IN ('open', 'deferred')", { _ in }, Self.invocation)
        return try bots() + waiting.compactMap { $0.map(Change.invocation) }
    }

    private func bots() throws(StoreError) -> [Change] {
        try all("SELECT member, owner, scopes, intents, about, created_at, commands FROM bot", { _ in }) { row in
            var bot = Bot(
                member: MemberID(row.int64(0)), owner: MemberID(row.int64(1)),
                scopes: BotScopes(rawValue: row.int64(2)),
                intents: BotIntents(rawValue: row.int64(3)), about: row.text(4), createdAt: row.int64(5))
            bot.commands = BotCommand.list(row.bytes(6))
            return .bot(bot)
        }
    }

    func invocation(_ id: InvocationID) throws -> BotInvocation? {
        try first("\(Self.selectInvocation) WHERE id = ?", { $0.bind(1, id) }, Self.invocation) ?? nil
    }

    func waitingInvocations(of bot: MemberID, limit: Int) throws -> [BotInvocation] {
        try all(
            "\(Self.selectInvocation) WHERE bot = ? AND state IN ('open', 'deferred') ORDER BY id LIMIT ?",
            { row in
                row.bind(1, bot.rawValue)
                row.bind(2, Int64(limit))
            }, Self.invocation
        ).compactMap { $0 }
    }

    func invocationDeadlines() throws -> [(id: InvocationID, at: UnixMilliseconds)] {
        try all(
            "SELECT id, expires_at FROM bot_invocation WHERE state IN ('open', 'deferred')", { _ in },
            { ($0.int64(0), $0.int64(1)) })
    }

    private static let selectInvocation = """
        SELECT id, bot, member, room, thread, kind, name, body, created_at, expires_at, state, reply, components
        FROM bot_invocation
        """

    private static func invocation(_ row: SQLStatement) -> BotInvocation? {
        guard let kind = BotInvocation.Kind(rawValue: row.text(5)),
            let state = BotInvocation.State(rawValue: row.text(10))
        else { return nil }
        var invocation = BotInvocation(
            id: row.int64(0), bot: MemberID(row.int64(1)), member: MemberID(row.int64(2)), room: RoomID(row.int64(3)),
            thread: row.optionalInt64(4), kind: kind, name: row.text(6), body: row.bytes(7), createdAt: row.int64(8),
            expiresAt: row.int64(9))
        invocation.state = state
        invocation.reply = row.bytes(11)
        invocation.components = row.bytes(12)
        return invocation
    }
}

extension SQLiteTransaction {
    func put(_ bot: Bot) throws(StoreError) {
        try run("INSERT OR REPLACE INTO bot VALUES (?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, bot.member.rawValue)
            row.bind(2, bot.owner.rawValue)
            row.bind(3, bot.scopes.rawValue)
            row.bind(4, bot.intents.rawValue)
            row.bind(5, bot.about)
            row.bind(6, bot.createdAt)
            row.bind(7, BotCommand.encode(bot.commands))
        }
    }

    func makeInvocationID() throws -> InvocationID { try nextIdentifier(of: "bot_invocation") }

    func put(_ invocation: BotInvocation) throws(StoreError) {
        try run("INSERT OR REPLACE INTO bot_invocation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, invocation.id)
            row.bind(2, invocation.bot.rawValue)
            row.bind(3, invocation.member.rawValue)
            row.bind(4, invocation.room.rawValue)
            row.bind(5, invocation.thread)
            row.bind(6, invocation.kind.rawValue)
            row.bind(7, invocation.name)
            row.bind(8, invocation.body)
            row.bind(9, invocation.createdAt)
            row.bind(10, invocation.expiresAt)
            row.bind(11, invocation.state.rawValue)
            row.bind(12, invocation.reply)
            row.bind(13, invocation.components)
        }
    }

    func forgetInvocations(expiredBefore limit: UnixMilliseconds) throws {
        try run("DELETE FROM bot_invocation WHERE expires_at < ? AND state NOT IN ('open', 'deferred')") {
            $0.bind(1, limit)
        }
    }
}
