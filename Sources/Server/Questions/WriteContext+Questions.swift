import Community
import LyceumProtocol

/// Looking sessions and questions up, and moving questions on.
extension WriteContext {
    /// The `seq` that the next event of a room will get, for events that name themselves.
    func nextSeq(in room: RoomID) -> SequenceNumber { (community.rooms[room]?.seq ?? 0) + 1 }

    func qaSession(_ seq: SequenceNumber, in room: RoomID) throws -> QASession {
        guard let session = try transaction.qaSession(seq, in: room) else { throw Refusal.notFound }
        return session
    }

    /// Refuses where nothing may be asked or voted on.
    func checkOpen(_ session: QASession) throws(Refusal) {
        switch session.state {
        case .open: return
        case .scheduled: throw Refusal(.conflict, "This session has not begun.")
        case .closed: throw Refusal(.archived, "This session is closed.")
        }
    }

    /// A session that the one who acts may hold.
    func qaSessionToHold(_ seq: SequenceNumber, in room: RoomID) throws -> QASession {
        let session = try qaSession(seq, in: room)
        let member = try requireActor()
        guard Gate.mayHold(session, member.id, of: community) else {
            throw Refusal(.forbidden, "Only its hosts and the room's moderators may do this.")
        }
        return session
    }

    /// A question as its host sees it, ready for one more step.
    func questionToHold(
        _ seq: SequenceNumber, in room: RoomID, for change: QuestionChange.Kind? = nil
    ) throws -> (question: Question, session: QASession) {
        guard let question = try transaction.question(seq, in: room) else { throw Refusal.notFound }
        let session = try qaSessionToHold(question.qa, in: room)
        if let change { try check(question, for: change) }
        return (question, session)
    }

    func check(_ question: Question, for change: QuestionChange.Kind) throws(Refusal) {
        guard !question.text.isEmpty else { throw Refusal(.conflict, "This question was taken away.") }
        guard change.origins.contains(question.state) else {
            let details = object { json in
                json.field("state", question.state.rawValue)
                json.field("into", question.into)
            }
            throw Refusal(
                .conflict, "A question that is \(question.state.rawValue) cannot be \(change.rawValue).",
                details: details)
        }
    }

    /// Takes a question one step on: stores it with how it stood before, and tells the room.
    ///
    /// - Parameter isUndoable: Whether the host may take the step back.
    @discardableResult
    func advance(
        _ question: inout Question, _ change: QuestionChange.Kind, _ news: QuestionText.News = .init(),
        by: MemberID? = nil, isUndoable: Bool = true, _ alter: (inout Question) -> Void
    ) throws -> RoomEvent {
        let before = question.standing
        alter(&question)
        let after = question
        let event = try append(.questionUpdated, in: question.room, by: by ?? actor.member ?? MemberID(0)) { json in
            QuestionText.writeUpdated(after, change, from: before.state, news, to: &json)
        }
        try transaction.put(question)
        if isUndoable {
            try transaction.add(
                QuestionChange(
                    room: question.room, question: question.seq, seq: event.seq, kind: change, before: before))
        }
        changedQuestions.append(question)
        return event
    }

    /// A sentence of the host's for all to read.
    func admitReason(_ reason: String?) throws(Refusal) -> String? {
        guard let reason else { return nil }
        return try admit(reason, as: .reason)
    }

    // MARK: Votes

    /// Counts a question anew, and all that it was merged into.
    func recount(_ seq: SequenceNumber, in room: RoomID) throws {
        var next: SequenceNumber? = seq
        while let seq = next, let question = try transaction.question(seq, in: room) {
            let counts = try transaction.recount(question)
            if counts != question.counts {
                try transaction.put(counts, of: seq, in: room)
                note(.changed(.questions))
            }
            next = question.into
        }
    }

    /// A membership has ended, and with it the member's votes; those of closed sessions are history.
    func withdrawVotes(of member: MemberID, in room: RoomID) throws {
        for question in try transaction.withdrawVotes(of: member, in: room) {
            try note(.unvoted, by: member, in: room, thread: question)
            try recount(question, in: room)
        }
    }

    /// Whoever is banned from the community has no vote; once the ban ends, theirs count again.
    func discountVotes(in change: Change) throws {
        guard case .member(let member) = change else { return }
        let wasBanned = community.members[member.id]?.bannedUntil != nil
        let isBanned = member.bannedUntil != nil
        guard wasBanned != isBanned else { return }
        for place in try transaction.setVotes(of: member.id, counting: !isBanned) {
            try recount(place.question, in: place.room)
        }
    }

    // MARK: Texts in the record

    /// Takes a text out of the event that told it, so that no replay tells it. At any time one event at most tells
    /// the text of a question or an answer. What stood there is kept as a revision, by nobody's name.
    ///
    /// - Parameter field: `text` of a question, `answer` of an answer.
    func takeOut(_ field: String, saying text: String, of seq: SequenceNumber?, in room: RoomID) throws {
        guard let seq, let event = try transaction.event(seq, in: room) else { return }
        try transaction.add(
            Revision(
                room: room, seq: seq, replacedBy: nextSeq(in: room), at: now, by: MemberID(0), text: text))
        let body = try event.body.withUnsafeBytes { bytes in
            let old = try JSONObject(parsing: bytes)
            return object { json in
                for key in old.keys where key != field && key != "removed" {
                    guard let value = old[dynamic: key] else { continue }
                    json.name(dynamic: key)
                    json.raw(value.rawBytes)
                }
                json.field("removed", true)
            }
        }
        try transaction.rewrite(seq, in: room, body: body)
    }
}
