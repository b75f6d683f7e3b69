import LyceumProtocol
import Testing

@testable import Community

struct GateTests {
    private static let actor = MemberID(1)
    private static let room = RoomID(1)

    /// A community with one room that the actor is in.
    private static func community(
        role: Role = .member, roomRole: Role? = nil, kind: Room.Kind = .public, rules: RoomRules = RoomRules(),
        archived: Bool = false, isInside: Bool = true, mutedUntil: UnixMilliseconds? = nil,
        bannedUntil: UnixMilliseconds? = nil
    ) -> Community {
        var community = Community(epoch: "e")
        community.apply(
            .room(
                Room(
                    id: room, kind: kind, name: "here", title: "", createdBy: MemberID(9), createdAt: 0, rules: rules,
                    isArchived: archived)))
        community.apply(
            .member(
                Member(
                    id: actor, name: "actor", role: role, createdAt: 0, mutedUntil: mutedUntil, bannedUntil: bannedUntil
                )))
        if isInside {
            community.apply(
                .joined(room, actor, Membership(role: roomRole, joinedSeq: 1, readSeq: 0, readOrdinal: 0)))
        }
        return community
    }

    private static func refusal(_ requirement: Requirement, _ community: Community, at now: UnixMilliseconds = 1000)
        -> ErrorCode?
    {
        do throws(Refusal) {
            try Gate.admit(requirement, for: actor, in: room, of: community, at: now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `what may not be seen is refused as if it were not there`() {
        #expect(Self.refusal(.seeing([]), Self.community(kind: .private, isInside: false)) == .notFound)
        #expect(
            Self.refusal(.within(.post), Self.community(role: .owner, kind: .private, isInside: false)) == .notFound)
        #expect(Self.refusal(.seeing([]), Self.community(role: .guest, isInside: false)) == .notFound)
    }

    @Test func `a public room is read from outside and written from inside`() {
        #expect(Self.refusal(.seeing([]), Self.community(isInside: false)) == nil)
        #expect(Self.refusal(.within(.post), Self.community(isInside: false)) == .forbidden)
    }

    @Test func `a room role reaches what is the room's and nothing else`() {
        let community = Self.community(roomRole: .moderator)
        #expect(Self.refusal(.within(.moderate), community) == nil)
        #expect(Self.refusal(.community(.moderate), community) == .forbidden)
        #expect(Self.refusal(.community(.inviteToCommunity), community) == .forbidden)
    }

    @Test func `a room role can take away, but not from admins`() {
        #expect(Self.refusal(.within(.pin), Self.community(role: .mentor, roomRole: .guest)) == .forbidden)
        #expect(Self.refusal(.within(.pin), Self.community(role: .admin, roomRole: .guest)) == nil)
    }

    @Test func `a room's own rules come last`() {
        let silent = RoomRules(overrides: [.member: .init(allow: [], deny: .post)])
        #expect(Self.refusal(.within(.post), Self.community(rules: silent)) == .forbidden)
        let generous = RoomRules(overrides: [.member: .init(allow: [.pin, .manageMembers], deny: [])])
        #expect(Self.refusal(.within(.pin), Self.community(rules: generous)) == nil)
        #expect(Self.refusal(.community(.manageMembers), Self.community(rules: generous)) == .forbidden)
    }

    @Test func `an archived room is read and not written`() {
        let community = Self.community(archived: true)
        #expect(Self.refusal(.within(.post), community) == .archived)
        #expect(Self.refusal(.within(.react), community) == .archived)
        #expect(Self.refusal(.seeing([]), community) == nil)
        #expect(Self.refusal(.seeing(.manageRoom), Self.community(role: .admin, archived: true)) == nil)
    }

    @Test(arguments: [(UnixMilliseconds(999), ErrorCode?.none), (1001, .muted)])
    func `a mute silences until it ends`(until: UnixMilliseconds, expected: ErrorCode?) {
        let community = Self.community(mutedUntil: until)
        #expect(Self.refusal(.within(.post), community) == expected)
        #expect(Self.refusal(.within(.editOwn), community) == expected)
        #expect(Self.refusal(.seeing([]), community) == nil)
    }

    @Test func `the banned may object and do no more`() {
        #expect(Self.refusal(.signedIn, Self.community(bannedUntil: .max)) == .forbidden)
        #expect(Self.refusal(.anySession, Self.community(bannedUntil: .max)) == nil)
        #expect(Self.refusal(.anyone, Self.community(bannedUntil: .max)) == nil)
        #expect(Self.refusal(.signedIn, Self.community(bannedUntil: 1000)) == nil)
    }
}

struct MentionTests {
    private static func mentions(_ text: String) -> Mentions {
        var community = Community(epoch: "e")
        for (number, name) in ["ann", "张三", "张三丰", "bob.smith", "Émile"].enumerated() {
            community.apply(.member(Member(id: MemberID(Int64(number + 1)), name: name, role: .member, createdAt: 0)))
        }
        return Mentions(in: text, community: community)
    }

    @Test(arguments: [
        ("hi @ann!", [1]), ("@ANN and @ann", [1]), ("@张三你好", [2]), ("@张三丰 好", [3]), ("（@张三）", [2]),
        ("ask @bob.smith.", [4]), ("@émile", [5]), ("mail x@ann", []), ("@nobody", []), ("@", []), ("@@ann", [1]),
        ("@ann@bob.smith", [1]), ("@anna and @ann2", []), ("@ann你好", [1]), ("@ann_ and @ann.Yes", [1]),
        ("@bob.smithson", []),
    ])
    func `names are found as people write them`(text: String, expected: [Int64]) {
        #expect(Self.mentions(text).members.map(\.rawValue) == expected)
    }

    @Test func `the whole room is called by name`() {
        #expect(Self.mentions("@room now").wholeRoom)
        #expect(Self.mentions("@room大家好").wholeRoom)
        #expect(!Self.mentions("a room").wholeRoom)
        #expect(!Self.mentions("my @roommate").wholeRoom)
    }

    @Test func `a text of nothing but signs is read in time that grows with it`() {
        #expect(Self.mentions(String(repeating: "@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", count: 1000)).members.isEmpty)
    }
}

struct NameTests {
    @Test(arguments: ["ann", "张三", "a-b_c.d", "Zoë", "한국어", "9lives"])
    func `names of any script are valid`(name: String) {
        #expect(NameRules.isValid(name))
    }

    @Test(arguments: [
        "a", "", "_ann", "ann.", "a b", "a\u{200B}b", "a\u{202E}b", "a\u{0301}\u{0302}\u{0303}b", "a\nb", "a@b", "a/b",
        String(repeating: "x", count: 33), "a\u{FEFF}b", "😀😀",
    ])
    func `what hides, stacks or separates is no name`(name: String) {
        #expect(!NameRules.isValid(name))
    }
}
