import Foundation
import Locking
import LyceumProtocol

/// Threads of their own for work that no event loop may wait for: questions to the disk, password hashing.
///
/// The queue is bounded: when it is full, callers are told to come back.
final class WorkerPool: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var next = 0
        var isStopped = false
    }

    private let state = Locked(State())
    private let wake = DispatchSemaphore(value: 0)
    private let threads: Int
    private let capacity: Int

    init(name: String, threads: Int, capacity: Int) {
        self.threads = threads
        self.capacity = capacity
        for number in 0..<threads {
            let thread = Thread { [self] in run() }
            thread.name = "\(name)-\(number)"
            thread.stackSize = 2 << 20
            thread.start()
        }
    }

    func submit(_ job: @escaping @Sendable () -> Void) throws(Refusal) {
        let accepted = state.withLock { state in
            guard state.jobs.count - state.next < capacity, !state.isStopped else { return false }
            state.jobs.append(job)
            return true
        }
        guard accepted else {
            throw Refusal(.unavailable, "The server is overloaded; try again.", retryAfterMilliseconds: 1000)
        }
        wake.signal()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        for _ in 0..<threads { wake.signal() }
    }

    private func run() {
        while true {
            wake.wait()
            guard let job = takeJob() else {
                if state.withLock({ $0.isStopped }) { return }
                continue
            }
            job()
        }
    }

    /// The array is used as a queue: what was taken is dropped once it is half of it, and all at once when it runs
    /// empty. A queue that never does must not grow by what it has done.
    private func takeJob() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.next < state.jobs.count else { return nil }
            let job = state.jobs[state.next]
            state.jobs[state.next] = {}
            state.next += 1
            if state.next == state.jobs.count {
                state.jobs.removeAll(keepingCapacity: true)
                state.next = 0
            } else if state.next > 64, state.next * 2 > state.jobs.count {
                state.jobs.removeFirst(state.next)
                state.next = 0
            }
            return job
        }
    }

    /// How many jobs have a place in the queue, done ones that were not dropped yet included.
    var heldPlaces: Int { state.withLock { $0.jobs.count } }
}
