import Activity
import Community
import LyceumProtocol

/// Turns the record's events and notes into the events that the tracker counts.
///
/// The one place that says what counts as what. The live stream, catching up after a start and a rebuild all go
/// through it, so the three give the same state.
struct ActivityMapping {
    /// A tracker's event, and the tag under which the archive finds it when it is taken back.
    struct Mapped {
        let event: ActivityEvent
        var tag: String?
    }

    let archive: any ActivityArchive
    /// For what an event does not say itself: questions, and texts that have been changed since.
    let store: any CommunityStore
    let server: CommunityView

    /// What the mapping asks of the community.
    struct CommunityView: Sendable {
        let kind: @Sendable (RoomID) -> Room.Kind?
        /// The members whom a text named when it was written.
        let mentions: @Sendable (String, UnixMilliseconds) -> [MemberID]
    }

    /// Room events count at this many times their `seq`; between two of them is place for what has none of its own,
    /// reads and follows. Threads keep the `seq` of their root.
    static let stride: SequenceNumber = 1 << 20

    static func number(of seq: SequenceNumber) -> SequenceNumber { seq * stride }

    /// - Returns: `nil` for events that say nothing of anybody's activity.
    func map(_ event: RoomEvent) throws -> Mapped? {
        guard let audience = audience(of: event.room) else { return nil }
        let fields = try Fields(event)
        func make(_ kind: ActivityEvent.Kind, by member: MemberID? = nil, tag: String? = nil) -> Mapped {
            let event = ActivityEvent(
                seq: Self.number(of: event.seq), at: event.at, member: member ?? event.author, room: event.room,
                audience: audience, kind: kind)
            return Mapped(event: event, tag: tag)
        }
        switch event.kind {
        case .messagePosted:
            return make(.post(try post(event, fields)))
        case .messageEdited:
            guard let message = fields.message else { return nil }
            let (text, mentions) = try edited(message, by: event, fields)
            return make(.edit(of: Self.number(of: message), text: text, mentions: mentions))
        case .messageDeleted:
            return fields.message.map { make(.deletion(of: Self.number(of: $0))) }
        case .reactionAdded:
            guard let message = fields.message, let target = target(message, in: event.room) else { return nil }
            return make(.reaction(target), tag: Self.reactionTag(message, fields.emoji))
        case .reactionRemoved:
            let tag = Self.reactionTag(fields.message ?? 0, fields.emoji)
            let added = archive.newest(tagged: tag, by: event.author, in: event.room)
            return added.map { make(.deletion(of: $0)) }
        case .memberJoined:
            return make(.join, by: fields.member)
        case .memberLeft:
            return make(.leave, by: fields.member)
        case .roomCreated, .roomUpdated, .memberRenamed, .messagePinned, .messageUnpinned, .qaOpened, .qaUpdated,
            .qaClosed, .questionTally:
            return nil
        case .threadUpdated:
            // Closing a thread tells its title as well, which then changes nothing.
            guard let thread = fields.thread else { return nil }
            return make(.title(of: Self.number(of: thread), fields.title.isEmpty ? nil : fields.title))
        case .questionAsked, .questionUpdated:
            return try store.read({ try QuestionActivity(event, $0) }).flatMap { activity in
                let kind: ActivityEvent.Kind
                switch activity.step {
                case .told(let post): kind = .post(post)
                case .accepted(let answer, let author):
                    let target = ActivityEvent.Target(
                        seq: Self.number(of: answer), thread: activity.question, author: author)
                    kind = .accepted(target)
                case .gone:
                    let tag = Self.questionTag(activity.question)
                    let told = archive.newest(tagged: tag, by: activity.member, in: event.room)
                    guard let told else { return nil }
                    kind = .deletion(of: told)
                }
                let tag = activity.isQuestion ? Self.questionTag(activity.question) : nil
                return make(kind, by: activity.member, tag: tag)
            }
        case .pollOpened, .pollTally, .pollClosed, .pollDeleted:
            return nil
        case .messageRestored:
            return fields.message.map { make(.restoration(of: Self.number(of: $0))) }
        }
    }

    /// - Parameter last: The newest number that the tracker has taken from the room.
    /// - Returns: `nil` for notes that are no activity, and for more of them between two events than there are numbers.
    func map(_ note: ActivityNote, after last: SequenceNumber) -> Mapped? {
        guard let room = note.room, let audience = audience(of: room), (last + 1) % Self.stride != 0 else { return nil }
        let kind: ActivityEvent.Kind
        var tag: String?
        switch note.kind {
        case .read: kind = .read(thread: note.thread)
        case .followed:
            kind = .follow(thread: note.thread)
            tag = Self.followTag(note.thread)
        case .unfollowed:
            guard let followed = archive.newest(tagged: Self.followTag(note.thread), by: note.member, in: room) else {
                return nil
            }
            kind = .deletion(of: followed)
        case .voted:
            guard let question = note.thread, let target = questionTarget(question, in: room) else { return nil }
            kind = .vote(target, value: note.detail == "-1" ? -1 : 1)
            tag = Self.voteTag(question)
        case .unvoted:
            guard let question = note.thread,
                let vote = archive.newest(tagged: Self.voteTag(question), by: note.member, in: room)
            else { return nil }
            kind = .deletion(of: vote)
        case .counted, .uncounted, .erased, .banned, .pardoned, .dismissed, .feedback: return nil
        }
        let event = ActivityEvent(
            seq: last + 1, at: note.at, member: note.member, room: room, audience: audience, kind: kind)
        return Mapped(event: event, tag: tag)
    }

    private static func reactionTag(_ message: SequenceNumber, _ emoji: String) -> String { "\(emoji) \(message)" }
    private static func questionTag(_ question: SequenceNumber) -> String { "question \(question)" }
    private static func voteTag(_ question: SequenceNumber) -> String { "vote \(question)" }

    /// A question that was told with its author's name; anonymous ones never come this far.
    private func questionTarget(_ seq: SequenceNumber, in room: RoomID) -> ActivityEvent.Target? {
        guard let question = try? store.read({ try $0.question(seq, in: room) }), !question.isAnonymous,
            let told = archive.newest(tagged: Self.questionTag(seq), by: question.author, in: room)
        else { return nil }
        return ActivityEvent.Target(seq: told, thread: seq, author: question.author)
    }

    private static func followTag(_ thread: SequenceNumber?) -> String { "follow \(thread ?? 0)" }

    private func audience(of room: RoomID) -> Audience? {
        switch server.kind(room) {
        case .public: .everyone
        case .private: .room
        case .direct: .direct
        case nil: nil
        }
    }

    private func target(_ message: SequenceNumber, in room: RoomID) -> ActivityEvent.Target? {
        guard let original = archive.event(Self.number(of: message), of: room), let thread = original.thread else {
            return nil
        }
        return ActivityEvent.Target(seq: original.seq, thread: thread, author: original.member)
    }

    // MARK: Texts

    /// A message outside threads begins one, unless it replies to another; asking makes it a question.
    private func post(_ event: RoomEvent, _ fields: Fields) throws -> ActivityEvent.Post {
        let replied = fields.replyTo.flatMap { archive.event(Self.number(of: $0), of: event.room) }
        let thread = fields.thread ?? replied?.thread ?? event.seq
        var (text, mentions) = (fields.text, fields.mentions)
        if fields.isChanged, let original = try revisions(of: event.seq, in: event.room).first {
            text = original.text
            mentions = server.mentions(text, event.at)
        }
        return ActivityEvent.Post(
            form: thread == event.seq && Self.asks(text) ? .question : .message, thread: thread, text: text,
            mentions: mentions, replyTo: replied?.member)
    }

    /// What an edit put in place. The record keeps the newest text only with its message, and what stood before the
    /// later edits with those.
    private func edited(
        _ message: SequenceNumber, by edit: RoomEvent, _ fields: Fields
    ) throws -> (String, [MemberID]) {
        guard fields.isSuperseded else { return (fields.text, fields.mentions) }
        let later = try revisions(of: message, in: edit.room).first { $0.replacedBy > edit.seq }
        let text = later?.text ?? ""
        return (text, server.mentions(text, edit.at))
    }

    /// What stood there before: a later snapshot has the same, and perhaps more after it.
    private func revisions(of message: SequenceNumber, in room: RoomID) throws -> [Revision] {
        try store.read { try $0.revisions(of: message, in: room) }
    }

    private static func asks(_ text: String) -> Bool {
        text.unicodeScalars.last { !$0.properties.isWhitespace }.map { $0 == "?" || $0 == "？" } ?? false
    }

    /// What the mapping reads of an event's body.
    private struct Fields {
        var text = ""
        var title = ""
        var emoji = ""
        var thread, replyTo, message: SequenceNumber?
        var member: MemberID?
        var mentions: [MemberID] = []
        /// Edited or deleted since.
        var isChanged = false
        var isSuperseded = false

        init(_ event: RoomEvent) throws {
            try event.body.withUnsafeBytes { bytes in
                let json = try JSONObject(parsing: bytes)
                text = json["text"]?.string ?? ""
                title = json["title"]?.string ?? ""
                emoji = json["emoji"]?.string ?? ""
                thread = json["thread"]?.integer
                replyTo = json["reply_to"]?.integer
                message = json["message"]?.integer
                mentions = json["mentions"]?.elements?.compactMap { $0.integer.map { MemberID($0) } } ?? []
                isChanged = json["edited_at"] != nil || json["deleted"]?.bool == true
                isSuperseded = json["superseded"]?.bool == true
                let member = json["member"]
                let id = member?.integer ?? member.flatMap { try? JSONObject($0) }?["id"]?.integer
                self.member = id.map { MemberID($0) }
            }
        }
    }
}
