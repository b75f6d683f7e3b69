import LyceumProtocol

/// One step of a question's way, and how it stood before, so that the step can be taken back.
public struct QuestionChange: Hashable, Sendable {
    /// Raw values are wire and storage format.
    public enum Kind: String, CaseIterable, Sendable {
        case approved, dismissed, reopened
        /// Put on stage, or moved there.
        case live
        case answered, accepted, merged, carried, labelled
        /// By its author.
        case withdrawn
        /// The step before was taken back.
        case undone
        /// By moderators: its text was changed or taken away, and given back.
        case redacted, removed, restored

        /// The states that a host may take the step from.
        public var origins: Set<Question.State> {
            switch self {
            case .approved: [.submitted]
            case .dismissed: [.submitted, .open, .live]
            case .reopened: [.live, .answered, .dismissed, .carried]
            case .live: [.open, .live]
            case .answered: [.open, .live, .answered, .carried]
            case .accepted: [.open, .live, .answered, .carried]
            case .merged: [.submitted, .open, .live]
            case .carried: [.open, .live]
            case .labelled: [.submitted, .open, .live, .answered, .carried]
            case .withdrawn: [.submitted, .open]
            case .undone, .redacted, .removed, .restored: []
            }
        }
    }

    /// What a step may change.
    public struct Standing: Hashable, Sendable {
        public var state: Question.State
        public var slot: Question.Slot?
        public var into: SequenceNumber?
        public var labels: [String]
        public var thread: SequenceNumber?
        public var accepted: SequenceNumber?
        public var answeredAt: UnixMilliseconds?

        public init(
            state: Question.State, slot: Question.Slot?, into: SequenceNumber?, labels: [String],
            thread: SequenceNumber?, accepted: SequenceNumber?, answeredAt: UnixMilliseconds?
        ) {
            self.state = state
            self.slot = slot
            self.into = into
            self.labels = labels
            self.thread = thread
            self.accepted = accepted
            self.answeredAt = answeredAt
        }
    }

    public let room: RoomID
    public let question: SequenceNumber
    /// The event that told it.
    public let seq: SequenceNumber
    public let kind: Kind
    public let before: Standing

    public init(room: RoomID, question: SequenceNumber, seq: SequenceNumber, kind: Kind, before: Standing) {
        self.room = room
        self.question = question
        self.seq = seq
        self.kind = kind
        self.before = before
    }
}

extension Question {
    public var standing: QuestionChange.Standing {
        get {
            .init(
                state: state, slot: slot, into: into, labels: labels, thread: thread, accepted: accepted,
                answeredAt: answeredAt)
        }
        set {
            (state, slot, into) = (newValue.state, newValue.slot, newValue.into)
            (labels, thread) = (newValue.labels, newValue.thread)
            (accepted, answeredAt) = (newValue.accepted, newValue.answeredAt)
        }
    }
}
