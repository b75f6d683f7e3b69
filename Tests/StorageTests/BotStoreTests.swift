import Community
import LyceumProtocol
import Testing

/// Bots and what they are asked outlive a restart.
@Suite struct `Bots in the store` {
    private static let commands = #"""
        {"commands":[{"name":"weather","name_zh":"天气","description":"How it is outside","options":[
            {"name":"city","name_zh":"城市","type":"string","required":true,"choices":[
                {"value":"bj","label":"Beijing","label_zh":"北京"}]},
            {"name":"days","type":"integer","choices":[{"value":3}]}]}]}
        """#

    private func bot(_ member: MemberID, of owner: MemberID) -> Bot {
        var bot = Bot(
            member: member, owner: owner, scopes: [.read, .commands], intents: .presence, about: "天气",
            createdAt: 5)
        bot.commands = BotCommand.list(Array(Self.commands.utf8))
        return bot
    }

    @Test(arguments: StoreKind.allCases)
    func `a bot is read back with all it declared, changed, and gone once it is deleted`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let (owner, member) = try test.write { transaction in
            (try transaction.makeMember("olga"), try transaction.makeMember("robot", role: .bot))
        }
        var bot = bot(member, of: owner)
        #expect(bot.commands.first?.options.map(\.name) == ["city", "days"])
        try test.write { try $0.put(.bot(bot)) }
        try test.reopen()
        #expect(try test.store.loadCommunity().bots == [member: bot])
        bot.scopes = .post
        bot.commands = []
        try test.write { try $0.put(.bot(bot)) }
        try test.reopen()
        #expect(try test.store.loadCommunity().bots(of: owner) == [bot])
        try test.write { try $0.put(.botDeleted(member)) }
        try test.reopen()
        #expect(try test.store.loadCommunity().bots.isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func `invocations wait for their bot, fall due, and are forgotten once they are over`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let bot = MemberID(7)
        var made: [BotInvocation] = []
        for expiry in [UnixMilliseconds(100), 200, 300] {
            try test.write { transaction in
                let invocation = BotInvocation(
                    id: try transaction.makeInvocationID(), bot: bot, member: MemberID(1), room: RoomID(2), thread: 3,
                    kind: .command, name: "weather", body: [123, 125], createdAt: 50, expiresAt: expiry)
                try transaction.put(.invocation(invocation))
                made.append(invocation)
            }
        }
        made[1].state = .answered
        made[1].reply = [1]
        made[1].components = [2]
        try test.write { try $0.put(.invocation(made[1])) }
        try test.reopen()
        #expect(try test.read { try $0.invocation(made[1].id) } == made[1])
        #expect(try test.read { try $0.waitingInvocations(of: bot, limit: 9) } == [made[0], made[2]])
        #expect(try test.read { try $0.invocationDeadlines() }.map(\.at) == [100, 300])
        #expect(try test.store.loadCommunity().waitingInvocations(of: bot) == 2)
        try test.write { try $0.forgetInvocations(expiredBefore: 250) }
        #expect(try test.read { try $0.invocation(made[1].id) } == nil)
        #expect(try test.read { try $0.invocation(made[0].id) } == made[0], "what waits is not forgotten")
    }
}
