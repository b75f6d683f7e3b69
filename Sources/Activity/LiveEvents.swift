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
    /// What each deletion took, where it stood.
    private var taken: [EventName: [(position: Int, event: ActivityEvent)]] = [:]

    init(_ recorded: [ActivityEvent], skipping: Set<EventName>) {
        for event in recorded where !skipping.contains(EventName(event)) { take(event) }
    }

    mutating func take(_ event: ActivityEvent) {
        var kept: ActivityEvent?
        switch event.kind {
        case .deletion(let seq): delete(EventName(room: event.room, seq: seq))
        case .restoration(let seq): restore(EventName(room: event.room, seq: seq))
        case .edit(let seq, let text, let mentions):
            change(EventName(room: event.room, seq: seq)) {
                $0.text = text
                $0.mentions = mentions
            }
        case .title(let seq, let title): change(EventName(room: event.room, seq: seq)) { $0.title = title }
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
        if let position = positions[name] { take(position, of: name) }
        for index in events.indices where events[index]?.target == name.seq && events[index]?.room == name.room {
            take(index, of: name)
        }
    }

    private mutating func take(_ position: Int, of name: EventName) {
        guard let event = events[position] else { return }
        events[position] = nil
        taken[name, default: []].append((position, event))
    }

    /// What has been deleted by itself in the meantime stays away.
    private mutating func restore(_ name: EventName) {
        gone.remove(name)
        for (position, event) in taken.removeValue(forKey: name) ?? [] where !gone.contains(EventName(event)) {
            events[position] = event
        }
    }

    private mutating func change(_ name: EventName, _ body: (inout ActivityEvent.Post) -> Void) {
        guard let position = positions[name], var event = events[position], case .post(var post) = event.kind else {
            return
        }
        body(&post)
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
