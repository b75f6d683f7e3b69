import LyceumProtocol

/// Who may read the room that an event happened in; data of one audience never reaches another (``Tracker``).
public enum Audience: UInt8, Sendable, Hashable {
    /// Every member of the community may read the room.
    case everyone
    /// Only the members of the room.
    case room
    /// Only the two to nine members of a direct conversation.
    case direct
}

/// A committed event as the tracker sees it: who did what, where and when.
public struct ActivityEvent: Sendable, Equatable {
    /// A message, question or answer.
    public struct Post: Sendable, Equatable {
        public enum Form: UInt8, Sendable { case message, question, answer }
        public var form: Form
        /// The sequence number that names the thread: that of its root.
        public var thread: SequenceNumber
        public var title: String?
        public var text: String
        public var mentions: [MemberID]
        /// The author of the message replied to.
        public var replyTo: MemberID?

        public init(
            form: Form = .message, thread: SequenceNumber, title: String? = nil, text: String,
            mentions: [MemberID] = [], replyTo: MemberID? = nil
        ) {
            self.form = form
            self.thread = thread
            self.title = title
            self.text = text
            self.mentions = mentions
            self.replyTo = replyTo
        }
    }

    /// What a reaction, vote or acceptance is about.
    public struct Target: Sendable, Equatable {
        public var seq: SequenceNumber
        public var thread: SequenceNumber
        public var author: MemberID

        public init(seq: SequenceNumber, thread: SequenceNumber, author: MemberID) {
            self.seq = seq
            self.thread = thread
            self.author = author
        }
    }

    public enum Kind: Sendable, Equatable {
        case post(Post)
        case reaction(Target)
        /// `value` is 1 or −1; taking a vote back is a deletion of this event.
        case vote(Target, value: Int8)
        case accepted(Target)
        /// A thread, or the room when `nil`.
        case follow(thread: SequenceNumber?)
        case read(thread: SequenceNumber?)
        case join
        case leave
        /// Forgets the event `of` in this room, and reactions, votes and acceptances of it.
        case deletion(of: SequenceNumber)
        /// Replaces the text and mentions of the post `of`; its time and place stay.
        case edit(of: SequenceNumber, text: String, mentions: [MemberID])
        /// Counts the post `of` again, with what its deletion took along and has not been taken back since.
        case restoration(of: SequenceNumber)
        /// Renames the thread that the post `of` began; `nil` takes its title away.
        case title(of: SequenceNumber, String?)
    }

    public var seq: SequenceNumber
    public var at: UnixMilliseconds
    public var member: MemberID
    public var room: RoomID
    public var audience: Audience
    public var kind: Kind

    public init(
        seq: SequenceNumber, at: UnixMilliseconds, member: MemberID, room: RoomID, audience: Audience = .everyone,
        kind: Kind
    ) {
        self.seq = seq
        self.at = at
        self.member = member
        self.room = room
        self.audience = audience
        self.kind = kind
    }

    /// The thread that the event belongs to, by the sequence number of its root.
    public var thread: SequenceNumber? {
        switch kind {
        case .post(let post): post.thread
        case .reaction(let target), .vote(let target, _), .accepted(let target): target.thread
        case .follow(let thread), .read(let thread): thread
        case .join, .leave, .deletion, .edit, .restoration, .title: nil
        }
    }

    /// The members whom the event names, besides the one who did it.
    public var named: [MemberID] {
        switch kind {
        case .post(let post): post.mentions + (post.replyTo.map { [$0] } ?? [])
        case .reaction(let target), .vote(let target, _), .accepted(let target): [target.author]
        case .edit(_, _, let mentions): mentions
        case .follow, .read, .join, .leave, .deletion, .restoration, .title: []
        }
    }

    /// The earlier event that this one takes out, brings back or changes.
    var changed: SequenceNumber? {
        switch kind {
        case .deletion(let seq), .restoration(let seq), .edit(let seq, _, _), .title(let seq, _): seq
        default: nil
        }
    }

    /// The event whose disappearance takes this one with it.
    var target: SequenceNumber? {
        switch kind {
        case .reaction(let target), .vote(let target, _), .accepted(let target): target.seq
        default: nil
        }
    }
}

/// How much each kind of event weighs. A version never changes: a recomputation uses the table of the state it checks.
public struct EventWeights: Sendable, Equatable {
    public let version: UInt32
    public let message, question, answer, accepted, reaction, vote, follow, read, join: Double

    public static let version1 = EventWeights(
        version: 1, message: 1, question: 1.5, answer: 2, accepted: 4, reaction: 0.5, vote: 1, follow: 1.5, read: 0.125,
        join: 1)

    /// The table of `version`, if there is one.
    public static func table(version: UInt32) -> EventWeights? { version == 1 ? .version1 : nil }

    func weight(of form: ActivityEvent.Post.Form) -> Double {
        switch form {
        case .message: message
        case .question: question
        case .answer: answer
        }
    }
}
