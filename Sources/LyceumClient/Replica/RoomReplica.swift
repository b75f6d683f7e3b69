import LyceumProtocol

/// A copy of a room that its events keep up to date.
///
/// Pure: the same events give the same replica, however often the connection broke between them. What has been applied
/// already is ignored, and what would leave a hole is refused, so a replica is never wrong, only behind.
public struct RoomReplica: Sendable, Hashable {
    public struct Message: Sendable, Hashable {
        public let seq: SequenceNumber
        public let at: UnixMilliseconds
        public let by: MemberID
        /// Empty once deleted.
        public internal(set) var text: String
        public let thread: SequenceNumber?
        public let replyTo: SequenceNumber?
        public internal(set) var mentions: Set<MemberID>
        public internal(set) var mentionsRoom: Bool
        public internal(set) var editedAt: UnixMilliseconds?
        public internal(set) var isDeleted = false
        public internal(set) var reactions: [String: Set<MemberID>] = [:]
        public internal(set) var isPinned = false
    }

    public struct Thread: Sendable, Hashable {
        public internal(set) var title = ""
        public internal(set) var isClosed = false
        public internal(set) var replies: Int64 = 0
        /// The newest reply, or the root while there is none.
        public internal(set) var lastSeq: SequenceNumber
    }

    public enum Outcome: Sendable, Hashable {
        case applied
        /// Seen before.
        case ignored
        /// Events between ``seq`` and this one are missing; nothing was changed.
        case missesEarlier
    }

    public let id: RoomID
    public private(set) var seq: SequenceNumber = 0
    public internal(set) var fields = RoomSnapshot.Fields()
    public internal(set) var members: [MemberID: RoomMember] = [:]
    public internal(set) var messages: [SequenceNumber: Message] = [:]
    /// By the root's number; a thread is there from its first reply or title on.
    public internal(set) var threads: [SequenceNumber: Thread] = [:]

    /// The room before its first event.
    public init(id: RoomID) { self.id = id }

    /// - Throws: ``JSONError`` if the event lacks what the contract promises.
    @discardableResult
    public mutating func apply(_ event: Event) throws -> Outcome {
        guard event.stream == .room(id), let number = event.seq, number > seq else { return .ignored }
        guard number == seq + 1 else { return .missesEarlier }
        var next = self
        try event.json.read { object in try next.change(event.name, number, object, event.json) }
        next.seq = number
        self = next
        return .applied
    }

    /// What `viewer` would get by asking for everything.
    public func snapshot(for viewer: MemberID) -> RoomSnapshot {
        RoomSnapshot(
            fields: fields, members: members,
            messages: messages.mapValues { message in
                var folded = RoomSnapshot.Message(
                    seq: message.seq, at: message.at, by: message.by, text: message.text, thread: message.thread,
                    replyTo: message.replyTo, mentions: message.mentions, mentionsRoom: message.mentionsRoom,
                    editedAt: message.editedAt, isDeleted: message.isDeleted, isPinned: message.isPinned)
                folded.reactions = message.reactions.mapValues { members in
                    RoomSnapshot.Reaction(count: Int64(members.count), isMine: members.contains(viewer))
                }
                folded.replies = threads[message.seq].flatMap { thread in
                    if thread.replies == 0, thread.title.isEmpty, !thread.isClosed { return nil }
                    return RoomSnapshot.Replies(
                        count: thread.replies, lastSeq: thread.lastSeq, title: thread.title, isClosed: thread.isClosed)
                }
                return folded
            })
    }
}

/// What each event does.
extension RoomReplica {
    private mutating func change(
        _ name: String, _ number: SequenceNumber, _ event: JSONObject, _ json: JSONText
    ) throws {
        switch name {
        case "room.created", "room.updated": updateFields(event)
        case "member.joined", "member.renamed":
            let member = try RoomMember(json.object("member") ?? json)
            members[member.id] = member
        case "member.left": members[try event.member("member")] = nil
        case "message.posted": try post(number, event)
        case "message.edited": try edit(event)
        case "message.restored": try restore(event)
        case "message.deleted": try changeMessage(event) { $0.delete() }
        case "reaction.added": try react(event) { $0.insert($1) }
        case "reaction.removed": try react(event) { $0.remove($1) }
        case "message.pinned": try changeMessage(event) { $0.isPinned = true }
        case "message.unpinned": try changeMessage(event) { $0.isPinned = false }
        case "thread.updated": try updateThread(event)
        // Later servers may say more; what a client does not know changes nothing it shows.
        default: break
        }
    }

    private mutating func updateFields(_ event: JSONObject) {
        if let name = event["name"]?.string { fields.name = name }
        if let title = event["title"]?.string { fields.title = title }
        if let kind = event["kind"]?.string { fields.kind = kind }
        if let topic = event["topic"]?.string { fields.topic = topic }
        if let seconds = event["slow_mode_s"]?.integer { fields.slowModeSeconds = seconds }
        if let flag = event["members_only_post"]?.bool { fields.isAnnouncement = flag }
        if let flag = event["archived"]?.bool { fields.isArchived = flag }
    }

    private mutating func post(_ number: SequenceNumber, _ event: JSONObject) throws {
        let thread = event["thread"]?.integer
        var message = Message(
            seq: number, at: try event.integer("at"), by: try event.member("by"), text: event["text"]?.string ?? "",
            thread: thread, replyTo: event["reply_to"]?.integer, mentions: Self.mentions(of: event),
            mentionsRoom: event["mentions_room"]?.bool ?? false, editedAt: event["edited_at"]?.integer)
        // History rewrites a deleted message's first event, so a replica that comes late never sees its text.
        message.isDeleted = event["deleted"]?.bool ?? false
        messages[number] = message
        if let thread {
            threads[thread, default: Thread(lastSeq: thread)].replies += 1
            threads[thread]?.lastSeq = number
        }
    }

    /// A moderator has taken a removal or a change back: the message is as it was before.
    private mutating func restore(_ event: JSONObject) throws {
        let (text, editedAt) = (event["text"]?.string ?? "", event["edited_at"]?.integer)
        let (mentions, mentionsRoom) = (Self.mentions(of: event), event["mentions_room"]?.bool ?? false)
        try changeMessage(event) { message in
            message.text = text
            message.editedAt = editedAt
            message.mentions = mentions
            message.mentionsRoom = mentionsRoom
            message.isDeleted = false
        }
    }

    /// An edit that a later one replaced comes without its text; the one that counts follows.
    private mutating func edit(_ event: JSONObject) throws {
        if event["superseded"]?.bool == true { return }
        let (text, at) = (event["text"]?.string ?? "", try event.integer("at"))
        try changeMessage(event) { message in
            guard !message.isDeleted else { return }
            message.text = text
            message.editedAt = at
            message.mentions = Self.mentions(of: event)
            message.mentionsRoom = event["mentions_room"]?.bool ?? false
        }
    }

    private static func mentions(of event: JSONObject) -> Set<MemberID> {
        Set(event["mentions"]?.elements?.compactMap { $0.integer.map { MemberID($0) } } ?? [])
    }

    private mutating func react(_ event: JSONObject, _ change: (inout Set<MemberID>, MemberID) -> Void) throws {
        let (emoji, member) = (try event.string("emoji"), try event.member("by"))
        try changeMessage(event) { message in
            var members = message.reactions[emoji] ?? []
            change(&members, member)
            message.reactions[emoji] = members.isEmpty ? nil : members
        }
    }

    private mutating func updateThread(_ event: JSONObject) throws {
        let root = try event.integer("thread")
        if let title = event["title"]?.string { threads[root, default: Thread(lastSeq: root)].title = title }
        if let closed = event["closed"]?.bool { threads[root, default: Thread(lastSeq: root)].isClosed = closed }
    }

    private mutating func changeMessage(_ event: JSONObject, _ change: (inout Message) -> Void) throws {
        let target = try event.integer("message")
        guard var message = messages[target] else { return }
        change(&message)
        messages[target] = message
    }
}

extension RoomReplica.Message {
    fileprivate mutating func delete() {
        isDeleted = true
        editedAt = nil
        text = ""
        mentions = []
        mentionsRoom = false
    }
}
