import LyceumProtocol

/// The place of an event in the record.
struct EventName: Hashable, Sendable, Comparable {
    let room: RoomID
    let seq: SequenceNumber

    init(room: RoomID, seq: SequenceNumber) {
        self.room = room
        self.seq = seq
    }

    init(_ event: ActivityEvent) { self.init(room: event.room, seq: event.seq) }

    static func < (a: Self, b: Self) -> Bool { a.room != b.room ? a.room < b.room : a.seq < b.seq }
}

/// What is left of recorded events once the deletions, edits and leavings among them are carried out.
struct LiveEvents {
    /// Aligned with what was taken: `nil` where an event is gone or only changed another.
    private(set) var events: [ActivityEvent?] = []
    private var positions: [EventName: Int] = [:]
    /// Deleted, whether or not they were among those taken: nothing about them counts.
    private var gone: Set<EventName> = []

    init(_ recorded: [ActivityEvent], skipping: Set<EventName>) {
        for event in recorded where !skipping.contains(EventName(event)) { take(event) }
    }

    mutating func take(_ event: ActivityEvent) {
        var kept: ActivityEvent?
        switch event.kind {
        case .deletion(let seq): delete(EventName(room: event.room, seq: seq))
        case .edit(let seq, let text, let mentions): edit(EventName(room: event.room, seq: seq), text, mentions)
        case .leave: leave(event)
        default:
            let targetIsGone = event.target.map { gone.contains(EventName(room: event.room, seq: $0)) } ?? false
            if !targetIsGone { kept = event }
        }
        positions[EventName(event)] = events.count
        events.append(kept)
    }

    private mutating func delete(_ name: EventName) {
        gone.insert(name)
        if let position = positions[name] { events[position] = nil }
        for index in events.indices where events[index]?.target == name.seq && events[index]?.room == name.room {
            events[index] = nil
        }
    }

    private mutating func edit(_ name: EventName, _ text: String, _ mentions: [MemberID]) {
        guard let position = positions[name], var event = events[position], case .post(var post) = event.kind else {
            return
        }
        post.text = text
        post.mentions = mentions
        event.kind = .post(post)
        events[position] = event
    }

    /// Joining and following a room end with leaving it; what was written there stays.
    private mutating func leave(_ leaving: ActivityEvent) {
        for index in events.indices {
            guard let event = events[index], event.member == leaving.member, event.room == leaving.room,
                event.thread == nil
            else { continue }
            events[index] = nil
        }
    }
}
