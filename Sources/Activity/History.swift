import LyceumProtocol

/// The stored record, asked only when something is forgotten or counted again.
///
/// The functions return events as they were recorded, in log order, with the deletions and edits that concern them, up
/// to but not including the event being ingested. What is to be forgotten must still be there: redact the record after
/// the tracker has forgotten it.
public protocol ActivityHistory {
    /// The event `seq` of `room` as it was recorded.
    func event(_ seq: SequenceNumber, of room: RoomID) -> ActivityEvent?
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
    private var events: [ActivityEvent] = []
    private var byThread: [ThreadKey: [Int]] = [:]
    private var byMember: [MemberID: [Int]] = [:]
    private var byName: [EventName: Int] = [:]

    public init() {}

    public mutating func append(_ event: ActivityEvent) {
        let position = events.count
        events.append(event)
        byName[EventName(room: event.room, seq: event.seq)] = position
        let (thread, members) = filing(of: event)
        for member in members { byMember[member, default: []].append(position) }
        if let thread { byThread[ThreadKey(room: event.room, root: thread), default: []].append(position) }
    }

    public func event(_ seq: SequenceNumber, of room: RoomID) -> ActivityEvent? {
        byName[EventName(room: room, seq: seq)].map { events[$0] }
    }

    public func events(inThread root: SequenceNumber, of room: RoomID) -> [ActivityEvent] {
        (byThread[ThreadKey(room: room, root: root)] ?? []).map { events[$0] }
    }

    public func events(concerning member: MemberID) -> [ActivityEvent] {
        (byMember[member] ?? []).map { events[$0] }
    }
}

/// A record that nothing is ever taken out of: for streams without deletions.
public struct NoHistory: ActivityHistory, Sendable {
    public init() {}
    public func event(_ seq: SequenceNumber, of room: RoomID) -> ActivityEvent? { nil }
    public func events(inThread root: SequenceNumber, of room: RoomID) -> [ActivityEvent] { [] }
    public func events(concerning member: MemberID) -> [ActivityEvent] { [] }
}
