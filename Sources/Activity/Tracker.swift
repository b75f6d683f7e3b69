import LyceumProtocol

/// Turns the stream of committed events into what recommendations, trends and the community view are made of.
///
/// There is one ``Engine`` for all public rooms and one for each private or direct room, and no engine reads another:
/// what happens in a room that a member cannot read cannot change what they are shown. Pure: no socket, no disk, no
/// clock; the caller owns it from one place.
public struct Tracker: Sendable {
    /// What became of an event.
    public enum Outcome: Sendable, Equatable {
        case counted
        /// Something counted earlier was taken out or changed.
        case forgotten
        /// Its sequence number, or a later one, of that room has been ingested.
        case repeated
        /// Dated more than ``tolerance`` after `now`; it will never count, so that a wrong clock does no lasting harm.
        case fromTheFuture
        /// It changes what is not on record, or brings back what is not gone.
        case unknownTarget
        /// An identifier or sequence number that no store assigns.
        case malformed
    }

    /// How far ahead of `now` an event may be dated, in milliseconds.
    public static let tolerance: Int64 = 300_000

    public let weights: EventWeights
    public private(set) var everyone: Engine
    /// Private and direct rooms.
    public private(set) var rooms: [RoomID: Engine] = [:]
    var heads: [RoomID: SequenceNumber] = [:]
    var skipped: Set<EventName> = []
    /// Deleted events, so that a late reaction to one does not count.
    var gone: Set<EventName> = []
    /// Members whose events do not count: banned, erased, opted out.
    public private(set) var excluded: Set<MemberID> = []

    public init(weights: EventWeights = .version1) {
        self.weights = weights
        everyone = Engine(audience: .everyone, weights: weights)
    }

    init(
        weights: EventWeights, everyone: Engine, rooms: [RoomID: Engine], heads: [RoomID: SequenceNumber],
        skipped: Set<EventName>, gone: Set<EventName>, excluded: Set<MemberID>
    ) {
        self.weights = weights
        self.everyone = everyone
        self.rooms = rooms
        self.heads = heads
        self.skipped = skipped
        self.gone = gone
        self.excluded = excluded
    }

    /// The newest sequence number taken from each room: a stored snapshot is carried on from the events after these.
    public var positions: [RoomID: SequenceNumber] { heads }

    /// Takes the next event of a room.
    ///
    /// - Parameters:
    ///   - now: The caller's clock.
    ///   - history: Asked only by leavings and by what changes an earlier event.
    /// - Complexity: A few microseconds; forgetting costs as much as the events of the thread and of its author.
    @discardableResult
    public mutating func ingest(
        _ event: ActivityEvent, now: UnixMilliseconds, history: some ActivityHistory
    ) -> Outcome {
        guard event.seq > 0, event.room.rawValue > 0, event.member.rawValue > 0, event.thread ?? 1 > 0 else {
            return .malformed
        }
        guard event.seq > heads[event.room] ?? 0 else { return .repeated }
        heads[event.room] = event.seq
        guard event.at <= now + Self.tolerance else {
            skipped.insert(EventName(event))
            return .fromTheFuture
        }
        switch event.kind {
        case .deletion(let seq):
            gone.insert(EventName(room: event.room, seq: seq))
            return change(event, seq, history)
        case .restoration(let seq):
            guard gone.remove(EventName(room: event.room, seq: seq)) != nil else { return .unknownTarget }
            return change(event, seq, history)
        case .edit(let seq, _, _), .title(let seq, _):
            return change(event, seq, history)
        case .leave:
            return leave(event, history)
        default:
            if let target = event.target, gone.contains(EventName(room: event.room, seq: target)) { return .counted }
            withEngine(of: event) { $0.count(event) }
            return .counted
        }
    }

    /// Stops counting `member`, as if nothing of theirs had ever been counted: a ban, an erasure, or their own wish.
    public mutating func exclude(_ member: MemberID, history: some ActivityHistory) {
        guard excluded.insert(member).inserted else { return }
        flip(member, isExcluded: true, history)
    }

    /// Counts `member` again, from the record.
    public mutating func include(_ member: MemberID, history: some ActivityHistory) {
        guard excluded.remove(member) != nil else { return }
        flip(member, isExcluded: false, history)
    }

    /// The engines whose rooms `canRead` lets through, the public one first, then by room.
    public func engines(where canRead: (RoomID) -> Bool) -> [Engine] {
        [everyone] + rooms.keys.sorted().filter(canRead).compactMap { rooms[$0] }
    }

    // MARK: Forgetting

    private mutating func change(
        _ event: ActivityEvent, _ seq: SequenceNumber, _ history: some ActivityHistory
    ) -> Outcome {
        guard let original = history.event(seq, of: event.room), original.audience == event.audience,
            !skipped.contains(EventName(original))
        else { return .unknownTarget }
        let recorded =
            original.thread.map { history.events(inThread: $0, of: event.room) }
            ?? history.events(concerning: original.member).filter { $0.room == event.room && $0.thread == nil }
        return replace(recorded, with: event, history)
    }

    private mutating func leave(_ event: ActivityEvent, _ history: some ActivityHistory) -> Outcome {
        let recorded = history.events(concerning: event.member).filter { $0.room == event.room }
        return replace(recorded.filter { $0.thread == nil }, with: event, history)
    }

    private mutating func replace(
        _ recorded: [ActivityEvent], with event: ActivityEvent, _ history: some ActivityHistory
    ) -> Outcome {
        let old = LiveEvents(recorded, skipping: skipped)
        var new = old
        new.take(event)
        let skipped = skipped
        withEngine(of: event) { engine in
            for member in engine.refold(old.events + [nil], new.events).sorted() {
                let concerning = Self.recorded(engine.member(member), in: engine, event.room, history)
                let before = LiveEvents(concerning, skipping: skipped)
                var after = before
                after.take(event)
                engine.renote(member, old: before.events.compactMap { $0 }, new: after.events.compactMap { $0 })
            }
        }
        return .forgotten
    }

    private mutating func flip(_ member: MemberID, isExcluded: Bool, _ history: some ActivityHistory) {
        let concerning = history.events(concerning: member)
        let skipped = skipped
        for room in [nil] + rooms.keys.sorted().map(Optional.some) {
            withEngine(room) { engine in
                let events = concerning.filter { Self.belongs($0, to: engine, room) }
                Self.flip(member, isExcluded, &engine, room, events, history, skipped)
            }
        }
    }

    private static func flip(
        _ id: MemberID, _ isExcluded: Bool, _ engine: inout Engine, _ room: RoomID?, _ events: [ActivityEvent],
        _ history: some ActivityHistory, _ skipped: Set<EventName>
    ) {
        let flip = Engine.Flip(member: engine.number(of: id), isExcluded: isExcluded)
        var touched: Set<UInt32> = [flip.member]
        let loose = LiveEvents(events.filter { $0.thread == nil }, skipping: skipped).events
        touched.formUnion(engine.refold(loose, loose, flip))
        var seen: Set<EventName> = []
        for event in events {
            var root = event.thread
            // An edit may name a member whom the post did not.
            if let changed = event.changed { root = history.event(changed, of: event.room)?.thread }
            guard let root, seen.insert(EventName(room: event.room, seq: root)).inserted else { continue }
            let thread = LiveEvents(history.events(inThread: root, of: event.room), skipping: skipped).events
            touched.formUnion(engine.refold(thread, thread, flip))
        }
        for member in touched.sorted() {
            let recorded = history.events(concerning: engine.member(member)).filter { belongs($0, to: engine, room) }
            let live = LiveEvents(recorded, skipping: skipped).events.compactMap { $0 }
            engine.renote(member, old: live, new: live)
        }
    }

    private static func recorded(
        _ member: MemberID, in engine: Engine, _ room: RoomID, _ history: some ActivityHistory
    ) -> [ActivityEvent] {
        history.events(concerning: member).filter { belongs($0, to: engine, engine.audience == .everyone ? nil : room) }
    }

    private static func belongs(_ event: ActivityEvent, to engine: Engine, _ room: RoomID?) -> Bool {
        event.audience == engine.audience && (room == nil || event.room == room)
    }

    // MARK: Engines

    private mutating func withEngine(of event: ActivityEvent, _ body: (inout Engine) -> Void) {
        withEngine(event.audience == .everyone ? nil : event.room, event.audience, body)
    }

    private mutating func withEngine(
        _ room: RoomID?, _ audience: Audience = .room, _ body: (inout Engine) -> Void
    ) {
        guard let room else { return body(&everyone) }
        if rooms[room] == nil { rooms[room] = newEngine(audience) }
        body(&rooms[room, default: Engine(audience: audience)])
    }

    private func newEngine(_ audience: Audience) -> Engine {
        var engine = Engine(audience: audience, weights: weights)
        for member in excluded.sorted() { engine.exclude(member) }
        return engine
    }
}

extension Engine {
    /// Marks a member before any event of theirs has been counted.
    mutating func exclude(_ member: MemberID) {
        let number = number(of: member)
        members[number].isExcluded = true
    }
}
