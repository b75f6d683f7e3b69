import LyceumProtocol

/// A live Q&A session of a room: who holds it, when it runs and what may be asked in it.
public struct QASession: Hashable, Sendable {
    /// Raw values are wire and storage format.
    public enum State: String, CaseIterable, Sendable { case scheduled, open, closed }

    /// What the host decides about questions and votes.
    public struct Rules: Hashable, Sendable {
        public var anonymousAllowed = false
        /// Questions wait until the host approves them.
        public var premoderated = false
        public var downvotes = false
        /// Whether authors may vote on their own questions. Fixed when the session is opened.
        public var selfVotes = false
        /// Whether everybody may answer in writing; otherwise hosts, moderators and mentors do.
        public var memberAnswers = false
        /// Whether other sessions that allow it too may be open in the room at the same time.
        public var concurrent = false
        /// Most scalars of a question, in ``questionCharactersRange``.
        public var questionCharacters: Int64 = 500
        /// Most questions of one member; 0 is no limit.
        public var questionsPerMember: Int64 = 0

        public init() {}
    }

    public static let questionCharactersRange: ClosedRange<Int64> = 1...4000
    /// How long before it begins and ends a session is announced.
    public static let notice: UnixMilliseconds = 5 * 60_000

    public let room: RoomID
    /// The `seq` of its `qa.opened` event.
    public let seq: SequenceNumber
    public var title: String
    public let host: MemberID
    /// Others who may do what the host may.
    public var cohosts: [MemberID] = []
    public var state: State
    public var startsAt: UnixMilliseconds?
    public var endsAt: UnixMilliseconds?
    public var openedAt: UnixMilliseconds?
    public var closedAt: UnixMilliseconds?
    public var rules = Rules()
    /// What questions may be labelled with; none holds a line break.
    public var labels: [String] = []
    public var isStartAnnounced = false
    public var isEndAnnounced = false

    public init(room: RoomID, seq: SequenceNumber, title: String, host: MemberID, state: State) {
        self.room = room
        self.seq = seq
        self.title = title
        self.host = host
        self.state = state
    }

    public func isHeld(by member: MemberID) -> Bool { host == member || cohosts.contains(member) }
}

// MARK: - The schedule

extension QASession {
    /// What a session does by itself.
    public enum Due: Hashable, Sendable { case announceStart, open, announceEnd, close }

    /// What is next, and when; `nil` for a session that ends when somebody closes it.
    public var next: (due: Due, at: UnixMilliseconds)? {
        switch state {
        case .scheduled:
            guard let startsAt else { return nil }
            return isStartAnnounced ? (.open, startsAt) : (.announceStart, startsAt - Self.notice)
        case .open:
            guard let endsAt else { return nil }
            return isEndAnnounced ? (.close, endsAt) : (.announceEnd, endsAt - Self.notice)
        case .closed: return nil
        }
    }

    /// Whether both may be open in one room.
    public func tolerates(_ other: QASession) -> Bool { rules.concurrent && other.rules.concurrent }

    /// Marks as announced what is nearer than ``notice``: whoever schedules something in a minute has announced it.
    public mutating func markAnnounced(at now: UnixMilliseconds) {
        isStartAnnounced = startsAt.map { $0 - Self.notice <= now } ?? false
        isEndAnnounced = endsAt.map { $0 - Self.notice <= now } ?? false
    }
}

extension Gate {
    /// Whether a member holds a session: as its host or co-host while they are in the room, or as its moderator.
    public static func mayHold(_ session: QASession, _ actor: MemberID, of community: borrowing Community) -> Bool {
        if session.isHeld(by: actor), community.membership(of: actor, in: session.room) != nil { return true }
        return moderates(session.room, actor, of: community)
    }

    /// Whether a member keeps order in a room that they can see.
    public static func moderates(_ room: RoomID, _ actor: MemberID, of community: borrowing Community) -> Bool {
        guard let member = community.members[actor], let place = community.rooms[room],
            canSee(room, actor, of: community)
        else { return false }
        return permissions(of: member, in: place, of: community).contains(.moderate)
    }
}
