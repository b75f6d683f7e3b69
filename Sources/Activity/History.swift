import LyceumProtocol

/// The stored record, asked only when something is forgotten or counted again.
///
/// Both functions return events as they were recorded, in log order, with the deletions and edits that concern them, up
/// to but not including the event being ingested. What is to be forgotten must still be there: redact the record after
/// the tracker has forgotten it.
public protocol ActivityHistory {
    /// Every event of a thread (``ActivityEvent/thread``), and deletions and edits of them.
    func events(inThread root: SequenceNumber, of room: RoomID) -> [ActivityEvent]
    /// Every event by `member` or naming them (``ActivityEvent/named``), and deletions and edits of them.
    func events(concerning member: MemberID) -> [ActivityEvent]
}

/// A record held in memory: for tools and tests, and for a community small enough.
public struct RecordedHistory: ActivityHistory, Sendable {
    private struct ThreadKey: Hashable, Sendable {
        let room: RoomID
        let root: SequenceNumber
    }
    private struct EventKey: Hashable, Sendable {
        let room: RoomID
        let seq: SequenceNumber
    }

    private var events: [ActivityEvent] = []
    private var byThread: [ThreadKey: [Int]] = [:]
    private var byMember: [MemberID: [Int]] = [:]
    private var byName: [EventKey: Int] = [:]

    public init() {}

    public mutating func append(_ event: ActivityEvent) {
        let position = events.count
        events.append(event)
        byName[EventKey(room: event.room, seq: event.seq)] = position
        var members = Set(event.named + [event.member])
        var thread = event.thread
        switch event.kind {
        case .deletion(let seq), .edit(let seq, _, _):
            guard let original = byName[EventKey(room: event.room, seq: seq)].map({ events[$0] }) else { break }
            members.formUnion(original.named + [original.member])
            thread = original.thread
            if let thread {
                // Whoever reacted to what is deleted is concerned as well.
                for index in byThread[ThreadKey(room: event.room, root: thread)] ?? []
                where events[index].target == seq { members.formUnion(events[index].named + [events[index].member]) }
            }
        default: break
        }
        for member in members { byMember[member, default: []].append(position) }
        if let thread { byThread[ThreadKey(room: event.room, root: thread), default: []].append(position) }
    }

    public func events(inThread root: SequenceNumber, of room: RoomID) -> [ActivityEvent] {
        (byThread[ThreadKey(room: room, root: root)] ?? []).map { events[$0] }
    }

    public func events(concerning member: MemberID) -> [ActivityEvent] {
        (byMember[member] ?? []).map { events[$0] }
    }
}

/// What is left of recorded events once their deletions and edits are carried out.
struct LiveEvents {
    struct Name: Hashable, Sendable, Comparable {
        let room: RoomID
        let seq: SequenceNumber
        static func < (a: Name, b: Name) -> Bool { a.room != b.room ? a.room < b.room : a.seq < b.seq }
    }

    /// Aligned with the record: `nil` where an event is gone or was only a deletion or an edit.
    private(set) var events: [ActivityEvent?] = []
    private var positions: [Name: Int] = [:]

    init(_ recorded: [ActivityEvent], skipping: Set<Name> = []) {
        for event in recorded where !skipping.contains(Name(room: event.room, seq: event.seq)) { take(event) }
    }

    mutating func take(_ event: ActivityEvent) {
        switch event.kind {
        case .deletion(let seq): delete(Name(room: event.room, seq: seq))
        case .edit(let seq, let text, let mentions): edit(Name(room: event.room, seq: seq), text, mentions)
        default:
            positions[Name(room: event.room, seq: event.seq)] = events.count
            // An event about what is gone already never counted.
            let targetIsGone = event.target.map { isGone(Name(room: event.room, seq: $0)) } ?? false
            events.append(targetIsGone ? nil : event)
        }
    }

    private func isGone(_ name: Name) -> Bool { positions[name].map { events[$0] == nil } ?? false }

    private mutating func delete(_ name: Name) {
        guard let position = positions[name] else { return }
        events[position] = nil
        for index in events.indices where events[index]?.target == name.seq && events[index]?.room == name.room {
            events[index] = nil
        }
    }

    private mutating func edit(_ name: Name, _ text: String, _ mentions: [MemberID]) {
        guard let position = positions[name], var event = events[position], case .post(var post) = event.kind else { return }
        post.text = text
        post.mentions = mentions
        event.kind = .post(post)
        events[position] = event
    }

    func event(_ name: Name) -> ActivityEvent? { positions[name].flatMap { events[$0] } }
    var live: [ActivityEvent] { events.compactMap { $0 } }
}
