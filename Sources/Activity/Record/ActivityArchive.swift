import LyceumProtocol

/// Where the events that the tracker has taken are kept, filed by thread and by member, so that any of them can be
/// forgotten. It is derived from the record and rebuilt from it where it is lost.
public protocol ActivityArchive: ActivityHistory {
    /// Files an event that came with the entry `log` of the log of activity.
    ///
    /// - Parameter tag: What finds it again (``newest(tagged:by:in:)``).
    func append(_ event: ActivityEvent, log: Int64, tag: String?)
    /// The newest event of `member` in `room` under `tag` that has not been deleted.
    func newest(tagged tag: String, by member: MemberID, in room: RoomID) -> SequenceNumber?
    /// Removes what `member` did, and their name from what others did.
    func redact(_ member: MemberID)
    /// The last entry of the log whose events are here.
    var position: Int64 { get }
    /// Removes the events of the entries after `log`.
    func truncate(after log: Int64)
    /// Brings what was appended to the disk.
    ///
    /// - Throws: What went wrong since the last call; the archive must then be rebuilt.
    func flush(at log: Int64) throws

    /// A state as ``keep(_:)`` kept it; `nil` if there is none.
    func keptState() -> [UInt8]?
    func keep(_ state: [UInt8]) throws
}

extension ActivityHistory {
    /// Under which thread and which members `event` is filed, so that forgetting finds it: what changes an earlier event
    /// lies with that, and with whoever reacted to it.
    public func filing(of event: ActivityEvent) -> (thread: SequenceNumber?, members: Set<MemberID>) {
        var members = Set(event.named + [event.member])
        guard let changed = event.changed else { return (event.thread, members) }
        guard let original = self.event(changed, of: event.room) else { return (nil, members) }
        members.formUnion(original.named + [original.member])
        if let thread = original.thread {
            for other in events(inThread: thread, of: event.room) where other.target == changed {
                members.formUnion(other.named + [other.member])
            }
        }
        return (original.thread, members)
    }
}

extension ActivityEvent {
    /// This event without `member`; `nil` if nothing is left of it.
    public func redacted(of member: MemberID) -> ActivityEvent? {
        guard self.member != member else { return nil }
        var event = self
        switch kind {
        case .post(var post):
            post.mentions.removeAll { $0 == member }
            if post.replyTo == member { post.replyTo = nil }
            event.kind = .post(post)
        case .edit(let seq, let text, let mentions):
            event.kind = .edit(of: seq, text: text, mentions: mentions.filter { $0 != member })
        case .reaction(let target), .vote(let target, _), .accepted(let target):
            if target.author == member { return nil }
        case .follow, .read, .join, .leave, .deletion, .restoration, .title: break
        }
        return event
    }
}

/// What keeps the tracker's archive.
public protocol ActivityArchiving: Sendable {
    /// The community's own archive; one at a time.
    func openArchive() throws -> any ActivityArchive
    /// An empty one in a folder that is thrown away, for deriving everything a second time.
    func openScratchArchive(in folder: String) throws -> any ActivityArchive
}
