import LyceumProtocol

/// A question to a room with a way to answer it, named by the `seq` of the event that opened it.
public struct Poll: Hashable, Sendable {
    /// How members answer. Raw values are wire and storage format.
    public enum Kind: String, CaseIterable, Sendable {
        /// One option each.
        case single
        /// Any number of options.
        case multiple
        /// Options in order of preference; see ``SchulzeRanking``.
        case ranked
        /// One option, of which one is right; which one is told when the poll closes.
        case quiz
        /// Words of the member's own, shown as a cloud.
        case text
    }

    /// How many options a poll has, unless it asks for words.
    public static let optionCounts = 2...20
    /// Open polls of one room.
    public static let openLimit = 50
    /// How long a poll may stay open by its closing time.
    public static let longest: UnixMilliseconds = 366 * .day

    public let room: RoomID
    public let seq: SequenceNumber
    public let author: MemberID
    public let openedAt: UnixMilliseconds
    public let kind: Kind
    public let question: String
    public let options: [String]
    /// Nobody learns who voted for what, moderators included.
    public let isAnonymous: Bool
    /// Nobody sees counts before the poll has closed, its author included.
    public let hidesResults: Bool
    /// The right option of a quiz.
    public let rightOption: Int?
    /// When it closes by itself.
    public let closesAt: UnixMilliseconds?
    public var closedAt: UnixMilliseconds?

    public init(
        room: RoomID, seq: SequenceNumber, author: MemberID, openedAt: UnixMilliseconds, kind: Kind, question: String,
        options: [String], isAnonymous: Bool = false, hidesResults: Bool = false, rightOption: Int? = nil,
        closesAt: UnixMilliseconds? = nil, closedAt: UnixMilliseconds? = nil
    ) {
        self.room = room
        self.seq = seq
        self.author = author
        self.openedAt = openedAt
        self.kind = kind
        self.question = question
        self.options = options
        self.isAnonymous = isAnonymous
        self.hidesResults = hidesResults
        self.rightOption = rightOption
        self.closesAt = closesAt
        self.closedAt = closedAt
    }

    /// A poll whose time is over is closed, even where that has not been told yet.
    public func isOpen(at now: UnixMilliseconds) -> Bool { closedAt == nil && closesAt.map { now < $0 } ?? true }

    /// Whether counts may be shown, to anybody.
    public var showsResults: Bool { closedAt != nil || !hidesResults }

    /// The ballot that a member would cast, or `nil` for an empty one, which takes a vote back.
    ///
    /// - Throws: ``ErrorCode/malformed`` for what this kind of poll does not ask.
    public func ballot(
        of member: MemberID, choices: [Int], text: String, at now: UnixMilliseconds
    ) throws(Refusal) -> Ballot? {
        guard choices.allSatisfy(options.indices.contains), Set(choices).count == choices.count else {
            throw Refusal(.malformed, "Each of the options must be one of this poll's, named once.")
        }
        guard (kind == .text) ? choices.isEmpty : text.isEmpty else {
            throw Refusal(.malformed, kind == .text ? "This poll asks for a text." : "This poll asks for options.")
        }
        if kind == .single || kind == .quiz, choices.count > 1 {
            throw Refusal(.malformed, "This poll asks for one option.")
        }
        if choices.isEmpty, !text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) { return nil }
        // The order of what is no ranking says nothing, so the same choice is stored alike.
        return Ballot(member: member, choices: kind == .ranked ? choices : choices.sorted(), text: text, at: now)
    }
}

/// What one member answers to one poll.
public struct Ballot: Hashable, Sendable {
    public let member: MemberID
    /// Indices of options; for ``Poll/Kind/ranked`` the best first, and those that are left out share the last place.
    public let choices: [Int]
    /// For ``Poll/Kind/text`` alone.
    public let text: String
    public let at: UnixMilliseconds

    public init(member: MemberID, choices: [Int], text: String = "", at: UnixMilliseconds) {
        self.member = member
        self.choices = choices
        self.text = text
        self.at = at
    }

    /// Whether both say the same, whenever they were cast.
    public func saysTheSame(as other: Ballot?) -> Bool { choices == other?.choices && text == other?.text }
}

/// A word of the answers to a ``Poll/Kind/text`` poll, and how many members wrote it.
public struct PollWord: Hashable, Sendable {
    public let text: String
    public let count: Int64

    public init(text: String, count: Int64) {
        self.text = text
        self.count = count
    }
}
