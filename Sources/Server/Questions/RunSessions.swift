import Community
import LyceumProtocol

/// Does what sessions' schedules ask for by now. Nobody acts in it: its events are by 0.
struct RunSessions: WriteCommand {
    var room: RoomID? { nil }

    /// How long a session that waits for another to close is left alone.
    private static let patience: UnixMilliseconds = 1000

    func perform(in context: WriteContext) throws -> [UInt8] {
        for var session in try context.transaction.runningQASessions() {
            // A session may be late for several things at once, as after a night without power.
            while let next = session.next, next.at <= context.now {
                guard try context.carryOut(next.due, on: &session) else { break }
            }
        }
        try context.noteNextSession(notBefore: context.now + Self.patience)
        return emptyObject
    }
}

extension WriteContext {
    /// Notes when a session next does something by itself; also where nothing has changed, because taking a deadline
    /// from the agenda does not end it.
    fileprivate func noteNextSession(notBefore earliest: UnixMilliseconds = 0) throws {
        let next = try transaction.runningQASessions().compactMap { $0.next?.at }.min()
        note(next.map { .set(.sessionIsDue, at: max($0, earliest)) } ?? .done(.sessionIsDue))
    }

    func put(_ session: QASession) throws {
        try transaction.put(session)
        try noteNextSession()
    }

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
