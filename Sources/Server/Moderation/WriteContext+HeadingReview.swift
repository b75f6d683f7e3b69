import Community
import LyceumProtocol
import Moderation

/// Polls, titles, topics and names in the review queue: they cannot wait, so they come into it once they stand.
extension WriteContext {
    /// Where a poll, title, topic or name stands.
    struct Heading {
        let subject: ReviewItem.Subject
        let text: String
        /// `nil` for the name of a member.
        var room: RoomID?
        /// Whose it is, or who gave it.
        let member: MemberID
        /// The poll, or the event that told the text.
        var seq: SequenceNumber?
        /// The thread that a title is of; `nil` for that of a room.
        var thread: SequenceNumber?
        /// What stands there, if the stage masked parts of the text.
        var shown: String?
    }

    /// Puts what stands now, and is not beyond all doubt, into the queue.
    func noteForReview(_ judged: Judged, _ heading: Heading) throws {
        guard let kind = reviewKind(of: judged) else { return }
        // A masked poll cannot be unmasked under those who have voted: moderators may let it stand or take it away.
        let isSettled = kind == .redact && heading.subject != .poll
        var item = ReviewItem(
            id: try transaction.makeReviewItemID(), kind: kind == .redact && !isSettled ? .flag : kind,
            room: heading.room, member: heading.member, seq: heading.seq, text: heading.text, createdAt: now)
        (item.subject, item.thread) = (heading.subject, heading.thread)
        if isSettled {
            item.state = .decided
            item.decision = .init(
                action: .redact, by: MemberID(0), at: now, reason: rejection(of: judged.verdict).message)
            var undo = UndoRecord()
            (undo.body, undo.replacement) = (heading.text, heading.shown)
            item.undo = undo.encoded
        }
        try add(&item, judged)
    }

    // MARK: Decisions

    func carryOutOnHeading(_ order: DecisionOrder, on item: ReviewItem, _ undo: inout UndoRecord) throws {
        if order.action == .approve { return }
        if item.subject == .poll {
            guard let room = item.room, let seq = item.seq, let poll = try transaction.poll(seq, in: room) else {
                return
            }
            _ = try delete(poll, by: actor.member ?? MemberID(0))
            return
        }
        // What has been changed since is another text, and was judged as such.
        guard let current = try current(item), current == item.text else { return }
        let isMask = order.action == .redact && item.subject != .name
        let replacement = isMask ? mask(item, order) : try substitute(for: item)
        (undo.body, undo.replacement) = (current, replacement)
        try set(item, to: replacement)
        try retell(item, as: replacement)
    }

    /// Puts back what stood there, unless it has been changed since. The votes of a poll are gone, so that stays away.
    /// From then on it is the newer event that tells the text.
    func restoreHeading(_ item: inout ReviewItem, _ record: UndoRecord) throws {
        guard let body = record.body, try current(item) == record.replacement else { return }
        if item.subject == .name, item.room == nil, community.member(named: body) != nil { return }
        if let told = try set(item, to: body) { item.seq = told.seq }
    }

    // MARK: What stands there

    private func current(_ item: ReviewItem) throws -> String? {
        guard let roomID = item.room else { return community.members[item.member]?.name }
        if let thread = item.thread { return try transaction.thread(thread, in: roomID)?.title }
        let room = community.rooms[roomID]
        switch item.subject {
        case .title: return room?.title
        case .topic: return room?.topic
        case .name: return room?.name
        case .message, .question, .answer, .poll: return nil
        }
    }

    /// What a text that is taken away leaves.
    private func substitute(for item: ReviewItem) throws -> String {
        switch (item.subject, item.room, item.thread) {
        case (.name, nil, _): return freeName("member-\(item.member.rawValue)") { community.member(named: $0) != nil }
        case (.name, let room?, _):
            return freeName("room-\(room.rawValue)") { community.publicRoom(named: $0) != nil }
        // A title that says the same as the name goes with the name.
        case (.title, let room?, nil): return community.rooms[room].map { $0.name == item.text ? "" : $0.name } ?? ""
        default: return ""
        }
    }

    private func freeName(_ name: String, isTaken: (String) -> Bool) -> String {
        var (free, number) = (name, 2)
        while isTaken(free) {
            free = "\(name)-\(number)"
            number += 1
        }
        return free
    }

    /// - Returns: The event of the room that tells it; renaming a member has one in each of their rooms.
    @discardableResult
    private func set(_ item: ReviewItem, to text: String) throws -> RoomEvent? {
        let moderator = actor.member ?? MemberID(0)
        guard let roomID = item.room else {
            try rename(item.member, to: text, by: moderator)
            return nil
        }
        if let thread = item.thread {
            var record = try existingThread(thread, in: roomID)
            record.title = text
            try transaction.put(record)
            return try append(.threadUpdated, in: roomID, by: moderator) { json in
                json.field("thread", thread)
                json.field("title", text)
                json.field("closed", record.isClosed)
            }
        }
        guard let before = community.rooms[roomID] else { return nil }
        var room = before
        switch item.subject {
        case .title: room.title = text
        case .topic: room.topic = text
        case .name:
            // A title that only says the name again goes with it.
            if room.title == room.name { room.title = text }
            room.name = text
        case .message, .question, .answer, .poll: return nil
        }
        try apply(.room(room))
        return try append(.roomUpdated, in: roomID, by: moderator) { json in
            if room.name != before.name { json.field("name", room.name) }
            if room.title != before.title { json.field("title", room.title) }
            if room.topic != before.topic { json.field("topic", room.topic) }
        }
    }

    /// Changes the events that told the text, so that no replay tells it.
    private func retell(_ item: ReviewItem, as text: String) throws {
        guard let field = item.subject.field else { return }
        // A title that only says the name again goes with it.
        let fields = item.subject == .name ? [field, "title"] : [field]
        for event in try tellers(of: item) {
            let body = try event.body.withUnsafeBytes { bytes in
                Self.replacing(item.text, with: text, in: try JSONObject(parsing: bytes), fields)
            }
            if body != event.body { try transaction.rewrite(event.seq, in: event.room, body: body) }
        }
    }

    /// The events that may have told what an item is about.
    private func tellers(of item: ReviewItem) throws -> [RoomEvent] {
        guard let room = item.room else { return try transaction.events(naming: item.member) }
        if let thread = item.thread {
            // Closing a thread tells its title again.
            return try transaction.titlingEvents(in: room).filter { event in
                try event.body.withUnsafeBytes { try JSONObject(parsing: $0)["thread"]?.integer } == thread
            }
        }
        return try item.seq.flatMap { try transaction.event($0, in: room) }.map { [$0] } ?? []
    }

    /// An event's body with a text replaced in the fields that tell it, those of its member included.
    private static func replacing(
        _ old: String, with new: String, in event: JSONObject, _ fields: [String]
    ) -> [UInt8] {
        object { json in
            for key in event.keys {
                guard let value = event[dynamic: key] else { continue }
                json.name(dynamic: key)
                if fields.contains(key), value.string == old {
                    json.value(new)
                } else if key == "member", let member = try? JSONObject(value) {
                    json.raw(replacing(old, with: new, in: member, fields))
                } else {
                    json.raw(value.rawBytes)
                }
            }
        }
    }

    /// Gives a member another name, and tells it wherever they are.
    private func rename(_ id: MemberID, to name: String, by moderator: MemberID) throws {
        guard var member = community.members[id] else { return }
        member.name = name
        try apply(.member(member))
        for room in community.roomIDs(of: id).sorted(by: { $0.rawValue < $1.rawValue }) {
            let role = community.membership(of: id, in: room)?.role ?? member.role
            try append(.memberRenamed, in: room, by: moderator) { json in
                json.field(
                    "member",
                    object: { json in
                        json.field("id", id.rawValue)
                        json.field("name", name)
                        json.field("role", role.rawValue)
                    })
            }
        }
    }
}

extension ReviewItem.Subject {
    /// The field of a room's events that tells it.
    fileprivate var field: String? {
        switch self {
        case .title: "title"
        case .topic: "topic"
        case .name: "name"
        case .message, .question, .answer, .poll: nil
        }
    }

    /// Whether it stands over or names something else, and is no contribution of its own.
    var isHeading: Bool {
        switch self {
        case .poll, .title, .topic, .name: true
        case .message, .question, .answer: false
        }
    }
}
