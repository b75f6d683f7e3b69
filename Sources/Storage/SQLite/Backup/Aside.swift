import CLinux
import Foundation

/// Does long work that only reads and computes on a thread that runs, and reads from the disk, while nobody else wants to:
/// on Linux the I/O class follows the scheduling policy (ioprio_set(2)).
///
/// Not for work that writes: a thread that is put off in the middle of a write keeps the file system's journal, and with it
/// every commit of the daemon, waiting.
func aside<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) throws -> Value {
    let outcome = Outcome<Value>()
    let thread = Thread {
        var parameters = sched_param()
        sched_setscheduler(0, Int32(LYCEUM_SCHED_IDLE), &parameters)
        outcome.value = Result { try work() }
        outcome.isThere.signal()
    }
    thread.stackSize = 4 << 20
    thread.start()
    outcome.isThere.wait()
    guard let value = outcome.value else { preconditionFailure("the outcome is set before it is told") }
    return try value.get()
}

/// `@unchecked Sendable`: written once, before the signal that its reader waits for.
private final class Outcome<Value: Sendable>: @unchecked Sendable {
    let isThere = DispatchSemaphore(value: 0)
    var value: Result<Value, any Error>?
}
