import CLinux
import Glibc

/// One connection of a ``LoadGenerator``: its socket and what waits on either side of it.
final class LoadConnection {
    enum State { case connecting, upgrading, greeting, ready, dead }

    let index: Int
    private(set) var descriptor: Int32 = -1
    var state = State.connecting
    /// The beginning of a frame whose rest has not come.
    var unread: [UInt8] = []
    private var unsent: [UInt8] = []
    /// When the command in each slot was sent; its id is slot + 2 + rounds × slots.
    var sentAt: [UInt64] = []
    var slotIDs: [Int64] = []

    init(index: Int) { self.index = index }

    /// Begins to connect to the loopback address.
    func open(port: UInt16, epoll: Int32) -> Bool {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || errno == EINPROGRESS else { return false }
        return watch(EPOLL_CTL_ADD, output: true, epoll: epoll)
    }

    /// The result of the connect, once the socket is writable.
    func connectError() -> Int32 {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        return code
    }

    @discardableResult
    func watch(_ operation: Int32, output: Bool, epoll: Int32) -> Bool {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (output ? EPOLLOUT.rawValue : 0)
        event.data.u64 = UInt64(index)
        return epoll_ctl(epoll, operation, descriptor, &event) == 0
    }

    /// Sends now what the socket takes and keeps the rest.
    /// - Returns: False if the connection is broken.
    func send(_ bytes: [UInt8], epoll: Int32) -> Bool {
        guard unsent.isEmpty else {
            unsent.append(contentsOf: bytes)
            return true
        }
        let count = write(bytes)
        guard count >= 0 else { return false }
        if count < bytes.count {
            unsent.append(contentsOf: bytes[count...])
            watch(EPOLL_CTL_MOD, output: true, epoll: epoll)
        }
        return true
    }

    /// Goes on with what was kept, now that the socket is writable.
    /// - Returns: False if the connection is broken.
    func flush(epoll: Int32) -> Bool {
        let count = write(unsent)
        guard count >= 0 else { return false }
        unsent.removeFirst(count)
        if unsent.isEmpty { watch(EPOLL_CTL_MOD, output: false, epoll: epoll) }
        return true
    }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
        state = .dead
        unread = []
        unsent = []
    }

    private func write(_ bytes: [UInt8]) -> Int {
        let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : count
    }
}
