import LyceumProtocol

/// Why the store could not do as asked. The operation left nothing behind.
public enum StoreError: Error, Sendable, CustomStringConvertible {
    /// No room on the disk; reading still works.
    case full(String)
    /// Anything else the disk or database said; the text is for the log.
    case unavailable(String)

    /// What the disk or database said.
    public var description: String {
        switch self {
        case .full(let cause), .unavailable(let cause): cause
        }
    }
}

/// Where a community is kept: the record of events and the projections that queries need.
///
/// The SQLite implementation is the default; whatever implements this passes the same tests.
public protocol CommunityStore: Sendable {
    /// Reads what must be in memory. Called once at start, and again after a transaction failed.
    func loadCommunity() throws(StoreError) -> Community

    /// Runs `body` in one transaction and returns once it is on disk (`fsync`); if it throws, nothing happened.
    ///
    /// There is one writer: calls come from one thread and never overlap.
    func write<Result>(_ body: (any CommunityTransaction) throws -> Result) throws -> Result

    /// Does a small slice of what must be done now and then, such as forgetting outcomes of posts that are older than
    /// 48 hours. To be called every few seconds by the thread that writes.
    func maintain(at now: UnixMilliseconds) throws

    /// Whether there is room for ordinary writes. False after ``StoreError/full(_:)`` until there is room again; what
    /// takes things away may be tried even then.
    func hasRoom() -> Bool

    /// Runs `body` on one snapshot of what is committed. Many may run at once, from any thread.
    func read<Result>(_ body: (any CommunityReader) throws -> Result) throws -> Result

    /// Ends it in order, once nobody writes any more; nothing is asked of it afterwards. Without it nothing is lost.
    func close()

    /// Looks at every row of the audit log, and whether rows are missing at its end.
    func verifyAudit() throws -> AuditFinding
}

/// Questions to the store, answered from one snapshot.
public protocol CommunityReader: ActivityReader, BotReader, FileReader, PollReader, QuestionReader, ReviewReader,
    WebhookReader
{
    /// The events of a room after a position, oldest first, at most `limit` of them and about `maximumBytes` of bodies.
    func events(in room: RoomID, after seq: SequenceNumber, limit: Int, maximumBytes: Int) throws -> [RoomEvent]
    /// The newest `limit` events before a position, oldest first. With `messagesOnly`, posts outside threads alone.
    func events(in room: RoomID, before seq: SequenceNumber, limit: Int, messagesOnly: Bool) throws -> [RoomEvent]
    /// As above, forward, posts outside threads alone.
    func messages(in room: RoomID, after seq: SequenceNumber, limit: Int) throws -> [RoomEvent]
    /// The root and the replies of a thread; `before` or `after` a position, oldest first.
    func messages(inThread root: SequenceNumber, of room: RoomID, after seq: SequenceNumber, limit: Int) throws
        -> [RoomEvent]
    func messages(inThread root: SequenceNumber, of room: RoomID, before seq: SequenceNumber, limit: Int) throws
        -> [RoomEvent]
    func event(_ seq: SequenceNumber, in room: RoomID) throws -> RoomEvent?
    /// The events that tell what a member is called: whenever they joined a room, and every renaming of anybody.
    func events(naming member: MemberID) throws -> [RoomEvent]
    /// The events that tell the titles of a room's threads.
    func titlingEvents(in room: RoomID) throws -> [RoomEvent]

    /// Reactions by message, in the order they first came, for those of `messages` that have any.
    func reactions(to messages: [SequenceNumber], in room: RoomID, viewer: MemberID) throws
        -> [SequenceNumber: [ReactionCount]]
    /// Those of `messages` that are pinned.
    func pinned(among messages: [SequenceNumber], in room: RoomID) throws -> Set<SequenceNumber>
    /// All pinned messages of a room, newest pin first.
    func pins(in room: RoomID) throws -> [SequenceNumber]
    /// The threads that have one of `roots` as root.
    func threads(roots: [SequenceNumber], in room: RoomID) throws -> [SequenceNumber: ThreadRecord]
    func thread(_ root: SequenceNumber, in room: RoomID) throws -> ThreadRecord?
    func followedThreads(of member: MemberID, in room: RoomID?) throws -> [FollowedThread]
    /// How a member stands with a thread; `nil` for one they do not follow.
    func followed(_ root: SequenceNumber, in room: RoomID, by member: MemberID) throws -> FollowedThread?
    func followers(of root: SequenceNumber, in room: RoomID) throws -> [MemberID]
    /// Mentions of the member (by name or by `@room`) after the read mark of each room, rooms without any left out.
    func unreadMentions(of member: MemberID, after marks: [RoomID: SequenceNumber]) throws -> [RoomID: Int]
    /// Messages of a room since `start` by hour and author, in a clock that is `offset` milliseconds ahead of UTC; of the
    /// room's newest `limit` events alone.
    func postCounts(in room: RoomID, since start: UnixMilliseconds, offset: Int64, atMost limit: Int) throws
        -> [PostCount]
    func revisions(of seq: SequenceNumber, in room: RoomID) throws -> [Revision]
    func meEvents(of member: MemberID, after seq: SequenceNumber, limit: Int) throws -> [MeEvent]

    /// The member's password hash in PHC string format; `nil` for accounts without one.
    func passwordHash(of member: MemberID) throws -> String?
    func invite(_ code: TokenHash) throws -> Invite?
    func reports(after id: Int64, limit: Int) throws -> [Report]
}

/// The one writer's view: all of the questions, on what it has itself written, and the changes.
public protocol CommunityTransaction: CommunityReader, ActivityTransaction, BotTransaction, FileTransaction,
    PollTransaction, QuestionTransaction, ReviewTransaction, WebhookTransaction
{
    /// The next free identifier of each kind; every call gives another.
    func makeMemberID() throws -> MemberID
    func makeRoomID() throws -> RoomID
    func makeSessionID() throws -> SessionID

    /// Stores one change of the community; ``Change/posted(_:_:at:)`` is not stored.
    func put(_ change: Change) throws
    /// `event.seq` must be the room's next.
    func append(_ event: RoomEvent) throws
    func append(_ event: MeEvent) throws
    /// Replaces an event's body, as when its text was edited or deleted.
    func rewrite(_ seq: SequenceNumber, in room: RoomID, body: [UInt8]) throws
    func add(_ revision: Revision) throws

    /// What became of a post under this nonce in the last 48 hours, if there was one.
    func outcome(of nonce: String, by author: MemberID) throws -> PostOutcome?
    func remember(_ outcome: PostOutcome, nonce: String, by author: MemberID, at: UnixMilliseconds) throws

    /// Adds one member's reaction; false if it stood there already.
    func addReaction(_ emoji: String, to seq: SequenceNumber, in room: RoomID, by member: MemberID) throws -> Bool
    /// Takes one away; false if there was none.
    func removeReaction(_ emoji: String, from seq: SequenceNumber, in room: RoomID, by member: MemberID) throws -> Bool
    /// How many different emoji stand under a message.
    func emojiCount(of seq: SequenceNumber, in room: RoomID) throws -> Int
    func pin(_ seq: SequenceNumber, in room: RoomID, by member: MemberID, at: UnixMilliseconds) throws -> Bool
    func unpin(_ seq: SequenceNumber, in room: RoomID) throws -> Bool

    func put(_ thread: ThreadRecord) throws
    /// Follows from `readSeq` on; does nothing if the member follows already.
    func follow(_ root: SequenceNumber, in room: RoomID, by member: MemberID, readSeq: SequenceNumber) throws
    func unfollow(_ root: SequenceNumber, in room: RoomID, by member: MemberID) throws
    /// Moves a follower's read mark forward; never back.
    func markRead(_ root: SequenceNumber, in room: RoomID, by member: MemberID, seq: SequenceNumber) throws
    /// Notes a mention; `member` `nil` calls the whole room.
    func addMention(of member: MemberID?, in room: RoomID, seq: SequenceNumber) throws

    func setPasswordHash(_ hash: String, of member: MemberID) throws
    func put(_ invite: Invite) throws
    func add(_ report: Report) throws
}

/// What to search for.
public struct SearchQuery: Sendable {
    public var text: String
    /// Only in these rooms; the caller has passed each through the gate.
    public var rooms: [RoomID]
    /// Only what they wrote; an anonymous question is nobody's.
    public var author: MemberID?
    /// Only what was posted at or after, and before these times.
    public var after: UnixMilliseconds?
    public var before: UnixMilliseconds?
    /// In `1...100`.
    public var limit: Int

    public init(
        text: String, rooms: [RoomID], author: MemberID? = nil, after: UnixMilliseconds? = nil,
        before: UnixMilliseconds? = nil, limit: Int
    ) {
        self.text = text
        self.rooms = rooms
        self.author = author
        self.after = after
        self.before = before
        self.limit = limit
    }
}

/// A message or a question that was found.
public struct SearchHit: Sendable {
    /// The event that it came with.
    public let event: RoomEvent
    /// A question as it stands now, with the answers that everybody reads; `nil` for a message.
    public let asked: (question: Question, answers: [QuestionAnswer])?
    /// Higher is better.
    public let score: Double

    public init(event: RoomEvent, asked: (question: Question, answers: [QuestionAnswer])? = nil, score: Double) {
        self.event = event
        self.asked = asked
        self.score = score
    }
}

/// The search index: derived from the record and rebuilt from it where it was lost.
public protocol SearchIndex: Sendable {
    /// Everything acknowledged before the call is found by it.
    func search(_ query: SearchQuery) throws -> [SearchHit]
}
