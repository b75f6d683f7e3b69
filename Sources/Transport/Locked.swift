import Glibc

/// A value that one thread at a time may touch.
///
/// `Synchronization.Mutex` does the same, but waits inside the standard library where ThreadSanitizer does not look, and
/// so has races reported that are none. A POSIX mutex is one it knows.
///
/// `@unchecked Sendable`: `value` is touched under `mutex` only.
final class Locked<Value>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
