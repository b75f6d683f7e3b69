import Community
import Foundation
import Locking
import LyceumProtocol

/// What Q&A does beside its commands: tells tallies at a measured pace, opens and closes sessions by their schedule,
/// knows similar questions.
final class QuestionDesk: Sendable {
    let similar = SimilarQuestions()
    private let tallies = TallyPace()
    /// When a session next does something by itself.
    private let nextDue = Locked<UnixMilliseconds?>(nil)

    /// Takes up what the record says; before the first command.
    func start(on server: ServerState) throws {
        nextDue.withLock { $0 = 0 }
        // Votes of a moment before a crash are stored and not told.
        tallies.votesWait(server)
        try server.slowPool.submit { [similar] in
            do {
                try similar.fill(from: server.store)
            } catch {
                server.log.error("similar questions cannot be read", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Called on the writer's thread after each commit.
    func follow(_ news: QuestionNews, on server: ServerState) {
        similar.note(news.changed)
        if let schedule = news.schedule { nextDue.withLock { $0 = schedule.next } }
        if news.hasUntoldVotes { tallies.votesWait(server) }
    }

    func everySecond(at now: UnixMilliseconds, on server: ServerState) {
        guard nextDue.withLock({ $0.map { $0 <= now } ?? false }) else { return }
        server.write(RunSchedule(), as: Actor(address: ""))
    }
}

/// Lets tallies be told at once where nothing was told lately, and else as soon as ``interval`` is over.
private final class TallyPace: Sendable {
    /// From one telling to the next, as PROTOCOL section 5 allows.
    static let interval = Duration.milliseconds(250)
    private static let retry = Duration.seconds(1)

    private struct State {
        var isUnderWay = false
        /// Votes came since the telling under way was asked for.
        var isWantedAgain = false
        var last: ContinuousClock.Instant?
    }

    private let state = Locked(State())
    private let timers = DispatchQueue(label: "lyceum.tallies")

    func votesWait(_ server: ServerState) {
        let delay: Duration? = state.withLock { state in
            guard !state.isUnderWay else {
                state.isWantedAgain = true
                return nil
            }
            state.isUnderWay = true
            return state.last.map { max(.zero, Self.interval - $0.duration(to: .now)) } ?? .zero
        }
        if let delay { tell(after: delay, server) }
    }

    private func tell(after delay: Duration, _ server: ServerState) {
        let milliseconds = Int(delay.components.seconds * 1000 + delay.components.attoseconds / 1_000_000_000_000_000)
        timers.asyncAfter(deadline: .now() + .milliseconds(milliseconds + (delay > .zero ? 1 : 0))) {
            [self, weak server] in
            guard let server else { return }
            server.write(TellTallies(), as: Actor(address: "")) { [self, weak server] outcome in
                if let server { finished(outcome, server) }
            }
        }
    }

    private func finished(_ outcome: Outcome, _ server: ServerState) {
        let isRefused = if case .refused = outcome { true } else { false }
        let isWantedAgain = state.withLock { state in
            state.last = .now
            state.isUnderWay = isRefused && !server.isDraining.load(ordering: .relaxed) || state.isWantedAgain
            state.isWantedAgain = false
            return state.isUnderWay
        }
        if isWantedAgain { tell(after: isRefused ? Self.retry : Self.interval, server) }
    }
}

/// Tells rooms of the votes since the last telling: one event for each question, with its counts as they are.
private struct TellTallies: WriteCommand {
    /// Most questions in one transaction; the rest follow at the next telling.
    private static let limit = 1000
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let untold = try context.transaction.untoldTallies(limit: Self.limit)
        for question in untold {
            try context.append(.questionTally, in: question.room, by: MemberID(0)) { json in
                json.field("qa", question.qa)
                json.field("question", question.seq)
                QuestionText.write(question.counts, to: &json)
            }
            try context.transaction.markTold(question.seq, in: question.room)
        }
        if untold.count == Self.limit { context.questions.hasUntoldVotes = true }
        return emptyObject
    }
}

/// Does what sessions' schedules ask for by now. Nobody acts in it: its events are by 0.
private struct RunSchedule: WriteCommand {
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        for var session in try context.transaction.runningQASessions() {
            // A session may be late for several things at once, as after a night without power.
            while let next = session.next, next.at <= context.now {
                guard try context.carryOut(next.due, on: &session) else { break }
            }
        }
        // Also where nothing was due: the first run after a start only reads the schedule.
        let next = try context.transaction.runningQASessions().compactMap { $0.next?.at }.min()
        context.questions.schedule = QuestionNews.Schedule(next: next)
        return emptyObject
    }
}

extension WriteContext {
    /// - Returns: False for a session that has to wait for another to close.
    fileprivate func carryOut(_ due: QASession.Due, on session: inout QASession) throws -> Bool {
        switch due {
        case .announceStart:
            session.isStartAnnounced = true
            try put(session)
            try tellUpdate(of: session, "reminder", reminder: "start")
        case .announceEnd:
            session.isEndAnnounced = true
            try put(session)
            try tellUpdate(of: session, "reminder", reminder: "end")
        case .open:
            let isOver = session.endsAt.map { $0 <= now } ?? false || community.rooms[session.room]?.isArchived ?? true
            if isOver {
                try close(&session, by: MemberID(0))
            } else {
                guard try !isBlocked(session) else { return false }
                try begin(&session)
                try tellUpdate(of: session, "opened")
            }
        case .close: try close(&session, by: MemberID(0))
        }
        return true
    }

    /// Whether another session of the room is open beside which this one may not be.
    func isBlocked(_ session: QASession) throws -> Bool {
        try transaction.runningQASessions().contains {
            $0.room == session.room && $0.seq != session.seq && $0.state == .open && !$0.tolerates(session)
        }
    }

    func begin(_ session: inout QASession) throws {
        session.state = .open
        session.openedAt = session.openedAt ?? now
        session.closedAt = nil
        try put(session)
    }

    func close(_ session: inout QASession, by actor: MemberID, reason: String? = nil) throws {
        session.state = .closed
        session.closedAt = now
        try put(session)
        let closed = session
        try append(.qaClosed, in: session.room, by: actor) { json in
            json.field("qa", closed.seq)
            QuestionText.write(closed, to: &json)
            json.field("reason", reason)
        }
    }

    func tellUpdate(of session: QASession, _ change: String, reminder: String? = nil) throws {
        try append(.qaUpdated, in: session.room, by: actor.member ?? MemberID(0)) { json in
            json.field("qa", session.seq)
            json.field("change", change)
            json.field("reminder", reminder)
            QuestionText.write(session, to: &json)
        }
    }
}
