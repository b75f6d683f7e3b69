/// What a member is in the community, or, as an override, in one room. Raw values are wire and storage format.
public enum Role: String, CaseIterable, Sendable {
    case owner, admin, moderator, mentor, member, guest, bot

    /// Higher outranks lower: nobody gives, takes or sanctions a role at or above their own.
    public var rank: Int {
        switch self {
        case .owner: 6
        case .admin: 5
        case .moderator: 4
        case .mentor: 3
        case .member: 2
        case .bot: 1
        case .guest: 0
        }
    }

    /// The permission table. What a role may do everywhere; rooms adjust it by ``RoomRules``.
    public var permissions: Permission {
        switch self {
        case .owner, .admin: .all
        case .moderator: Permission.all.subtracting([.manageMembers, .manageCommunity, .manageRoom])
        case .mentor: Self.ordinary.union([.pin, .mentionRoom, .host])
        case .member: Self.ordinary
        // What a bot may do follows from its owner and its scopes.
        case .bot: []
        case .guest: [.post, .react, .editOwn, .search, .report]
        }
    }

    private static let ordinary: Permission = [
        .readPublic, .join, .post, .react, .editOwn, .search, .report, .createRoom, .createPrivateRoom, .direct,
        .invite,
    ]
}

/// Things a member may be allowed to do. Storage format: bits may be added, never moved.
public struct Permission: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// See public rooms without being in them, and be told of them.
    public static let readPublic = Permission(rawValue: 1 << 0)
    /// Enter public rooms unasked.
    public static let join = Permission(rawValue: 1 << 1)
    /// Post, reply, follow threads.
    public static let post = Permission(rawValue: 1 << 2)
    public static let react = Permission(rawValue: 1 << 3)
    /// Edit and delete one's own messages.
    public static let editOwn = Permission(rawValue: 1 << 4)
    public static let search = Permission(rawValue: 1 << 5)
    public static let report = Permission(rawValue: 1 << 6)
    public static let createRoom = Permission(rawValue: 1 << 7)
    public static let createPrivateRoom = Permission(rawValue: 1 << 8)
    /// Open direct rooms.
    public static let direct = Permission(rawValue: 1 << 9)
    /// Invite into a room.
    public static let invite = Permission(rawValue: 1 << 10)
    public static let pin = Permission(rawValue: 1 << 11)
    /// Reach everybody in a room by `@room`.
    public static let mentionRoom = Permission(rawValue: 1 << 12)
    /// Post in announcement rooms.
    public static let announce = Permission(rawValue: 1 << 13)
    /// Post without waiting in slow mode.
    public static let skipSlowMode = Permission(rawValue: 1 << 14)
    /// Change a room's title, topic, rules; archive it.
    public static let manageRoom = Permission(rawValue: 1 << 15)
    /// Delete others' messages, see their history, work the review queue.
    public static let moderate = Permission(rawValue: 1 << 16)
    /// Invite into the community.
    public static let inviteToCommunity = Permission(rawValue: 1 << 17)
    /// Give and take roles below one's own.
    public static let manageMembers = Permission(rawValue: 1 << 18)
    public static let manageCommunity = Permission(rawValue: 1 << 19)

    /// Hold Q&A sessions.
    public static let host = Permission(rawValue: 1 << 20)

    public static let all = Permission(rawValue: (1 << 21) - 1)

    /// What makes sense inside one room, and may therefore come from a room role.
    public static let roomScoped: Permission = [
        .post, .react, .editOwn, .search, .report, .invite, .pin, .mentionRoom, .announce, .skipSlowMode, .manageRoom,
        .moderate, .host,
    ]

    /// What would change a room's record and is refused once it is archived.
    public static let endedByArchive: Permission = [.post, .react, .editOwn, .pin, .announce, .mentionRoom, .host]

    /// What a mute takes away for its time.
    public static let silencedByMute: Permission = [
        .post, .react, .editOwn, .createRoom, .createPrivateRoom, .direct, .invite, .pin, .host,
    ]
}
