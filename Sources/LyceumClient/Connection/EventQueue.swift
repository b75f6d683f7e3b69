import Locking
import LyceumProtocol

/// What comes to whoever listens.
public enum ClientEvent: Sendable {
    case event(Event)
    /// Signed in on a new connection; what was missed follows.
    case connected(SignIn)
    /// The connection ended; the client connects again by itself.
    case disconnected
    /// The numbering of a room cannot be continued: load it anew by history. What follows goes on from `seq`.
    case reset(RoomID, epoch: String, seq: Int64)
}

/// The events of a client, in order; ends when the client stops.
///
/// At most `limit` events wait. When they do, the client disconnects, and resumes from the last one that it took once
/// half of them have been read: a slow reader loses time, never an event (unless the server had to forget it, and then
/// a ``ClientEvent/reset(_:epoch:seq:)`` says so).
public final class EventQueue: AsyncSequence, Sendable {
    public typealias Element = ClientEvent
    private let state = Locked(State())
    private let limit: Int
    private let drained: @Sendable () -> Void

    private struct State {
        var waiting: [ClientEvent] = []
        /// Elements of `waiting` that have been read.
        var read = 0
        var reader: CheckedContinuation<ClientEvent?, Never>?
        var isEnded = false
        var isPaused = false

        var count: Int { waiting.count - read }

        mutating func takeFirst() -> ClientEvent {
            let first = waiting[read]
            read += 1
            if read > 1_024, read * 2 > waiting.count {
                waiting.removeFirst(read)
                read = 0
            }
            return first
        }
    }

    /// - Parameter drained: Called once after the queue was full and half of it has been read.
    init(limit: Int, drained: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.drained = drained
    }

    /// Whether one more event may come; if not, `drained` will be called.
    func hasRoom() -> Bool {
        state.withLock { state in
            if state.count >= limit { state.isPaused = true }
            return !state.isPaused
        }
    }

    func append(_ event: ClientEvent) {
        let reader = state.withLock { state in
            guard !state.isEnded else { return nil as CheckedContinuation<ClientEvent?, Never>? }
            guard let reader = state.reader else {
                state.waiting.append(event)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: event)
    }

    func end() {
        let reader = state.withLock { state in
            state.isEnded = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// The next event, waiting for it; `nil` once the client has stopped and all has been read, or if the waiting task
    /// was cancelled. One task reads at a time.
    public func next() async -> ClientEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                let (event, isOver, isDrained) = take(or: reader)
                if isDrained { drained() }
                if event != nil || isOver { reader.resume(returning: event) }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }

    private func take(
        or reader: CheckedContinuation<ClientEvent?, Never>
    ) -> (event: ClientEvent?, isOver: Bool, isDrained: Bool) {
        state.withLock { state in
            guard state.count > 0 else {
                precondition(state.reader == nil, "two tasks read one client's events")
                let isOver = state.isEnded || Task.isCancelled
                if !isOver { state.reader = reader }
                return (nil, isOver, false)
            }
            let event = state.takeFirst()
            let isDrained = state.isPaused && state.count <= limit / 2
            if isDrained { state.isPaused = false }
            return (event, false, isDrained)
        }
    }

    public struct Iterator: AsyncIteratorProtocol {
        let queue: EventQueue
        public mutating func next() async -> ClientEvent? { await queue.next() }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(queue: self) }
}
