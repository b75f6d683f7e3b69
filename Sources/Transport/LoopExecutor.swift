import CLibwebsockets
import Dispatch
import Glibc
import Locking
import Synchronization

/// What other threads want of an event loop, in order, and the executor that makes the loop's thread an actor's.
///
final class LoopExecutor: SerialExecutor {
    enum Item {
        case job(UnownedJob)
        case work(@Sendable (isolated EventLoop) -> Void)
    }

    private struct Inbox {
        var items: [Item] = []
        var hasEnded = false
    }

    private let inbox = Locked(Inbox())
    /// `pthread_t` of the loop's thread; 0 before it starts.
    private let thread = Atomic<UInt>(0)
    private let wakeUp: WakeUp
    /// Runs the tasks that still hop to the actor after its thread has ended, one at a time.
    private let lateQueue = DispatchQueue(label: "lyceum.transport.ended-loop")

    init(wakeUp: WakeUp) { self.wakeUp = wakeUp }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard !post(.job(job)) else { return }
        lateQueue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Queues `item` and wakes the loop if it was idle.
    ///
    /// - Returns: False if the loop has ended; the item is dropped.
    @discardableResult
    func post(_ item: Item) -> Bool {
        let count: Int? = inbox.withLock { inbox in
            guard !inbox.hasEnded else { return nil }
            inbox.items.append(item)
            return inbox.items.count
        }
        // Once the lock is free: a loop that runs at once would only wait for it.
        if count == 1 { wakeUp.signal() }
        return count != nil
    }

    /// All queued items; the loop runs them.
    func takeAll() -> [Item] {
        inbox.withLock { inbox in
            guard !inbox.items.isEmpty else { return [] }
            defer { inbox.items = [] }
            return inbox.items
        }
    }

    /// Refuses further items; what is left is returned.
    func end() -> [Item] {
        inbox.withLock { inbox in
            inbox.hasEnded = true
            defer { inbox.items = [] }
            return inbox.items
        }
    }

    func adoptCurrentThread() {
        thread.store(UInt(pthread_self()), ordering: .releasing)
    }

    func isIsolatingCurrentContext() -> Bool? {
        thread.load(ordering: .acquiring) == UInt(pthread_self())
    }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "event loop state is used on its own thread only")
    }
}
