import CLibwebsockets
import Glibc

/// Accepts the connections of one listening socket for one loop.
///
/// libwebsockets cannot share a port between contexts, so the socket is polled here and what it accepts is adopted.
final class Acceptor {
    let listener: ListenerConfiguration
    let vhost: LWSContext.Vhost
    private unowned let core: LoopCore
    private var descriptor: Int32
    private let poll = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
    /// Kept open so that there is one to accept and turn away with when the process has run out.
    private var spare: Int32
    private var isPaused = false

    /// Connections taken in one go, so that a storm of them does not starve those that are open.
    private static let batch = 64

    init(descriptor: Int32, listener: ListenerConfiguration, vhost: LWSContext.Vhost, core: LoopCore) {
        self.descriptor = descriptor
        self.listener = listener
        self.vhost = vhost
        self.core = core
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
        uv_poll_init(core.uv.loop, poll, descriptor)
        // Unretained: the core keeps its acceptors until the loop's handles are gone.
        poll.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        listen()
    }

    deinit { poll.deallocate() }

    /// Accepts again after a pause for want of descriptors.
    func resume() {
        guard isPaused, descriptor >= 0 else { return }
        isPaused = false
        listen()
    }

    /// Stops accepting for good and closes the socket.
    func close() {
        guard descriptor >= 0 else { return }
        uv_close(UnsafeMutableRawPointer(poll).assumingMemoryBound(to: uv_handle_t.self), nil)
        for open in [descriptor, spare] where open >= 0 { Glibc.close(open) }
        (descriptor, spare) = (-1, -1)
    }

    private func listen() {
        uv_poll_start(poll, Int32(UV_READABLE.rawValue)) { handle, _, _ in
            guard let data = handle?.pointee.data else { return }
            Unmanaged<Acceptor>.fromOpaque(data).takeUnretainedValue().acceptBatch()
        }
    }

    private func acceptBatch() {
        for _ in 0..<Self.batch {
            var storage = sockaddr_storage()
            let socket = accept(&storage)
            guard socket >= 0 else {
                if handleAcceptError(errno) { continue } else { return }
            }
            take(socket, from: storage)
        }
    }

    private func accept(_ storage: inout sockaddr_storage) -> Int32 {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                CLibwebsockets_accept4(descriptor, $0, &length, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
            }
        }
    }

    /// Returns whether accepting may go on at once.
    private func handleAcceptError(_ error: Int32) -> Bool {
        switch error {
        case EAGAIN: return false
        case ECONNABORTED, EINTR, EPROTO:
            core.statistics.acceptErrors += 1
            return true
        case EMFILE, ENFILE:
            core.statistics.acceptErrors += 1
            turnAwayWithSpare()
            pause()
            return false
        default:
            core.statistics.acceptErrors += 1
            pause()
            return false
        }
    }

    /// Tells those who wait that there is no room, which without a descriptor could not even be said.
    private func turnAwayWithSpare() {
        guard spare >= 0 else { return }
        Glibc.close(spare)
        for _ in 0..<Self.batch {
            var storage = sockaddr_storage()
            let socket = accept(&storage)
            guard socket >= 0 else { break }
            refuse(socket)
        }
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
    }

    /// A socket that stays readable would spin the loop; the next tick tries again.
    private func pause() {
        isPaused = true
        uv_poll_stop(poll)
    }

    private func take(_ socket: Int32, from storage: sockaddr_storage) {
        guard let address = PeerAddress(storage), core.admission.admit(address) else {
            refuse(socket)
            return
        }
        configure(socket)
        core.statistics.accepted += 1
        let connection = Connection(core: core, acceptor: self, address: address)
        core.add(connection)
        connection.adopt(socket, vhost: vhost)
    }

    private func configure(_ socket: Int32) {
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var size = Int32(clamping: core.limits.sendBuffer)
        guard size > 0 else { return }
        setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    private func refuse(_ socket: Int32) {
        core.statistics.refused += 1
        if listener.tls == nil {
            let answer =
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            _ = Array(answer.utf8).withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        Glibc.close(socket)
    }
}
