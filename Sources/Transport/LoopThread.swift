import CLibwebsockets
import Dispatch
import Glibc

/// A thread that runs one closure.
struct ThreadBody {
    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let box: Box

    init(_ body: @escaping @Sendable () -> Void) { box = Box(body) }

    /// - Parameter name: What the system's tools show; cut at 15 bytes.
    func start(name: String) {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(box).toOpaque()
        let status = pthread_create(
            &thread, nil,
            { argument in
                argument.map { Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body() }
                return nil
            }, argument)
        precondition(status == 0, "the system gives no thread for an event loop")
        CLibwebsockets_setThreadName(thread, String(name.prefix(15)))
        pthread_detach(thread)
    }
}

/// Lets any number of threads wait for the end of one; waiting for a thread that never started returns at once.
final class ThreadEnd: Sendable {
    private let group = DispatchGroup()

    func willStart() { group.enter() }
    func signal() { group.leave() }
    func wait() { group.wait() }
}
