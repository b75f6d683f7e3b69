import LyceumProtocol

/// What was imposed on a member.
public struct Sanction: Hashable, Sendable {
    /// Raw values are wire and storage format.
    public enum Kind: String, CaseIterable, Sendable {
        case warn, mute, kick, ban

        /// How much it counts against the member's standing at first.
        public var weight: Double {
            switch self {
            case .warn: 1
            case .mute: 1.5
            case .kick: 2
            case .ban: 3
            }
        }
    }

    public let id: Int64
    public let member: MemberID
    /// Where it holds; `nil` for the whole community.
    public let room: RoomID?
    public let kind: Kind
    /// 0 for the stage itself.
    public let by: MemberID
    public let at: UnixMilliseconds
    /// When it ends; `nil` for never, and for kinds that are done at once.
    public let until: UnixMilliseconds?
    public let reason: String
    /// The review item that an appeal names.
    public let item: ReviewItemID
    /// Whether it stands against the member everywhere, which what the moderators of a member's own room impose does not.
    public let isStrike: Bool
    public var liftedAt: UnixMilliseconds?
    public var liftedBy: MemberID?

    public init(
        id: Int64, member: MemberID, room: RoomID?, kind: Kind, by: MemberID, at: UnixMilliseconds,
        until: UnixMilliseconds?, reason: String, item: ReviewItemID, isStrike: Bool = true
    ) {
        self.id = id
        self.member = member
        self.room = room
        self.kind = kind
        self.by = by
        self.at = at
        self.until = until
        self.reason = reason
        self.item = item
        self.isStrike = isStrike
    }

    /// What it leaves on the member's standing.
    public var strike: Standing.Strike { .init(sanction: id, weight: kind.weight, at: at) }

    public func isActive(at now: UnixMilliseconds) -> Bool { liftedAt == nil && (until.map { $0 > now } ?? true) }

    /// What is usual after so many strikes: a word first, then time, at last the door.
    public static func proposal(afterStrikes weight: Double) -> (kind: Kind, seconds: Int64?) {
        switch weight {
        case ..<0.5: (.warn, nil)
        case ..<1.5: (.mute, 3600)
        case ..<3: (.mute, 86_400)
        case ..<5: (.ban, 7 * 86_400)
        default: (.ban, nil)
        }
    }
}

/// A moderator's remark about a member, for moderators.
public struct MemberNote: Hashable, Sendable {
    public let member: MemberID
    public let by: MemberID
    public let at: UnixMilliseconds
    public let text: String

    public init(member: MemberID, by: MemberID, at: UnixMilliseconds, text: String) {
        self.member = member
        self.by = by
        self.at = at
        self.text = text
    }
}

/// How a member's reports were decided.
public struct ReportRecord: Hashable, Sendable {
    public let decided: Int64
    public let confirmed: Int64

    public init(decided: Int64, confirmed: Int64) {
        self.decided = decided
        self.confirmed = confirmed
    }

    /// The share that was confirmed, with one imagined report of each kind (Laplace), so that a new reporter counts half.
    public var accuracy: Double { Double(confirmed + 1) / Double(decided + 2) }
}
