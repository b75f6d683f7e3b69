import Community
import Dispatch
import Locking
import LyceumProtocol

/// The bus of a single node: a serial queue that calls the subscribers.
public final class InProcessBus: Bus {
    private let subscribers = Locked<[@Sendable ([RoomEvent]) -> Void]>([])
    private let queue = DispatchQueue(label: "lyceum.bus")

    public init() {}

    public func publish(_ events: [RoomEvent]) {
        let receivers = subscribers.withLock { $0 }
        guard !receivers.isEmpty else { return }
        queue.async { for receive in receivers { receive(events) } }
    }

    public func subscribe(_ receive: @escaping @Sendable ([RoomEvent]) -> Void) {
        subscribers.withLock { $0.append(receive) }
    }
}
