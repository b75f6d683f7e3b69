import Community
import Locking
import LyceumProtocol

/// Committed events on their way from the bus to the tracker, so that it need not read them back from the store.
///
/// The log of activity says which events count and in what order; this only spares the reading. It is bounded: what does
/// not fit, while the tracker is behind, is read from the store.
final class HandedOver: Sendable {
    typealias Events = [ActivityLogEntry.Place: RoomEvent]

    /// In bytes of event bodies.
    private static let limit = 4 << 20

    private struct Waiting {
        var events: Events = [:]
        var bytes = 0
    }
    private let waiting = Locked(Waiting())

    func add(_ events: [RoomEvent]) {
        waiting.withLock { waiting in
            for event in events where waiting.bytes < Self.limit {
                waiting.events[ActivityLogEntry.Place(room: event.room, seq: event.seq)] = event
                waiting.bytes += event.body.count
            }
        }
    }

    /// All that waits. What is taken before the log is read is in the log that is read.
    func take() -> Events {
        waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting.events
        }
    }
}
