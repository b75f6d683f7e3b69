import LyceumProtocol

/// A place where people talk, as far as decisions need it; its events stay in the store.
public struct Room: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case `public`, `private`, direct
    }

    public let id: RoomID
    public let kind: Kind
    /// Unique by ``NameRules/key(of:)`` among public rooms; empty for direct ones. Private rooms may share names: to
    /// refuse one would tell of the other.
    public var name: String
    public var title: String
    public var topic: String
    public var createdBy: MemberID
    public var createdAt: UnixMilliseconds
    public var rules: RoomRules
    public var isArchived: Bool
    /// The newest event.
    public var seq: SequenceNumber
    /// How many messages stand outside threads, tombstones included; what unread counts are differences of.
    public var ordinal: Int64

    public init(
        id: RoomID, kind: Kind, name: String, title: String, topic: String = "", createdBy: MemberID,
        createdAt: UnixMilliseconds, rules: RoomRules = RoomRules(), isArchived: Bool = false, seq: SequenceNumber = 0,
        ordinal: Int64 = 0
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.title = title
        self.topic = topic
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.rules = rules
        self.isArchived = isArchived
        self.seq = seq
        self.ordinal = ordinal
    }
}

/// What a room asks of those who write in it.
public struct RoomRules: Hashable, Sendable {
    /// Seconds between two posts of one member, in `0...21_600`; 0 is off.
    public var slowModeSeconds: Int64
    /// An announcement room: only those with ``Permission/announce`` post outside threads.
    public var isAnnouncement: Bool
    /// Adjustments of the permission table for this room, applied last; admins and the owner keep theirs.
    public var overrides: [Role: Override]

    public var moderation = RoomModeration()

    public struct Override: Hashable, Sendable {
        public var allow: Permission
        public var deny: Permission
        public init(allow: Permission, deny: Permission) {
            self.allow = allow
            self.deny = deny
        }
    }

    public init(slowModeSeconds: Int64 = 0, isAnnouncement: Bool = false, overrides: [Role: Override] = [:]) {
        self.slowModeSeconds = slowModeSeconds
        self.isAnnouncement = isAnnouncement
        self.overrides = overrides
    }
}

/// How strict the moderation stage is in a room; what is `nil` is as the community's settings say.
public struct RoomModeration: Hashable, Sendable {
    /// Scores from which on a text is posted and flagged, held, and blocked.
    public var flag: Double?
    public var hold: Double?
    public var block: Double?
    /// A member's first so many posts are held.
    public var firstPosts: Int64?
    /// Until when newcomers' posts are held.
    public var raidUntil: UnixMilliseconds?

    public init() {}
}

/// A member's presence in one room.
public struct Membership: Hashable, Sendable {
    /// What the member is in this room, if not what they are in the community.
    public var role: Role?
    /// The room's `seq` at which the membership began.
    public var joinedSeq: SequenceNumber
    /// The newest event the member has read; only rises.
    public var readSeq: SequenceNumber
    /// The room's ``Room/ordinal`` at ``readSeq``.
    public var readOrdinal: Int64
    /// When the member last posted here, for slow mode. Not stored: after a restart nobody waits.
    public var lastPostAt: UnixMilliseconds

    public init(
        role: Role? = nil, joinedSeq: SequenceNumber, readSeq: SequenceNumber, readOrdinal: Int64,
        lastPostAt: UnixMilliseconds = 0
    ) {
        self.role = role
        self.joinedSeq = joinedSeq
        self.readSeq = readSeq
        self.readOrdinal = readOrdinal
        self.lastPostAt = lastPostAt
    }
}
