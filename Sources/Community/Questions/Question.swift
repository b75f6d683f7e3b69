import Foundation
import LyceumProtocol

/// A question of a Q&A session as it stands now.
public struct Question: Hashable, Sendable {
    /// Raw values are wire and storage format.
    public enum State: String, CaseIterable, Sendable {
        /// Waits for the host's approval.
        case submitted
        /// Taken back by a moderator who had released it, and not decided anew.
        case held
        case open
        /// On stage.
        case live
        case answered, dismissed
        /// Its voters count for another question.
        case merged
        /// Goes on as a thread.
        case carried

        /// Whether everybody in the room reads it.
        public var isPublic: Bool {
            switch self {
            case .open, .live, .answered, .merged, .carried: true
            case .submitted, .held, .dismissed: false
            }
        }
    }

    /// Where on stage.
    public enum Slot: String, CaseIterable, Sendable { case now, next }

    public let room: RoomID
    /// The `seq` of its `question.asked` event.
    public let seq: SequenceNumber
    public let qa: SequenceNumber
    /// 0 if it is anonymous: its author stands under seal, apart from it.
    public let author: MemberID
    public let isAnonymous: Bool
    public var text: String
    public let askedAt: UnixMilliseconds
    public var state: State
    /// Only while it is live.
    public var slot: Slot?
    /// The question it was merged into.
    public var into: SequenceNumber?
    public var labels: [String] = []
    /// The root of the thread it was carried to.
    public var thread: SequenceNumber?
    /// The answer that counts.
    public var accepted: SequenceNumber?
    /// The event that tells its text; `nil` while none does.
    public var textSeq: SequenceNumber?
    /// When it was answered.
    public var answeredAt: UnixMilliseconds?
    public var counts = VoteCounts()

    public init(
        room: RoomID, seq: SequenceNumber, qa: SequenceNumber, author: MemberID, isAnonymous: Bool, text: String,
        askedAt: UnixMilliseconds, state: State
    ) {
        self.room = room
        self.seq = seq
        self.qa = qa
        self.author = author
        self.isAnonymous = isAnonymous
        self.text = text
        self.askedAt = askedAt
        self.state = state
    }

    /// Whether a search finds it: whatever everybody in the room reads.
    public var isFound: Bool { !text.isEmpty && state.isPublic }

    /// Whether others who ask alike are shown it.
    public var isWorthShowing: Bool { !text.isEmpty && (state == .open || state == .live || state == .answered) }
}

/// How members voted on a question and on those that were merged into it, each member once.
public struct VoteCounts: Hashable, Sendable {
    public var up: Int64
    public var down: Int64

    public init(up: Int64 = 0, down: Int64 = 0) {
        self.up = up
        self.down = down
    }

    public var net: Int64 { up - down }

    /// How much members disagree: many votes, and as many for as against.
    ///
    /// Reddit's formula (`controversy` in `r2/lib/db/_sorts.pyx` of reddit-archive/reddit): the number of votes, to the
    /// power of the smaller side over the larger; 0 where one side has none.
    public var controversy: Double {
        guard up > 0, down > 0 else { return 0 }
        return pow(Double(up + down), Double(min(up, down)) / Double(max(up, down)))
    }

    /// Counts one vote more, or with `times` −1 one less.
    public mutating func count(_ value: Int64, times: Int64 = 1) {
        if value > 0 { up += times }
        if value < 0 { down += times }
    }
}

/// One way to order questions. Raw values are wire format.
public enum QuestionOrder: String, CaseIterable, Sendable {
    /// Votes for less votes against, the older first where they are equal.
    case votes
    case new, old
    /// By ``VoteCounts/controversy``.
    case controversial

    public func precedes(_ a: Question, _ b: Question) -> Bool {
        switch self {
        case .votes: (b.counts.net, a.seq) < (a.counts.net, b.seq)
        case .new: a.seq > b.seq
        case .old: a.seq < b.seq
        case .controversial: (b.counts.controversy, a.seq) < (a.counts.controversy, b.seq)
        }
    }
}

/// An answer to a question, typed or given aloud.
public struct QuestionAnswer: Hashable, Sendable {
    public let room: RoomID
    /// The `seq` of the event that told it.
    public let seq: SequenceNumber
    public let question: SequenceNumber
    public let author: MemberID
    public let at: UnixMilliseconds
    /// Empty for one that was only spoken, or is a message.
    public var text: String
    public let isSpoken: Bool
    /// The message of the room that answers.
    public let message: SequenceNumber?
    /// Whether its author was a mentor in the room.
    public let isByMentor: Bool
    /// Taken away by a moderator, or taken back by the host.
    public var isRemoved = false
    /// The event that tells its text as it is now.
    public var textSeq: SequenceNumber

    public init(
        room: RoomID, seq: SequenceNumber, question: SequenceNumber, author: MemberID, at: UnixMilliseconds,
        text: String, isSpoken: Bool, message: SequenceNumber?, isByMentor: Bool
    ) {
        self.room = room
        self.seq = seq
        self.question = question
        self.author = author
        self.at = at
        self.text = text
        self.isSpoken = isSpoken
        self.message = message
        self.isByMentor = isByMentor
        textSeq = seq
    }
}
