/// Durable events of a room, by their wire names. The number is storage format: add cases, never renumber.
public enum EventKind: Int16, CaseIterable, Sendable {
    case roomCreated = 1
    case roomUpdated = 2
    case memberJoined = 3
    case memberLeft = 4
    case messagePosted = 10
    case messageEdited = 11
    case messageDeleted = 12
    case reactionAdded = 13
    case reactionRemoved = 14
    case messagePinned = 15
    case messageUnpinned = 16
    case threadUpdated = 17

    public var name: StaticString {
        switch self {
        case .roomCreated: "room.created"
        case .roomUpdated: "room.updated"
        case .memberJoined: "member.joined"
        case .memberLeft: "member.left"
        case .messagePosted: "message.posted"
        case .messageEdited: "message.edited"
        case .messageDeleted: "message.deleted"
        case .reactionAdded: "reaction.added"
        case .reactionRemoved: "reaction.removed"
        case .messagePinned: "message.pinned"
        case .messageUnpinned: "message.unpinned"
        case .threadUpdated: "thread.updated"
        }
    }
}

/// Events of a member's own `"me"` stream, by their wire names.
public enum MeEventKind: String, CaseIterable, Sendable {
    case mentioned = "me.mentioned"
    case roomAdded = "me.room_added"
    case roomRemoved = "me.room_removed"
    case roleChanged = "me.role_changed"
}

/// Ephemeral events, by their wire names: no `seq`, latest wins, never replayed.
public enum SignalKind: String, CaseIterable, Sendable {
    case hello
    case heartbeat
    case typing
    case presence
    /// One of the member's own other clients has read further.
    case read
    /// What has changed in a member's recommendations.
    case recommendations
}
