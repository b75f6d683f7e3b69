import Community
import LyceumProtocol

/// What the writer has to do without being asked, and when: tell tallies that have changed, and what has a time set.
///
/// Counts change faster than anybody can read, so a tally is told at once when it has rested and then at most once in
/// ``interval``, however many votes come between; each telling carries absolute counts, so none is missed.
///
/// Pure: the writer asks before each batch, and notes what the batch has committed. What was taken comes again after a
/// second unless its commit says that it is done, so a failed commit loses nothing.
struct Agenda: Sendable {
    /// Something whose counts are told now and then.
    enum Tally: Hashable, Sendable {
        case poll(RoomID, SequenceNumber)
        /// Those of all questions at one pace, so that what many questions of a room have to tell is one write to each
        /// of its connections.
        case questions
    }

    /// Something that happens by itself at a set time.
    enum Deadline: Hashable, Sendable {
        case pollCloses(RoomID, SequenceNumber)
        case invocationExpires(InvocationID)
        /// A Q&A session is announced, begins or ends.
        case sessionIsDue
    }

    /// What a commit has changed about it.
    enum Note: Sendable {
        case changed(Tally)
        case told(Tally)
        case set(Deadline, at: UnixMilliseconds)
        case done(Deadline)
    }

    /// The least time between two tellings of one tally.
    static let interval = Duration.milliseconds(250)
    private static let retry = Duration.seconds(1)

    private var waiting: [Tally: ContinuousClock.Instant] = [:]
    private var told: [Tally: ContinuousClock.Instant] = [:]
    private var deadlines: [Deadline: UnixMilliseconds] = [:]
    private var firstTally: ContinuousClock.Instant?
    private var firstDeadline: UnixMilliseconds?

    mutating func note(_ notes: [Note], at instant: ContinuousClock.Instant) {
        guard !notes.isEmpty else { return }
        for note in notes {
            switch note {
            case .changed(let tally): change(tally, at: instant)
            case .told(let tally):
                waiting[tally] = nil
                told[tally] = instant
            case .set(let deadline, let time): deadlines[deadline] = time
            case .done(let deadline): deadlines[deadline] = nil
            }
        }
        told = told.filter { $0.value + Self.interval > instant }
        findFirst()
    }

    private mutating func change(_ tally: Tally, at instant: ContinuousClock.Instant) {
        let earliest = told[tally].map { max(instant, $0 + Self.interval) } ?? instant
        waiting[tally] = min(earliest, waiting[tally] ?? earliest)
    }

    /// What is due now.
    mutating func take(at instant: ContinuousClock.Instant, _ now: UnixMilliseconds) -> (
        tallies: [Tally], deadlines: [Deadline]
    ) {
        guard firstTally.map({ $0 <= instant }) ?? false || firstDeadline.map({ $0 <= now }) ?? false else {
            return ([], [])
        }
        let tallies = waiting.filter { $0.value <= instant }.map(\.key)
        let due = deadlines.filter { $0.value <= now }.map(\.key)
        for tally in tallies { waiting[tally] = instant + Self.retry }
        for deadline in due { deadlines[deadline] = now + 1000 }
        findFirst()
        return (tallies, due)
    }

    /// How long nothing will be due.
    func rest(at instant: ContinuousClock.Instant, _ now: UnixMilliseconds) -> Duration? {
        let tally = firstTally.map { instant.duration(to: $0) }
        let deadline = firstDeadline.map { Duration.milliseconds($0 - now) }
        return [tally, deadline].compactMap { $0.map { max($0, .zero) } }.min()
    }

    private mutating func findFirst() {
        firstTally = waiting.values.min()
        firstDeadline = deadlines.values.min()
    }
}

extension Agenda {
    /// What the store says is still to be done, as after a restart.
    init(of reader: any CommunityReader, at instant: ContinuousClock.Instant) throws {
        let untold = try reader.pollsToTell().map { Note.changed(.poll($0.room, $0.seq)) }
        let closings = try reader.pollsToClose().map { Note.set(.pollCloses($0.poll.room, $0.poll.seq), at: $0.at) }
        let expiries = try reader.invocationDeadlines().map { Note.set(.invocationExpires($0.id), at: $0.at) }
        // Votes of a moment before a crash are stored and not told; the first run of the schedule only reads it.
        note(untold + closings + expiries + [.changed(.questions), .set(.sessionIsDue, at: 0)], at: instant)
    }
}

extension Agenda.Tally {
    /// What tells it.
    var command: any WriteCommand {
        switch self {
        case .poll(let room, let seq): TellPollTally(place: room, poll: seq)
        case .questions: TellQuestionTallies()
        }
    }
}

extension Agenda.Deadline {
    /// What has to be done then.
    var command: any WriteCommand {
        switch self {
        case .pollCloses(let room, let seq): CloseDuePoll(place: room, poll: seq)
        case .invocationExpires(let id): ExpireInvocation(invocation: id)
        case .sessionIsDue: RunSessions()
        }
    }
}
