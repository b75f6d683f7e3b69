import Community
import LyceumProtocol

/// What changes polls: votes, their withdrawal, tallies, the end.
extension WriteContext {
    func poll(_ seq: SequenceNumber, in room: RoomID) throws -> Poll {
        guard let poll = try transaction.poll(seq, in: room) else { throw Refusal.notFound }
        return poll
    }

    /// Puts one ballot in the place of another of the same member; `nil` is none.
    func replace(_ earlier: Ballot?, with ballot: Ballot?, on poll: Poll) throws {
        guard earlier != nil || ballot != nil else { return }
        var tally = try transaction.tally(of: poll)
        if let earlier {
            tally.remove(earlier)
            for word in WordCloud.words(in: earlier.text) { try transaction.count(word, by: -1, on: poll) }
            if ballot == nil { try transaction.removeBallot(of: earlier.member, on: poll) }
        }
        if let ballot {
            tally.add(ballot)
            for word in WordCloud.words(in: ballot.text) { try transaction.count(word, by: 1, on: poll) }
            try transaction.put(ballot, on: poll)
        }
        try transaction.put(tally, of: poll)
        note(.changed(.poll(poll.room, poll.seq)))
    }

    /// Whoever leaves a room, or is banned, takes their votes in open polls along. What a closed one has told stays.
    func withdrawVotes(in change: Change) throws {
        let ballots: [(poll: Poll, ballot: Ballot)]
        switch change {
        case .left(let room, let member): ballots = try transaction.openBallots(of: member, in: room)
        case .member(let member) where member.bannedUntil != nil && community.members[member.id]?.bannedUntil == nil:
            ballots = try transaction.openBallots(of: member.id, in: nil)
        default: return
        }
        for (poll, ballot) in ballots { try replace(ballot, with: nil, on: poll) }
    }

    /// Tells the counts as they are now.
    func tellTally(of poll: Poll) throws {
        note(.told(.poll(poll.room, poll.seq)))
        let results = try PollResults(of: poll, transaction)
        try silenceTally(of: poll)
        let event = try append(.pollTally, in: poll.room, by: MemberID(0)) { json in
            json.field("poll", poll.seq)
            PollText.writeResults(poll, results, to: &json)
        }
        try transaction.setTold(event.seq, of: poll)
    }

    /// Ends a poll and tells what came of it.
    func close(_ poll: Poll, by member: MemberID) throws -> RoomEvent {
        var poll = poll
        poll.closedAt = now
        try transaction.put(poll)
        let results = try PollResults(of: poll, transaction)
        try silenceTally(of: poll)
        let event = try append(.pollClosed, in: poll.room, by: member) { json in
            json.field("poll", poll.seq)
            PollText.writeResults(poll, results, to: &json)
        }
        try transaction.setTold(event.seq, of: poll)
        note(.told(.poll(poll.room, poll.seq)))
        note(.done(.pollCloses(poll.room, poll.seq)))
        return event
    }

    /// Takes a poll away: its texts leave the record, its events stay as numbers.
    func delete(_ poll: Poll, by member: MemberID) throws -> RoomEvent {
        try silenceTally(of: poll)
        try rewrite(poll.seq, in: poll.room) { json in
            json.field("question", "")
            json.field("options", array: EmptyCollection<String>()) { $0.value($1) }
            json.field("kind", poll.kind.rawValue)
            json.field("deleted", true)
        }
        try transaction.remove(poll)
        let event = try append(.pollDeleted, in: poll.room, by: member) { $0.field("poll", poll.seq) }
        note(.told(.poll(poll.room, poll.seq)))
        note(.done(.pollCloses(poll.room, poll.seq)))
        return event
    }

    /// Words that members wrote stand in the newest tally alone, so that those of an answer that was taken back, or of a
    /// poll that was deleted, are in nobody's replay.
    private func silenceTally(of poll: Poll) throws {
        guard poll.kind == .text, let told = try transaction.tallyEvent(of: poll) else { return }
        let voters = try transaction.event(told, in: poll.room).map { event in
            try event.body.withUnsafeBytes { try JSONObject(parsing: $0)["voters"]?.integer }
        }
        try rewrite(told, in: poll.room) { json in
            json.field("poll", poll.seq)
            json.field("voters", (voters ?? nil) ?? 0)
            json.field("superseded", true)
        }
    }

    private func rewrite(_ seq: SequenceNumber, in room: RoomID, _ fields: (inout JSONWriter) -> Void) throws {
        guard let event = try transaction.event(seq, in: room) else { return }
        let body = object { json in
            json.field("event", "\(event.kind.name)")
            json.field("room", event.room.rawValue)
            json.field("seq", event.seq)
            json.field("at", event.at)
            json.field("by", event.author.rawValue)
            fields(&json)
        }
        try transaction.rewrite(seq, in: room, body: body)
    }
}

/// The writer's own telling of counts that have changed.
struct TellPollTally: WriteCommand {
    let place: RoomID
    let poll: SequenceNumber
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        guard let poll = try context.transaction.poll(poll, in: place), poll.closedAt == nil else {
            context.note(.told(.poll(place, self.poll)))
            return emptyObject
        }
        try context.tellTally(of: poll)
        return emptyObject
    }
}

/// The end that a poll was given when it was opened.
struct CloseDuePoll: WriteCommand {
    let place: RoomID
    let poll: SequenceNumber
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        context.note(.done(.pollCloses(place, poll)))
        guard let poll = try context.transaction.poll(poll, in: place), !poll.isOpen(at: context.now),
            poll.closedAt == nil
        else { return emptyObject }
        _ = try context.close(poll, by: MemberID(0))
        return emptyObject
    }
}
