import CLibwebsockets

/// A libuv loop that libwebsockets uses but does not own, with a wake-up for other threads and a timer.
///
/// libwebsockets' own libuv loop would install signal handlers; a foreign one keeps signals the daemon's.
struct UVLoop {
    let loop: UnsafeMutablePointer<uv_loop_t>
    let wakeUp = WakeUp()
    private let wakeHandle: UnsafeMutablePointer<uv_poll_t>
    private let timer: UnsafeMutablePointer<uv_timer_t>

    init() {
        loop = .allocate(capacity: 1)
        wakeHandle = .allocate(capacity: 1)
        timer = .allocate(capacity: 1)
        precondition(uv_loop_init(loop) == 0, "the system gives no descriptors for an event loop")
        uv_timer_init(loop, timer)
        uv_poll_init(loop, wakeHandle, wakeUp.descriptor)
        wakeHandle.pointee.data = Unmanaged.passUnretained(wakeUp).toOpaque()
        // Waking is all: the turn that follows takes what is in the inbox.
        uv_poll_start(wakeHandle, Int32(UV_READABLE.rawValue)) { handle, _, _ in
            guard let data = handle?.pointee.data else { return }
            Unmanaged<WakeUp>.fromOpaque(data).takeUnretainedValue().clear()
        }
    }

    var now: LoopTime { uv_now(loop) }

    /// Waits for events and handles all that are there.
    func runOnce() { uv_run(loop, UV_RUN_ONCE) }

    func startTicks(every interval: LoopTime, owner: LoopCore) {
        timer.pointee.data = Unmanaged.passUnretained(owner).toOpaque()
        uv_timer_start(
            timer,
            { timer in
                guard let data = timer?.pointee.data else { return }
                Unmanaged<LoopCore>.fromOpaque(data).takeUnretainedValue().tick()
            }, interval, interval)
    }

    /// Ends the wake-up and the timer; whoever wakes the loop from now on does so in vain.
    func closeOwnHandles() {
        for handle in [UnsafeMutableRawPointer(wakeHandle), UnsafeMutableRawPointer(timer)] {
            uv_close(handle.assumingMemoryBound(to: uv_handle_t.self), nil)
        }
        drain()
    }

    /// Runs callbacks of closed handles until no handle is left or only active ones are.
    func drain() {
        var turns = 0
        while uv_run(loop, UV_RUN_NOWAIT) != 0, turns < 10_000 { turns += 1 }
    }

    func destroy() {
        let status = uv_loop_close(loop)
        precondition(status == 0, "a libuv handle was left open")
        loop.deallocate()
        wakeHandle.deallocate()
        timer.deallocate()
    }
}
