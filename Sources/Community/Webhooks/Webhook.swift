import LyceumProtocol

public typealias WebhookID = Int64

/// A door between the community and another program: events go out through it to a URL, or posts come in by one.
public struct Webhook: Hashable, Sendable {
    public enum Direction: Hashable, Sendable {
        case outgoing(Outgoing)
        case incoming(Incoming)
    }

    /// Where events go, and which.
    public struct Outgoing: Hashable, Sendable {
        public var url: String
        /// Empty for all public rooms.
        public var rooms: Set<RoomID>
        /// Empty for every kind.
        public var kinds: Set<EventKind>
        /// Kept as it is, not as a hash: every delivery is signed with it.
        public var secret: [UInt8]
        /// The secret before, with which deliveries are signed as well until the receiver has the new one.
        public var formerSecret: FormerSecret?

        public init(
            url: String, rooms: Set<RoomID>, kinds: Set<EventKind>, secret: [UInt8], formerSecret: FormerSecret? = nil
        ) {
            self.url = url
            self.rooms = rooms
            self.kinds = kinds
            self.secret = secret
            self.formerSecret = formerSecret
        }

        /// Whether an event is one of those that the hook was made for.
        public func wants(_ kind: EventKind, in room: Room) -> Bool {
            (kinds.isEmpty || kinds.contains(kind)) && (rooms.isEmpty ? room.kind == .public : rooms.contains(room.id))
        }
    }

    public struct FormerSecret: Hashable, Sendable {
        public var bytes: [UInt8]
        public var until: UnixMilliseconds

        public init(bytes: [UInt8], until: UnixMilliseconds) {
            self.bytes = bytes
            self.until = until
        }
    }

    /// Where posts arrive, and who speaks.
    public struct Incoming: Hashable, Sendable {
        public let room: RoomID
        /// The hash of the URL's secret part.
        public var token: TokenHash
        /// The hook's own account, in the role ``Role/bot``, by which it can be seen, muted and removed like anybody.
        public let member: MemberID

        public init(room: RoomID, token: TokenHash, member: MemberID) {
            self.room = room
            self.token = token
            self.member = member
        }
    }

    public let id: WebhookID
    /// The hook reaches as far as this member's rights do at the moment.
    public let owner: MemberID
    public let name: String
    public let createdAt: UnixMilliseconds
    public var isEnabled: Bool
    public var direction: Direction

    public init(
        id: WebhookID, owner: MemberID, name: String, createdAt: UnixMilliseconds, isEnabled: Bool = true,
        direction: Direction
    ) {
        self.id = id
        self.owner = owner
        self.name = name
        self.createdAt = createdAt
        self.isEnabled = isEnabled
        self.direction = direction
    }

    public var outgoing: Outgoing? { if case .outgoing(let outgoing) = direction { outgoing } else { nil } }
    public var incoming: Incoming? { if case .incoming(let incoming) = direction { incoming } else { nil } }
}
