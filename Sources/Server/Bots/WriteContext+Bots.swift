import Community
import LyceumProtocol

extension WriteContext {
    /// A bot that the actor may change: its owner may, and whoever manages members.
    func managedBot(_ id: MemberID) throws(Refusal) -> Bot {
        let bot = try knownBot(id)
        if bot.owner != actor.member { try require(.community(.manageMembers)) }
        return bot
    }

    /// A bot of the actor's own.
    func ownBot(_ id: MemberID) throws(Refusal) -> Bot {
        let bot = try knownBot(id)
        guard bot.owner == actor.member else { throw Refusal(.forbidden, "Only its owner may do this with a bot.") }
        return bot
    }

    private func knownBot(_ id: MemberID) throws(Refusal) -> Bot {
        guard let bot = community.bots[id] else { throw .notFound }
        return bot
    }

    /// Refuses whom a ban keeps out of the room, whichever door they come to, and a bot where its owner is not: it acts
    /// within its owner's rights, and goes where its owner goes.
    func checkMayEnter(_ member: MemberID, _ room: RoomID) throws(Refusal) {
        guard community.restriction(of: member, in: room).bannedUntil == nil else { throw .notFound }
        guard let bot = community.bots[member] else { return }
        guard community.membership(of: bot.owner, in: room) != nil else { throw .botWithoutOwner }
    }

    /// Gives a bot a new token; the old one opens nothing from now on, and its connections are closed.
    func issueToken(for bot: Bot) throws -> String {
        try end(community.sessions(of: bot.member), code: .revoked)
        let token = Secrets.makeToken()
        _ = try open(token, for: bot.member, label: "bot")
        return token
    }
}

extension Refusal {
    static let botWithoutOwner = Refusal(.forbidden, "A bot can only be where its owner is.")
    static let botHasNoRole = Refusal(.forbidden, "A bot has no role but its owner's rights and its scopes.")
}
