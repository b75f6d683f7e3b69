import Community
import LyceumProtocol
import Transport

/// One batch on its way to the disk: what commands see of the community while they run, and what they add to it.
///
/// Lives on the writer's thread for one transaction. What is told to clients is collected here and leaves only after
/// the commit, so nobody is told of what a crash could take back.
final class WriteContext {
    let transaction: any CommunityTransaction
    let now: UnixMilliseconds
    let settings: CommunitySettings
    /// Where decisions teach the classifier; `nil` while no daemon runs.
    let stage: ModerationStage?
    /// The community as it will be after this batch.
    var community: Community { _read { yield working.value } }
    private let working: WorkingCommunity
    /// The one whose command runs now.
    var actor = Actor(address: "")
    /// The stage's word on the texts of the command that runs now.
    var judgements: [Judged] = []
    /// What has to be taken back if the transaction fails.
    private(set) var reverts: [() -> Void] = []
    /// Changes so far, for everybody who follows the community.
    private(set) var changes: [Change] = []
    /// Questions as they stand now, in the order of their changes.
    var changedQuestions: [Question] = []
    /// Events so far, in the order they got.
    private(set) var events: [RoomEvent] = []
    private(set) var delivery = Delivery()
    /// Outgoing webhooks whose queue has been given something, or is to be tried at once.
    private(set) var awakenedWebhooks: Set<WebhookID> = []
    /// What this batch changes about the writer's own work.
    private(set) var agendaNotes: [Agenda.Note] = []
    /// Sessions that the running command has ended.
    private var ending: [([Session], CloseCode)] = []

    init(
        transaction: any CommunityTransaction, working: WorkingCommunity, now: UnixMilliseconds,
        settings: CommunitySettings, stage: ModerationStage? = nil
    ) {
        self.stage = stage
        self.transaction = transaction
        self.working = working
        self.now = now
        self.settings = settings
    }

    /// The member whose command runs; only for commands whose row asks for a session.
    func requireActor() throws(Refusal) -> Member {
        guard let id = actor.member, let member = community.members[id] else {
            throw Refusal(.unauthenticated, "Sign in first.")
        }
        return member
    }

    /// The member whose rank counts for what the actor does: a bot's owner.
    func requirePerson() throws(Refusal) -> Member {
        let actor = try requireActor()
        return community.members[community.person(behind: actor.id)] ?? actor
    }

    /// Passes the gate again, for what a command's row cannot say because it depends on the command's fields.
    func require(_ requirement: Requirement, in room: RoomID? = nil) throws(Refusal) {
        try Gate.admit(requirement, for: actor.member, in: room, of: community, at: now)
    }

    func room(_ id: RoomID?) throws(Refusal) -> Room {
        guard let id, let room = community.rooms[id] else { throw .notFound }
        return room
    }

    func apply(_ change: Change) throws {
        try noteBan(in: change)
        try discountVotes(in: change)
        try withdrawVotes(in: change)
        try transaction.put(change)
        working.value.apply(change)
        changes.append(change)
        switch change {
        case .joined(let room, let member, _): delivery.joined(member, room)
        case .left(let room, let member): delivery.left(member, room)
        default: break
        }
    }

    /// Appends an event to a room: gives it the next `seq`, stores it and has it delivered after the commit.
    ///
    /// - Parameter fields: Writes what stands after the fields that all events share.
    @discardableResult
    func append(
        _ kind: EventKind, in roomID: RoomID, by author: MemberID, thread: SequenceNumber? = nil,
        _ fields: (inout JSONWriter) -> Void
    ) throws -> RoomEvent {
        guard let room = community.rooms[roomID] else {
            preconditionFailure("an event needs a room that the command has looked up")
        }
        let seq = room.seq + 1
        let ordinal = room.ordinal + (kind == .messagePosted && thread == nil ? 1 : 0)
        var json = JSONWriter(capacity: 384)
        json.object { json in
            json.field("event", "\(kind.name)")
            json.field("room", roomID.rawValue)
            json.field("seq", seq)
            json.field("at", now)
            json.field("by", author.rawValue)
            fields(&json)
        }
        let event = RoomEvent(
            room: roomID, seq: seq, kind: kind, at: now, author: author, thread: thread, ordinal: ordinal,
            body: json.bytes)
        try transaction.append(event)
        try apply(.roomAdvanced(roomID, seq: seq, ordinal: ordinal))
        events.append(event)
        delivery.add(event)
        return event
    }

    /// Has a member's connections hear a room from its next event on: who makes one hears of its making, and who joins
    /// hears so on all of their connections.
    func hear(_ room: RoomID, _ member: MemberID) { delivery.joined(member, room) }

    /// Has what the room was told so far go out before the answer, whose entry counts it.
    func settle(_ room: RoomID) { delivery.flush(room) }

    /// Appends an event to a member's own stream.
    func tell(_ kind: MeEventKind, to member: MemberID, _ fields: (inout JSONWriter) -> Void) throws {
        guard let seq = community.members[member].map({ $0.meSeq + 1 }) else { return }
        var json = JSONWriter()
        json.object { json in
            json.field("event", kind.rawValue)
            json.field("stream", "me")
            json.field("seq", seq)
            json.field("at", now)
            fields(&json)
        }
        try transaction.append(MeEvent(member: member, seq: seq, at: now, body: json.bytes))
        try apply(.meAdvanced(member, seq: seq))
        delivery.add(json.bytes, toMember: member, seq: seq)
    }

    /// Tells a member's open connections something that nobody needs to catch up on.
    func signal(_ kind: SignalKind, to member: MemberID, _ fields: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        json.object { json in
            json.field("event", kind.rawValue)
            fields(&json)
        }
        delivery.signal(json.bytes, toMember: member)
    }

    /// Has a webhook's queue looked at after the commit.
    func awaken(_ hook: WebhookID) { awakenedWebhooks.insert(hook) }

    /// Ends sessions: their tokens open nothing more, and their connections are closed with `code`.
    func end(_ sessions: [Session], code: CloseCode) throws {
        for session in sessions { try apply(.sessionEnded(session.id)) }
        ending.append((sessions, code))
    }

    /// Has the connections of sessions closed so that they come back and resume, under what holds by then.
    func reconnect(_ sessions: [Session]) { ending.append((sessions, .goingAway)) }

    /// Ends one command: its answer goes out, and after it the closes that it asked for, so that who signs out is
    /// told so first.
    func finish(_ outcome: Outcome, replyingTo address: ReplyAddress?) {
        if let address { delivery.reply(outcome, to: address) }
        for (sessions, code) in ending { delivery.end(sessions, code: code) }
        ending.removeAll()
    }

    /// Tells the review stream.
    func tellReview(_ kind: ReviewEventKind, about room: RoomID?, _ fields: (inout JSONWriter) -> Void) throws {
        let seq = community.reviewSeq + 1
        var json = JSONWriter()
        json.object { json in
            json.field("event", kind.rawValue)
            json.field("stream", "review")
            json.field("seq", seq)
            json.field("at", now)
            fields(&json)
        }
        let event = ReviewEvent(seq: seq, at: now, room: room, body: json.bytes)
        try transaction.append(event)
        try apply(.reviewAdvanced(seq: seq))
        delivery.add(event)
    }

    /// Has the writer's own work changed once this is committed.
    func note(_ note: Agenda.Note) { agendaNotes.append(note) }

    /// Has `revert` called, newest first, if the transaction does not reach the disk.
    func onFailure(_ revert: @escaping () -> Void) { reverts.append(revert) }
}

/// The writer's own community, which runs ahead of the disk while a batch is under way.
///
/// A box, so that a batch changes it in place: a copy of a large community for every batch would cost more than the
/// batch.
final class WorkingCommunity {
    var value: Community
    /// Set when a commit failed in a way that leaves open what is on disk.
    var isUncertain = false
    /// What the writer does without being asked.
    var agenda = Agenda()
    init(_ value: Community) { self.value = value }
}
