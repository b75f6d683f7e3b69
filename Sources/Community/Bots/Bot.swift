import LyceumProtocol

/// A program that takes part as a member: it acts within its owner's live rights and its own scopes, whichever is less.
///
/// Its account is a ``Member`` of role ``Role/bot``; its token is that member's one session.
public struct Bot: Hashable, Sendable {
    /// The most bots of one owner.
    public static let limitPerOwner = 20

    public let member: MemberID
    public let owner: MemberID
    public var scopes: BotScopes
    public var intents: BotIntents
    /// What it is for, in its owner's words.
    public var about: String
    public let createdAt: UnixMilliseconds
    public var commands: [BotCommand] = []

    public init(
        member: MemberID, owner: MemberID, scopes: BotScopes, intents: BotIntents, about: String = "",
        createdAt: UnixMilliseconds
    ) {
        self.member = member
        self.owner = owner
        self.scopes = scopes
        self.intents = intents
        self.about = about
        self.createdAt = createdAt
    }
}

/// What a bot may do at most. Storage format: bits may be added, never moved.
public struct BotScopes: OptionSet, Hashable, Sendable {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Look into rooms, be told of what happens there, search.
    public static let read = BotScopes(rawValue: 1 << 0)
    /// Post, reply, react, edit its own.
    public static let post = BotScopes(rawValue: 1 << 1)
    /// What its owner may do as a moderator: the review queue, sanctions, others' messages. Needs ``read`` besides.
    public static let moderate = BotScopes(rawValue: 1 << 2)
    /// Have commands, be invoked and answer.
    public static let commands = BotScopes(rawValue: 1 << 3)

    public static let all: BotScopes = [.read, .post, .moderate, .commands]

    /// Wire names.
    public static let names: [(name: String, scope: BotScopes)] = [
        ("read", .read), ("post", .post), ("moderate", .moderate), ("commands", .commands),
    ]

    public var wireNames: [String] { Self.names.filter { contains($0.scope) }.map(\.name) }

    public init(wireNames: [String]) {
        self = Self.names.filter { wireNames.contains($0.name) }.reduce(into: []) { $0.insert($1.scope) }
    }

    /// What of its owner's permissions a bot of these scopes has. Nothing that manages rooms, members or the community
    /// is in any scope.
    public var permissions: Permission {
        var granted: Permission = []
        if contains(.read) { granted.formUnion([.readPublic, .join, .search]) }
        if contains(.post) {
            granted.formUnion([.post, .react, .editOwn, .report, .mentionRoom, .announce, .skipSlowMode])
        }
        if contains(.moderate) { granted.formUnion([.moderate, .pin]) }
        return granted
    }
}

/// What a bot is told besides its own stream, which always tells it where it is mentioned, invoked or pressed. Storage
/// format: bits may be added, never moved.
public struct BotIntents: OptionSet, Hashable, Sendable {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Every event of its rooms; needs ``BotScopes/read``.
    public static let messages = BotIntents(rawValue: 1 << 0)
    /// Who types and who is there.
    public static let presence = BotIntents(rawValue: 1 << 1)

    /// Wire names.
    public static let names: [(name: String, intent: BotIntents)] = [("messages", .messages), ("presence", .presence)]

    public var wireNames: [String] { Self.names.filter { contains($0.intent) }.map(\.name) }

    public init(wireNames: [String]) {
        self = Self.names.filter { wireNames.contains($0.name) }.reduce(into: []) { $0.insert($1.intent) }
    }
}

extension Community {
    /// What lets a member in the role ``Role/bot`` do anything: the bot that it is, or the incoming webhook whose account
    /// it is, which posts for its owner and does no more.
    public func program(_ member: MemberID) -> Bot? {
        if let bot = bots[member] { return bot }
        return webhook(speakingAs: member).map {
            Bot(member: member, owner: $0.owner, scopes: [.post], intents: [], createdAt: $0.createdAt)
        }
    }

    /// Whose rights and rank count for what a member does: a bot's owner's, anybody else's own.
    public func person(behind member: MemberID) -> MemberID { program(member)?.owner ?? member }
}
