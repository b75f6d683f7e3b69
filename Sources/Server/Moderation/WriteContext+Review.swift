import Community
import LyceumProtocol
import Moderation

/// How things come into the review queue.
extension WriteContext {
    /// How many of the newest open items a new one is compared with.
    private static let clusterReach = 200

    /// Keeps a post or an edit back until a moderator decides.
    ///
    /// - Parameter seq: The message that the draft would change; `nil` for a new one.
    func hold(_ draft: MessageDraft, _ judged: Judged, editing seq: SequenceNumber? = nil) throws -> ReviewItem {
        var item = ReviewItem(
            id: try transaction.makeReviewItemID(), kind: seq == nil ? .held : .heldEdit, room: draft.room,
            member: draft.author, seq: seq, text: draft.text, createdAt: now)
        item.thread = draft.thread
        item.replyTo = draft.replyTo
        item.bot = draft.bot ?? []
        item = try keepBack(item, judged)
        try hold(draft.files, with: item.id)
        return item
    }

    /// Puts what is held into the queue, and tells its author.
    func keepBack(_ item: ReviewItem, _ judged: Judged) throws -> ReviewItem {
        var item = item
        item.expiresAt = now + settings.heldMilliseconds
        try add(&item, judged)
        try tell(.held, to: item.member) { json in
            json.field("review", item.id)
            json.field("room", item.room?.rawValue)
            json.field("message", item.seq)
            json.field("text", item.text)
            reasonsForAuthor(judged.verdict, to: &json)
        }
        return item
    }

    /// Lets what waits fall without a decision, and tells its author why.
    func expire(_ item: ReviewItem, because reason: String) throws {
        var item = item
        item.state = .expired
        try update(&item, telling: .updated)
        try tell(.decided, to: item.member) { json in
            json.field("review", item.id)
            json.field("action", "expired")
            json.field("room", item.room?.rawValue)
            json.field("reason", reason)
        }
        try audit("review.expire", room: item.room, member: item.namedMember, item: item.id)
    }

    /// Of several edits of a message the one that its author wrote last counts, however late an earlier one is decided.
    func expireHeldEdits(of seq: SequenceNumber, in room: RoomID) throws {
        for item in try transaction.openHeldEdits(of: seq, in: room) {
            try expire(item, because: "Its author has written another text since.")
        }
    }

    /// Puts what was posted, and is not beyond all doubt, into the queue.
    func noteForReview(_ judged: Judged, original: String, _ draft: MessageDraft, _ message: RoomEvent) throws {
        guard let kind = reviewKind(of: judged) else { return }
        let open = try transaction.reviewItem(about: message.seq, in: message.room)
        if kind != .redact, open?.state == .open { return }
        var item = ReviewItem(
            id: try transaction.makeReviewItemID(), kind: kind, room: message.room, member: draft.author,
            seq: message.seq, text: original, createdAt: now)
        item.thread = draft.thread
        if kind == .redact { try settleRedaction(&item, judged, message) }
        try add(&item, judged)
    }

    /// As what moderators are to look at a text that was posted; `nil` if they need not.
    func reviewKind(of judged: Judged) -> ReviewItem.Kind? {
        switch (judged.verdict.action, judged.request) {
        case (.redact, _): .redact
        case _ where judged.verdict.isFlagged: .flag
        case (_, .uncertain): .check
        case (_, .sample): .sample
        default: nil
        }
    }

    /// A redaction is decided by the stage, so that a moderator can undo it and its author object to it.
    private func settleRedaction(_ item: inout ReviewItem, _ judged: Judged, _ message: RoomEvent) throws {
        item.state = .decided
        item.decision = .init(action: .redact, by: MemberID(0), at: now, reason: rejection(of: judged.verdict).message)
        guard let stored = try transaction.event(message.seq, in: message.room) else { return }
        var body = try MessageBody(stored)
        var undo = UndoRecord()
        undo.replacement = body.text
        body.text = item.text
        undo.body = String(decoding: body.encoded, as: UTF8.self)
        item.undo = undo.encoded
    }

    /// Stores a new item with its cluster, and tells the moderators.
    func add(_ item: inout ReviewItem, _ judged: Judged?) throws {
        if let judged {
            // How much an author is trusted would tell who wrote what is under seal.
            let verdict = item.isSealed ? judged.verdict.withoutStanding : judged.verdict
            item.verdict = verdict.encoded
            item.fingerprint = judged.fingerprint
        }
        if item.state == .open, item.fingerprint != 0, item.kind != .appeal {
            let near = try transaction.openFingerprints(limit: Self.clusterReach)
                .first { Fingerprint.areNear($0.fingerprint, item.fingerprint) }
            item.cluster = near?.cluster ?? item.id
        }
        try transaction.put(item)
        try tellReview(.added, about: item.room) { json in
            json.field("item", object: { ReviewItemText.write(item, of: community, at: now, to: &$0) })
        }
    }

    /// Stores a changed item; its version rises.
    func update(_ item: inout ReviewItem, telling kind: ReviewEventKind) throws {
        item.version += 1
        try transaction.put(item)
        try tellReview(kind, about: item.room) { json in
            json.field("item", object: { ReviewItemText.write(item, of: community, at: now, to: &$0) })
        }
    }

    /// The item, if the one who acts may review it; otherwise it does not exist for them.
    func reviewItem(_ id: ReviewItemID) throws -> ReviewItem {
        guard let item = try transaction.reviewItem(id), let actor = actor.member,
            Gate.mayReview(item.room, actor, of: community)
        else { throw Refusal.notFound }
        return item
    }

    func audit(
        _ action: String, by actor: MemberID? = nil, room: RoomID? = nil, member: MemberID? = nil,
        item: ReviewItemID? = nil, _ details: (inout JSONWriter) -> Void = { _ in }
    ) throws {
        let text = String(decoding: object(details), as: UTF8.self)
        try transaction.append(
            AuditEntry(
                at: now, actor: actor ?? self.actor.member ?? MemberID(0), action: action, room: room, member: member,
                item: item, details: text))
    }
}
