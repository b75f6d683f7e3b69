import LyceumProtocol

/// Names an item of the review queue. Positive; assigned by the store.
public typealias ReviewItemID = Int64

/// Something that moderators are asked to look at, or have decided.
public struct ReviewItem: Hashable, Sendable {
    /// Raw values are wire and storage format.
    public enum Kind: String, CaseIterable, Sendable {
        /// A post that waits to be released.
        case held
        /// An edit that waits; the old text stands meanwhile.
        case heldEdit = "held_edit"
        /// Posted, and reported by members.
        case report
        /// Posted, and flagged by a rule or by its score.
        case flag
        /// Posted with spans masked; decided by the stage.
        case redact
        /// A label is asked for that teaches the classifier: it was unsure, or one moderator's word surprised it.
        case check
        /// As ``check``, drawn at random from what passed: it shows what is missed.
        case sample
        /// A sanction that came with no message.
        case sanction
        /// A member's objection to the decision of its ``parent``.
        case appeal
    }

    /// What kind of text it is about. Raw values are wire and storage format.
    public enum Subject: String, CaseIterable, Sendable {
        case message, question, answer, poll
        /// Of a room, or of a thread.
        case title
        case topic
        /// Of a room, or where the item belongs to none, of a member.
        case name
    }

    public enum State: String, CaseIterable, Sendable {
        case open, decided
        /// Nobody decided in time, or what it asks has been settled elsewhere.
        case expired
    }

    /// What is done about the text.
    public enum Action: String, CaseIterable, Sendable {
        /// Fine: released if it was held, otherwise left.
        case approve
        /// Not released; something posted is removed.
        case reject
        case remove
        /// Released or left with spans masked.
        case redact

        /// Whether it takes what was posted away.
        public var isRemoval: Bool { self == .reject || self == .remove }
    }

    public struct Decision: Hashable, Sendable {
        public var action: Action
        /// 0 for the stage itself.
        public var by: MemberID
        public var at: UnixMilliseconds
        /// Told to the author.
        public var reason: String
        /// For moderators.
        public var note: String

        public init(action: Action, by: MemberID, at: UnixMilliseconds, reason: String, note: String = "") {
            self.action = action
            self.by = by
            self.at = at
            self.reason = reason
            self.note = note
        }
    }

    public struct Claim: Hashable, Sendable {
        public var by: MemberID
        public var until: UnixMilliseconds

        public init(by: MemberID, until: UnixMilliseconds) {
            self.by = by
            self.until = until
        }
    }

    public let id: ReviewItemID
    /// Rises with every change, so that a moderator can say which state a decision was made on.
    public var version: Int64 = 1
    public let kind: Kind
    public var state = State.open
    public let room: RoomID?
    /// Whose text or conduct it is about.
    public let member: MemberID
    /// The message: reported, flagged, to be edited, or since its release the one that was held.
    public var seq: SequenceNumber?
    public let text: String
    public var thread: SequenceNumber?
    public var replyTo: SequenceNumber?
    /// What an appeal objects to, or a second opinion is asked about.
    public var parent: ReviewItemID?
    /// The stage's verdict as JSON; empty if there was none.
    public var verdict: [UInt8] = []
    public let createdAt: UnixMilliseconds
    /// When a held item falls; `nil` for those that wait for ever.
    public var expiresAt: UnixMilliseconds?
    public var claim: Claim?
    /// SimHash of the text (Charikar 2002): near-equal texts differ in few bits.
    public var fingerprint: UInt64 = 0
    /// Near-equal items share the id of the first of them.
    public var cluster: ReviewItemID
    /// How many members reported it.
    public var reports: Int64 = 0
    /// The sum of what the reporters' records say of their accuracy; what the queue is sorted by.
    public var weight = 0.0
    public var decision: Decision?
    /// What undoing needs, as JSON of the one who decides.
    public var undo: [UInt8] = []
    public var isAppealed = false
    public var subject = Subject.message
    /// The session of a question, the question of an answer.
    public var about: SequenceNumber?
    /// Whether its author asked anonymously, and so is not named to moderators either.
    public var isSealed = false
    /// What a bot's message that is held carries besides its text, as JSON; empty for a person's.
    public var bot: [UInt8] = []

    /// Whom moderators and the audit log may be told of; `nil` for one under seal.
    public var namedMember: MemberID? { isSealed ? nil : member }

    public init(
        id: ReviewItemID, kind: Kind, room: RoomID?, member: MemberID, seq: SequenceNumber? = nil, text: String,
        createdAt: UnixMilliseconds
    ) {
        self.id = id
        self.kind = kind
        self.room = room
        self.member = member
        self.seq = seq
        self.text = text
        self.createdAt = createdAt
        cluster = id
    }

    /// Whether somebody else has it in hand.
    public func isClaimed(byOtherThan member: MemberID, at now: UnixMilliseconds) -> Bool {
        claim.map { $0.by != member && $0.until > now } ?? false
    }
}

/// What to list of the review queue; what is `nil` does not restrict.
public struct ReviewQuery: Sendable {
    /// Raw values are wire format.
    public enum Order: String, CaseIterable, Sendable {
        /// What somebody waits for, held and reported and flagged texts and appeals, and after it the questions that only
        /// teach the classifier, ``ReviewItem/Kind/check`` and ``ReviewItem/Kind/sample``; each part oldest first.
        case urgency
        case oldest, newest, weight
    }

    public var state: ReviewItem.State?
    /// Only items of these rooms, and of no room if `withoutRoom`.
    public var rooms: [RoomID]?
    public var withoutRoom = true
    /// Only items of this member; those under seal only with ``includesSealed``, as for the member's own eyes.
    public var member: MemberID?
    public var includesSealed = false
    public var kind: ReviewItem.Kind?
    public var cluster: ReviewItemID?
    public var order = Order.oldest
    public var after: ReviewItemID?
    public var limit = 50

    public init(state: ReviewItem.State? = nil) { self.state = state }
}

/// One stored event of the review stream.
public struct ReviewEvent: Hashable, Sendable {
    public let seq: SequenceNumber
    public let at: UnixMilliseconds
    /// The room it is about; who may not review there is told only that something happened.
    public let room: RoomID?
    public let body: [UInt8]

    public init(seq: SequenceNumber, at: UnixMilliseconds, room: RoomID?, body: [UInt8]) {
        self.seq = seq
        self.at = at
        self.room = room
        self.body = body
    }
}
