import Foundation

/// A thread that does one piece of work whenever it is woken, and then waits again.
///
/// `@unchecked Sendable`: all state is read and written under `condition`.
final class Worker: @unchecked Sendable {
    private let condition = NSCondition()
    private var isWanted = false
    private var isStopping = false
    private var hasEnded = false

    /// - Parameters:
    ///   - niceness: How far the work stands back behind the rest of the process, in `0...19`; see `nice(2)`.
    ///   - work: Called on the thread, once for any number of wakings that came before it began.
    init(name: String, niceness: Int32, work: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            // On Linux this is the thread's own value.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(0), niceness)
            while waitForWork() { work() }
            condition.withLock {
                hasEnded = true
                condition.broadcast()
            }
        }
        thread.name = name
        thread.start()
    }

    func wake() {
        condition.withLock {
            isWanted = true
            condition.broadcast()
        }
    }

    /// Whether long work should end early.
    var shouldStop: Bool { condition.withLock { isStopping } }

    /// Lets the work under way finish, and ends the thread. Not to be called by the work itself.
    func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
            while !hasEnded { condition.wait() }
        }
    }

    private func waitForWork() -> Bool {
        condition.withLock {
            while !isWanted && !isStopping { condition.wait() }
            isWanted = false
            return !isStopping
        }
    }
}
