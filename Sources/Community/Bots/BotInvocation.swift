import LyceumProtocol

/// Names an invocation; positive, assigned by the store.
public typealias InvocationID = Int64

/// What a member has asked a bot to do: a command, or a button or select of one of its messages.
public struct BotInvocation: Hashable, Sendable {
    /// Raw values are storage format.
    public enum Kind: String, Sendable { case command, component }

    /// Raw values are wire and storage format.
    public enum State: String, Sendable {
        case open
        /// The bot has said that its answer takes a while.
        case deferred
        case answered
        /// Nobody answered in time, or the bot is gone.
        case expired

        public var isWaiting: Bool { self == .open || self == .deferred }
    }

    public let id: InvocationID
    public let bot: MemberID
    /// Who asks.
    public let member: MemberID
    public let room: RoomID
    public let thread: SequenceNumber?
    public let kind: Kind
    /// The command's name, or the component's `id`.
    public let name: String
    /// The `bot.invoked` or `component.invoked` event's own fields, as a JSON object.
    public let body: [UInt8]
    public let createdAt: UnixMilliseconds
    public let expiresAt: UnixMilliseconds
    public var state = State.open
    /// The `ok` object of the answer, so that a repeated answer gets the same; empty before.
    public var reply: [UInt8] = []
    /// Components of an answer that only the asking member sees, as JSON; empty for none.
    public var components: [UInt8] = []

    public init(
        id: InvocationID, bot: MemberID, member: MemberID, room: RoomID, thread: SequenceNumber?, kind: Kind,
        name: String, body: [UInt8], createdAt: UnixMilliseconds, expiresAt: UnixMilliseconds
    ) {
        self.id = id
        self.bot = bot
        self.member = member
        self.room = room
        self.thread = thread
        self.kind = kind
        self.name = name
        self.body = body
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// Questions about what bots were asked.
public protocol BotReader {
    func invocation(_ id: InvocationID) throws -> BotInvocation?
    /// Those that wait for a bot's answer, oldest first.
    func waitingInvocations(of bot: MemberID, limit: Int) throws -> [BotInvocation]
    /// When the time of each that waits is over.
    func invocationDeadlines() throws -> [(id: InvocationID, at: UnixMilliseconds)]
}

/// Changes of what bots were asked.
public protocol BotTransaction: BotReader {
    func makeInvocationID() throws -> InvocationID
    /// Forgets those that were over before `limit`.
    func forgetInvocations(expiredBefore limit: UnixMilliseconds) throws
}
