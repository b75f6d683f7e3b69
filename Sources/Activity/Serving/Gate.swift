import LyceumProtocol

/// The caller's one gate, as far as recommendations ask it; every answer must hold at the time of the call.
public struct RecommendationGate {
    /// Whether the viewer may read the room.
    public var canRead: (RoomID) -> Bool
    /// Whether the viewer is a member of the room already.
    public var isJoined: (RoomID) -> Bool
    /// Whether the viewer may be shown this member: false for a block in either direction and for who opted out.
    public var mayShow: (MemberID) -> Bool

    public init(
        canRead: @escaping (RoomID) -> Bool, isJoined: @escaping (RoomID) -> Bool,
        mayShow: @escaping (MemberID) -> Bool
    ) {
        self.canRead = canRead
        self.isJoined = isJoined
        self.mayShow = mayShow
    }
}

/// How rooms and members are called in sentences.
public struct DisplayNames {
    public var room: (RoomID) -> String
    public var member: (MemberID) -> String

    public init(room: @escaping (RoomID) -> String, member: @escaping (MemberID) -> String) {
        self.room = room
        self.member = member
    }
}

/// What is recommended.
public enum Subject: Sendable, Hashable {
    case room(RoomID)
    case thread(RoomID, SequenceNumber)
    case topic(String)
    case member(MemberID)

    /// The room it is in, for diversity and for "less of this".
    var room: RoomID? {
        switch self {
        case .room(let room), .thread(let room, _): room
        case .topic, .member: nil
        }
    }
}
