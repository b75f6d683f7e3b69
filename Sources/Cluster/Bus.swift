import Community
import LyceumProtocol

/// Carries committed events to everything that follows them: other nodes, the activity tracker, webhooks.
///
/// Delivery is a doorbell, not a record: a subscriber that misses one sees a hole in `seq` and reads the store.
public protocol Bus: Sendable {
    /// Hands on what one transaction committed, in commit order. Never blocks the caller for long. Without events it
    /// tells that something else has been committed, such as notes for the activity tracker.
    func publish(_ events: [RoomEvent])
    /// Calls `receive` for every later publication, in order, on the bus's own thread.
    func subscribe(_ receive: @escaping @Sendable ([RoomEvent]) -> Void)
}
