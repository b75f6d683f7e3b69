import Glibc

/// A value that one thread at a time may touch.
///
/// `Synchronization.Mutex` does the same, but waits inside the standard library where ThreadSanitizer does not look, and
/// so has races reported that are none. A POSIX mutex is one it knows.
///
/// Inlinable, since a lock is generic: other targets would else take and leave it through witnesses and closures.
///
/// `@unchecked Sendable`: `value` is touched under `mutex` only.
public final class Locked<Value>: @unchecked Sendable {
    @usableFromInline var value: Value
    @usableFromInline let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    public init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Calls `body` while no other thread has the value. Not to be nested for one lock.
    @inlinable
    public func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
