import LyceumProtocol

/// Something that recommendations follow from and no room's events tell: stored so that they can be derived again.
public struct ActivityNote: Hashable, Sendable {
    /// The number is storage format: add cases, never renumber.
    public enum Kind: Int64, Sendable {
        case read = 1
        case followed = 2
        case unfollowed = 3
        /// The member wants to be counted again, or no longer.
        case counted = 4
        case uncounted = 5
        /// What the member did until now is forgotten.
        case erased = 6
        /// Banned for good, and let in again.
        case banned = 7
        case pardoned = 8
        /// A recommendation was turned down; ``ActivityNote/detail`` names its subject.
        case dismissed = 9
        /// A vote on the question ``ActivityNote/thread``; ``ActivityNote/detail`` has its value.
        case voted = 10
        case unvoted = 11
        /// A recommendation was taken up or turned down; ``ActivityNote/detail`` has what is learnt from it.
        case feedback = 12
    }

    public let kind: Kind
    public let at: UnixMilliseconds
    public let member: MemberID
    public let room: RoomID?
    public let thread: SequenceNumber?
    public let detail: String?

    public init(
        _ kind: Kind, at: UnixMilliseconds, by member: MemberID, room: RoomID? = nil, thread: SequenceNumber? = nil,
        detail: String? = nil
    ) {
        self.kind = kind
        self.at = at
        self.member = member
        self.room = room
        self.thread = thread
        self.detail = detail
    }
}

/// What one transaction added to the log of activity: the order of events over all rooms, and notes.
public struct ActivityLogEntry: Hashable, Sendable {
    /// The place of an event in the record.
    public struct Place: Hashable, Sendable {
        public let room: RoomID
        public let seq: SequenceNumber
        public init(room: RoomID, seq: SequenceNumber) {
            self.room = room
            self.seq = seq
        }
    }

    /// Rises by one from entry to entry.
    public let id: Int64
    public let events: [Place]
    /// They count after the events.
    public let notes: [ActivityNote]

    public init(id: Int64, events: [Place], notes: [ActivityNote]) {
        self.id = id
        self.events = events
        self.notes = notes
    }
}

/// Questions to the log of activity. Every event and every note is in it, in the order of their commits.
public protocol ActivityReader {
    /// The entries after a position, oldest first.
    func activityLog(after id: Int64, limit: Int) throws -> [ActivityLogEntry]
    /// The newest entry; 0 if there is none.
    func activityHead() throws -> Int64
    /// Up to which entry members have had their activity erased.
    func activityErasures() throws -> [MemberID: Int64]
    /// Everything noted of a member, oldest first.
    func activityNotes(of member: MemberID) throws -> [ActivityNote]
}

/// Additions to the log of activity; appended events enter it by themselves.
public protocol ActivityTransaction: ActivityReader {
    func note(_ note: ActivityNote) throws
    /// Removes the notes of what a member did; their settings stay.
    func eraseActivityNotes(of member: MemberID) throws
}
