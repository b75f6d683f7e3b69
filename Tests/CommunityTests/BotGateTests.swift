import Community
import LyceumProtocol
import Testing

/// A bot may do what both its owner may do at this moment and its scopes cover.
struct BotGateTests {
    private static let (bot, owner, room) = (MemberID(1), MemberID(2), RoomID(3))

    private static func community(
        scopes: BotScopes = .all, owner role: Role = .member, kind: Room.Kind = .public, isInside: Bool = true,
        rules: RoomRules = RoomRules()
    ) -> Community {
        var community = Community(epoch: "e")
        community.apply(
            .room(Room(id: room, kind: kind, name: "here", title: "", createdBy: owner, createdAt: 0, rules: rules)))
        community.apply(.member(Member(id: owner, name: "owner", role: role, createdAt: 0)))
        community.apply(.member(Member(id: bot, name: "robot", role: .bot, createdAt: 0)))
        community.apply(.bot(Bot(member: bot, owner: owner, scopes: scopes, intents: [], createdAt: 0)))
        for member in isInside ? [bot, owner] : [] {
            community.apply(.joined(room, member, Membership(joinedSeq: 0, readSeq: 0, readOrdinal: 0)))
        }
        return community
    }

    private static func refusal(_ requirement: Requirement, _ community: Community) -> ErrorCode? {
        do throws(Refusal) {
            try Gate.admit(requirement, for: bot, in: room, of: community, at: 1000)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: [
        (Requirement.within(.post), BotScopes.post), (.seeing([]), .read), (.community(.search), .read),
        (.bot(.commands), .commands),
    ])
    func `each scope opens its own door and no other does`(requirement: Requirement, scope: BotScopes) {
        #expect(Self.refusal(requirement, Self.community(scopes: scope)) == nil)
        #expect(Self.refusal(requirement, Self.community(scopes: .all.subtracting(scope))) != nil)
    }

    @Test func `moderating takes the scope and an owner who may`() {
        #expect(Self.refusal(.seeing(.moderate), Self.community(owner: .moderator)) == nil)
        #expect(Self.refusal(.moderating, Self.community(owner: .moderator)) == nil)
        #expect(Self.refusal(.seeing(.moderate), Self.community(owner: .member)) == .forbidden)
        #expect(Self.refusal(.moderating, Self.community(owner: .member)) == .forbidden)
        let scopes = BotScopes.all.subtracting(.moderate)
        #expect(Self.refusal(.moderating, Self.community(scopes: scopes, owner: .owner)) == .forbidden)
    }

    @Test(arguments: [
        Permission.manageRoom, .manageMembers, .manageCommunity, .inviteToCommunity, .createRoom, .direct,
    ])
    func `no scope manages anything, whoever owns the bot`(permission: Permission) {
        #expect(Self.refusal(.community(permission), Self.community(owner: .owner)) == .forbidden)
    }

    @Test func `what its owner loses, it loses at once`() {
        var community = Self.community(owner: .moderator, kind: .private)
        community.apply(.member(Member(id: Self.owner, name: "owner", role: .member, createdAt: 0)))
        #expect(Self.refusal(.seeing(.moderate), community) == .forbidden)
        community.apply(.member(Member(id: Self.owner, name: "owner", role: .member, createdAt: 0, mutedUntil: 2000)))
        #expect(Self.refusal(.within(.post), community) == .muted)
        community.apply(.left(Self.room, Self.owner))
        #expect(Self.refusal(.seeing([]), community) == .notFound)
        community.apply(.member(Member(id: Self.owner, name: "owner", role: .member, createdAt: 0, bannedUntil: 2000)))
        #expect(Self.refusal(.signedIn, community) == .forbidden)
        #expect(Self.refusal(.anySession, community) == .forbidden)
        community.apply(.botDeleted(Self.bot))
        #expect(Self.refusal(.signedIn, community) == .unauthenticated)
    }

    @Test func `a room may deny bots what it lets their owners do`() {
        let rules = RoomRules(overrides: [.bot: .init(allow: [], deny: .post)])
        #expect(Self.refusal(.within(.post), Self.community(owner: .owner, rules: rules)) == .forbidden)
    }

    @Test func `a bot that only posts cannot look`() {
        let community = Self.community(scopes: .post, kind: .private)
        #expect(Self.refusal(.within(.post), community) == nil)
        #expect(Self.refusal(.seeing([]), community) == .notFound)
        #expect(!Gate.canSee(Self.room, Self.bot, of: community))
    }

    @Test func `what is for people is not for bots`() {
        #expect(Self.refusal(.person, Self.community(owner: .owner)) == .forbidden)
    }
}
