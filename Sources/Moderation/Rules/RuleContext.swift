import LyceumProtocol

/// What rules know of a text besides the text.
public struct RuleContext: Sendable {
    public var member: MemberID
    public var room: RoomID
    public var roomName: String
    public var roles: Set<String>
    /// Trust level, 0 for newcomers.
    public var trust: Int
    public var surface: TextSurface
    public var now: UnixMilliseconds
    public var accountAge: Duration
    /// Messages that the author has had posted before this one.
    public var posts: Int
    /// Members whom the text mentions.
    public var mentions: Int

    public init(
        member: MemberID, room: RoomID, roomName: String = "", roles: Set<String> = [], trust: Int = 0,
        surface: TextSurface = .message, now: UnixMilliseconds, accountAge: Duration = .zero, posts: Int = 0,
        mentions: Int = 0
    ) {
        self.member = member
        self.room = room
        self.roomName = roomName
        self.roles = roles
        self.trust = trust
        self.surface = surface
        self.now = now
        self.accountAge = accountAge
        self.posts = posts
        self.mentions = mentions
    }
}

extension RuleScope {
    func admits(_ context: RuleContext, _ text: NormalisedText) -> Bool {
        if !rooms.isEmpty, !rooms.contains(context.roomName) { return false }
        if exemptRooms.contains(context.roomName) { return false }
        if !roles.isEmpty, roles.isDisjoint(with: context.roles) { return false }
        if !exemptRoles.isDisjoint(with: context.roles) { return false }
        if let trustBelow, context.trust >= trustBelow { return false }
        if !surfaces.isEmpty, !surfaces.contains(context.surface) { return false }
        if !languages.isEmpty, !languages.contains(text.language) { return false }
        return admitsNewcomer(context)
    }

    private func admitsNewcomer(_ context: RuleContext) -> Bool {
        guard accountAgeBelow != nil || postsBelow != nil else { return true }
        if let accountAgeBelow, context.accountAge < accountAgeBelow { return true }
        if let postsBelow, context.posts < postsBelow { return true }
        return false
    }

    /// Whether nothing restricts it, so that the hot path need not ask.
    var isOpen: Bool {
        rooms.isEmpty && exemptRooms.isEmpty && roles.isEmpty && exemptRoles.isEmpty && trustBelow == nil
            && languages.isEmpty && surfaces.isEmpty && accountAgeBelow == nil && postsBelow == nil
    }
}

extension NormalisedText {
    /// `zh` if the text has Han and no kana, `en` if it has Latin letters only, else `other`.
    public var language: String {
        if scripts.contains(.han), !scripts.contains(.kana) { return "zh" }
        return scripts.subtracting(.latin).isEmpty ? "en" : "other"
    }
}
