import Dispatch
import Locking
import Testing

@testable import Server

struct WorkerPoolTests {
    @Test func `a queue that never runs empty does not grow by what it has done`() throws {
        let pool = WorkerPool(name: "test", threads: 1, capacity: 10)
        defer { pool.stop() }
        let done = DispatchSemaphore(value: 0)
        let most = Locked(0)
        // Each job puts the one after the next behind it before it ends, so one is always waiting.
        @Sendable func run(_ number: Int) {
            most.withLock { $0 = max($0, pool.heldPlaces) }
            guard number < 20_000 else {
                done.signal()
                return
            }
            do { try pool.submit { run(number + 2) } } catch { Issue.record(error) }
        }
        try pool.submit { run(0) }
        try pool.submit { run(1) }
        done.wait()
        done.wait()
        #expect(most.withLock { $0 } < 200)
    }
}
