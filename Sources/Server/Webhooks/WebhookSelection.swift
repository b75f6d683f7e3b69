import Community
import Locking
import LyceumProtocol

/// A stretch of the log of activity, and what of it each of some hooks wants.
struct WebhookSelection {
    /// By hook, in the order of the log.
    private(set) var wanted: [WebhookID: [ActivityLogEntry.Place]] = [:]
    /// The last entry that was looked at.
    private(set) var position: Int64
    let mayBeMore: Bool

    init(
        hooks: [Webhook], after position: Int64, limit: Int, in reader: any CommunityReader,
        of community: Locked<Community>
    ) throws {
        self.position = position
        for hook in hooks { wanted[hook.id] = [] }
        guard !hooks.isEmpty else {
            mayBeMore = false
            return
        }
        let entries = try reader.activityLog(after: position, limit: limit)
        mayBeMore = entries.count == limit
        for place in entries.flatMap(\.events) { try add(place, for: hooks, in: reader, of: community) }
        self.position = entries.last?.id ?? position
    }

    private mutating func add(
        _ place: ActivityLogEntry.Place, for hooks: [Webhook], in reader: any CommunityReader,
        of community: Locked<Community>
    ) throws {
        guard let room = community.withLock({ $0.rooms[place.room] }) else { return }
        let interested = hooks.filter { hook in
            hook.outgoing.map { $0.rooms.isEmpty ? room.kind == .public : $0.rooms.contains(room.id) } ?? false
        }
        guard !interested.isEmpty, let event = try reader.event(place.seq, in: place.room) else { return }
        // What came in by a hook goes out by none: two programs that answer each other would never end.
        guard community.withLock({ $0.webhook(speakingAs: event.author) }) == nil else { return }
        for hook in interested where hook.outgoing?.wants(event.kind, in: room) == true {
            wanted[hook.id, default: []].append(place)
        }
    }
}
