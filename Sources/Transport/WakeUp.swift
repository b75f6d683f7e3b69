import CLibwebsockets
import Glibc

/// A descriptor through which other threads wake an event loop.
///
/// Not libuv's own `uv_async_t`: who receives it spins until the sender has said its last word, and a sender that was
/// preempted by the very loop that it woke cannot say it. Where both share a core, that took a millisecond a wake-up.
final class WakeUp: Sendable {
    let descriptor: Int32

    init() {
        descriptor = CLibwebsockets_makeEventDescriptor()
        precondition(descriptor >= 0, "the system gives no descriptors for an event loop")
    }

    deinit { close(descriptor) }

    /// Ends the wait of the loop, from any thread and also once the loop has ended.
    func signal() { eventfd_write(descriptor, 1) }

    /// Takes note of all signals so far.
    func clear() {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
    }
}
