import Community
import LyceumProtocol
import Moderation

/// Deciding, and taking it back.
extension WriteContext {
    /// What a moderator wants done about an item.
    struct DecisionOrder {
        let action: ReviewItem.Action
        var reason: String
        let note: String
        /// What the text is, in the classifier's words; empty leaves it to the strongest opinion.
        let labels: [String]
        /// What `redact` masks, if not what the verdict names: UTF-8 byte offsets.
        let spans: [Range<Int>]
    }

    /// Refuses where the item is not to be decided by the one who acts, now.
    @discardableResult
    func checkDecidable(_ item: ReviewItem) throws(Refusal) -> Member {
        let moderator = try requireActor()
        guard item.state == .open else { throw Refusal(.conflict, "This has been decided already.") }
        try checkIsNotOwn(item)
        guard !item.isClaimed(byOtherThan: moderator.id, at: now) else {
            throw Refusal(.conflict, "Another moderator has this in hand.")
        }
        return moderator
    }

    private func checkIsNotOwn(_ item: ReviewItem) throws(Refusal) {
        let person = try requirePerson()
        guard community.person(behind: item.member) != person.id || person.role.rank >= Role.admin.rank else {
            throw Refusal(.forbidden, "Nobody decides about their own text.")
        }
    }

    /// Refuses to take a decision back for whoever may not decide about its author, or not lift what was imposed with it.
    func checkMayTakeBack(_ item: ReviewItem) throws {
        try checkIsNotOwn(item)
        let imposed = UndoRecord(item.undo).sanctions
        for sanction in try transaction.sanctions(from: item.id)
        where imposed.contains(sanction.id) && sanction.liftedAt == nil {
            _ = try checkMaySanction(sanction.member, in: sanction.room)
        }
    }

    func isDecidable(_ item: ReviewItem) -> Bool {
        do throws(Refusal) {
            try checkDecidable(item)
            return true
        } catch {
            return false
        }
    }

    /// Decides one open item; everything that may be refused has been checked.
    func decide(
        _ item: inout ReviewItem, _ order: DecisionOrder, sanction: SanctionOrder?, teaching: Bool = true
    ) throws {
        let moderator = actor.member ?? MemberID(0)
        var undo = UndoRecord()
        try carryOut(order, on: &item, &undo)
        item.state = .decided
        item.claim = nil
        item.decision = .init(
            action: order.action, by: moderator, at: now, reason: order.reason, note: order.note)
        if let sanction { undo.sanctions = [try impose(sanction, on: item.member, from: item.id).id] }
        if teaching { undo.check = try teach(item, order) }
        try count(item, sign: 1)
        item.undo = undo.encoded
        try update(&item, telling: .decided)
        try audit("review.decide", room: item.room, member: item.namedMember, item: item.id) { json in
            json.field("action", order.action.rawValue)
            json.field("reason", order.reason)
        }
        try tellAuthor(item, undone: false)
    }

    func tellAuthor(_ item: ReviewItem, undone: Bool) throws {
        guard let decision = item.decision else { return }
        // A label is between moderators, and so is a report that came to nothing: its author never knew of it.
        let isTheirs = item.kind == .held || item.kind == .heldEdit || decision.action != .approve
        guard isTheirs, item.parent == nil else { return }
        try tell(.decided, to: item.member) { json in
            json.field("review", item.id)
            json.field("action", decision.action.rawValue)
            json.field("room", item.room?.rawValue)
            json.field("message", item.seq)
            json.field("reason", decision.reason)
            // Who was renamed signs in by the new name.
            if item.subject == .name, item.room == nil { json.field("name", community.members[item.member]?.name) }
            if undone { json.field("undone", true) }
        }
    }

    // MARK: What happens to the text

    private func carryOut(_ order: DecisionOrder, on item: inout ReviewItem, _ undo: inout UndoRecord) throws {
        if item.subject.isHeading { return try carryOutOnHeading(order, on: item, &undo) }
        if item.subject != .message {
            let text = order.action == .redact ? mask(item, order) : item.text
            return try carryOutOnQuestion(order, on: &item, text, &undo)
        }
        switch (item.kind, order.action) {
        case (.held, .approve): try release(&item, item.text, &undo)
        case (.held, .redact): try release(&item, mask(item, order), &undo)
        case (.heldEdit, .approve): try change(item, to: item.text, &undo)
        case (.heldEdit, .redact): try change(item, to: mask(item, order), &undo)
        case (.held, _), (.heldEdit, _), (.sanction, _), (.appeal, _), (_, .approve): break
        case (_, .redact): try change(item, to: mask(item, order), &undo)
        case (_, .reject), (_, .remove): try remove(item, &undo)
        }
    }

    func mask(_ item: ReviewItem, _ order: DecisionOrder) -> String {
        let spans = order.spans.isEmpty ? VerdictText(item.verdict).spans : order.spans
        return spans.isEmpty ? Mask.all(item.text) : Mask.apply(to: item.text, spans: spans)
    }

    /// Posts a held message with the room's next `seq`.
    private func release(_ item: inout ReviewItem, _ text: String, _ undo: inout UndoRecord) throws {
        guard let room = item.room, community.rooms[room] != nil else { return }
        var draft = MessageDraft(
            room: room, author: item.member, text: text, thread: item.thread, replyTo: item.replyTo)
        draft.files = try transaction.files(waitingWith: item.id)
        draft.bot = item.bot.isEmpty ? nil : item.bot
        let target = try item.thread.flatMap { try ThreadTarget(ofReleased: $0, room: room, in: self) }
        let mentions = mentions(in: text)
        let event = try draft.post(to: target, mentions: mentions, in: self)
        item.seq = event.seq
        undo.released = event.seq
    }

    private func change(_ item: ReviewItem, to text: String, _ undo: inout UndoRecord) throws {
        guard var message = try standing(item) else { return }
        undo.body = String(decoding: message.encoded, as: UTF8.self)
        if item.kind == .heldEdit, !item.bot.isEmpty { message.bot = item.bot }
        let author = item.kind == .heldEdit ? item.member : actor.member ?? MemberID(0)
        _ = try edit(&message, to: text, mentions: mentions(in: text), by: author)
        undo.replacement = text
    }

    private func remove(_ item: ReviewItem, _ undo: inout UndoRecord) throws {
        guard var message = try standing(item), let room = item.room else { return }
        undo.body = String(decoding: message.encoded, as: UTF8.self)
        undo.wasPinned = try !transaction.pinned(among: [message.event.seq], in: room).isEmpty
        _ = try delete(&message, by: actor.member ?? MemberID(0))
    }

    /// The message an item is about, unless it is gone.
    private func standing(_ item: ReviewItem) throws -> MessageBody? {
        guard let room = item.room, let seq = item.seq, let event = try transaction.event(seq, in: room) else {
            return nil
        }
        let message = try MessageBody(event)
        return message.isDeleted ? nil : message
    }

    // MARK: Taking it back

    /// Restores message, sanction and classifier; the item is open again.
    func undo(_ item: inout ReviewItem) throws {
        let record = UndoRecord(item.undo)
        try restore(&item, record)
        // A question keeps its number, and with it its votes.
        if record.released != nil, item.subject == .message { item.seq = nil }
        for sanction in try transaction.sanctions(from: item.id) where record.sanctions.contains(sanction.id) {
            try lift(sanction)
        }
        try unteach(item, check: record.check)
        try count(item, sign: -1)
        try audit("review.undo", room: item.room, member: item.namedMember, item: item.id) { json in
            json.field("action", item.decision?.action.rawValue)
        }
        try tellAuthor(item, undone: true)
        item.state = .open
        item.decision = nil
        item.undo = []
        item.claim = nil
        if item.expiresAt != nil { item.expiresAt = now + settings.heldMilliseconds }
        try update(&item, telling: .undone)
    }

    private func restore(_ item: inout ReviewItem, _ record: UndoRecord) throws {
        if item.subject.isHeading { return try restoreHeading(&item, record) }
        if item.subject != .message { return try restoreQuestion(item, record) }
        guard let room = item.room, let seq = item.seq, let event = try transaction.event(seq, in: room) else { return }
        if record.released != nil {
            var message = try MessageBody(event)
            if !message.isDeleted { _ = try delete(&message, by: actor.member ?? MemberID(0)) }
            for var file in try transaction.files(waitingWith: item.id) {
                (file.message, file.goneAt) = (nil, nil)
                try transaction.put(file)
            }
            try uncountPost(of: item.member)
            return
        }
        guard let body = record.body, isUntouched(try MessageBody(event), since: item, record) else { return }
        let bytes = Array(body.utf8)
        var restored = event
        restored.body = bytes
        let message = try MessageBody(restored)
        let told = try append(.messageRestored, in: room, by: actor.member ?? MemberID(0), thread: message.thread) {
            message.writeRestored(to: &$0)
        }
        try transaction.add(
            Revision(
                room: room, seq: seq, replacedBy: told.seq, at: now, by: told.author, text: try MessageBody(event).text)
        )
        try transaction.rewrite(seq, in: room, body: bytes)
        try transaction.setGone(nil, filesOf: seq, in: room)
        if record.wasPinned, try transaction.pin(seq, in: room, by: told.author, at: now) {
            try append(.messagePinned, in: room, by: told.author) { $0.field("message", seq) }
        }
    }

    /// Whether a message is what the decision made of it. What its author has written since, or deleted, stays theirs.
    private func isUntouched(_ message: MessageBody, since item: ReviewItem, _ record: UndoRecord) -> Bool {
        let wasRemoved = item.decision?.action.isRemoval ?? false
        guard message.isDeleted == wasRemoved else { return false }
        return message.isDeleted || record.replacement.map { $0 == message.text } ?? true
    }

    /// A release that is taken back has earned nothing. Beyond the most posts that count, none was counted.
    func uncountPost(of member: MemberID) throws {
        var standing = community.standing(of: member)
        guard (1..<Standing.mostPosts).contains(standing.posts) else { return }
        standing.posts -= 1
        try apply(.standing(member, standing))
    }

    /// What rules and labels made of the item, confirmed or overturned.
    private func count(_ item: ReviewItem, sign: Int64) throws {
        guard let decision = item.decision, decision.by.rawValue != 0 else { return }
        for name in VerdictText(item.verdict).names {
            var day = RuleDay(day: decision.at / .day, rule: name)
            if decision.action == .approve { day.overturned = sign } else { day.confirmed = sign }
            day.waited = sign * max(0, decision.at - item.createdAt)
            try transaction.add(day)
        }
    }
}

/// What is read back from a stored verdict.
struct VerdictText {
    private(set) var spans: [Range<Int>] = []
    /// Rules in force and labels that spoke.
    private(set) var names: [String] = []
    /// Labels with their probabilities.
    private(set) var labels: [(name: String, probability: Double)] = []

    init(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        bytes.withUnsafeBytes { raw in
            // It was written by ourselves; what cannot be read has nothing to say.
            guard let reasons = (try? JSONObject(parsing: raw))?["reasons"]?.elements else { return }
            for reason in reasons { if let reason = try? JSONObject(reason) { note(reason) } }
        }
    }

    private mutating func note(_ reason: JSONObject) {
        if let rule = reason["rule"]?.string, reason["observed"]?.bool != true {
            names.append(rule)
            let several = reason["spans"]?.elements ?? reason["span"].map { [$0] } ?? []
            for span in several {
                let ends = span.elements?.compactMap(\.integer) ?? []
                if ends.count == 2, ends[0] < ends[1], ends[0] >= 0 { spans.append(Int(ends[0])..<Int(ends[1])) }
            }
        }
        if let label = reason["classifier"]?.string {
            names.append("classifier:\(label)")
            labels.append((label, reason["probability"]?.number ?? 0))
        }
    }
}
