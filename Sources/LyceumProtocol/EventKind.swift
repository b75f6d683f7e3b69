/// Durable events of a room, by their wire names. The number is storage format: add cases, never renumber.
public enum EventKind: Int16, CaseIterable, Sendable {
    case roomCreated = 1
    case roomUpdated = 2
    case memberJoined = 3
    case memberLeft = 4
    /// A moderator has taken a name away.
    case memberRenamed = 5
    case messagePosted = 10
    case messageEdited = 11
    case messageDeleted = 12
    case reactionAdded = 13
    case reactionRemoved = 14
    case messagePinned = 15
    case messageUnpinned = 16
    case threadUpdated = 17
    case messageRestored = 18
    case qaOpened = 20
    case qaUpdated = 21
    case qaClosed = 22
    case questionAsked = 23
    case questionUpdated = 24
    case questionTally = 25
    case pollOpened = 30
    case pollTally = 31
    case pollClosed = 32
    case pollDeleted = 33

    public var name: StaticString {
        switch self {
        case .roomCreated: "room.created"
        case .roomUpdated: "room.updated"
        case .memberJoined: "member.joined"
        case .memberLeft: "member.left"
        case .memberRenamed: "member.renamed"
        case .messagePosted: "message.posted"
        case .messageEdited: "message.edited"
        case .messageDeleted: "message.deleted"
        case .reactionAdded: "reaction.added"
        case .reactionRemoved: "reaction.removed"
        case .messagePinned: "message.pinned"
        case .messageUnpinned: "message.unpinned"
        case .threadUpdated: "thread.updated"
        case .messageRestored: "message.restored"
        case .qaOpened: "qa.opened"
        case .qaUpdated: "qa.updated"
        case .qaClosed: "qa.closed"
        case .questionAsked: "question.asked"
        case .questionUpdated: "question.updated"
        case .questionTally: "question.tally"
        case .pollOpened: "poll.opened"
        case .pollTally: "poll.tally"
        case .pollClosed: "poll.closed"
        case .pollDeleted: "poll.deleted"
        }
    }
}

/// Events of a member's own `"me"` stream, by their wire names.
public enum MeEventKind: String, CaseIterable, Sendable {
    case mentioned = "me.mentioned"
    case roomAdded = "me.room_added"
    case roomRemoved = "me.room_removed"
    case roleChanged = "me.role_changed"
    /// One's own text waits for a moderator.
    case held = "me.held"
    /// A moderator has decided about one's own text, or taken a decision back.
    case decided = "me.decided"
    case sanctioned = "me.sanctioned"
    case pardoned = "me.pardoned"
    /// A member has used one of the bot's commands.
    case botInvoked = "bot.invoked"
    /// A member has used a button or select under one of the bot's messages.
    case componentInvoked = "component.invoked"
    /// What has become of one's own invocation.
    case botAnswered = "bot.answered"
    /// One's own outgoing webhook was switched off.
    case webhookDisabled = "me.webhook_disabled"
}

/// Events of the `"review"` stream, by their wire names.
public enum ReviewEventKind: String, CaseIterable, Sendable {
    case added = "review.added"
    case claimed = "review.claimed"
    case released = "review.released"
    case updated = "review.updated"
    case decided = "review.decided"
    case undone = "review.undone"
    /// The rule packs changed, or failed to.
    case rules = "review.rules"
    /// Newcomers' posts wait from now on, or no longer.
    case raid = "review.raid"
    /// Something about a room in which the receiver may not review; keeps the stream without holes.
    case hidden = "review.hidden"
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
    /// How far a backtest is that one has asked for on this connection.
    case backtestProgress = "rules.backtest_progress"
}
