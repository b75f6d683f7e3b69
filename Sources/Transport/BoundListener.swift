import CLibwebsockets
import Glibc

/// The sockets of one listener: one for each loop, on the same port.
struct BoundListener {
    let configuration: ListenerConfiguration
    let sockets: [Int32]
    let address: BoundAddress

    /// Connections that may wait to be accepted; the kernel caps it at `net.core.somaxconn`.
    private static let backlog: Int32 = 4096

    /// - Throws: ``TransportError/cannotListen(address:reason:)``.
    init(_ configuration: ListenerConfiguration, loops: Int) throws(TransportError) {
        self.configuration = configuration
        sockets =
            if let inherited = configuration.inheritedDescriptor {
                try Self.duplicate(inherited, count: loops, of: configuration)
            } else {
                try Self.bind(configuration, loops: loops)
            }
        guard let local = Self.localAddress(of: sockets[0]) else {
            throw Self.failure(configuration, "not an IP socket")
        }
        address = BoundAddress(
            label: configuration.label, host: local.host, port: local.port, isTLS: configuration.tls != nil)
    }

    func close() {
        for socket in sockets { Glibc.close(socket) }
    }

    private static func bind(_ configuration: ListenerConfiguration, loops: Int) throws(TransportError) -> [Int32] {
        // Without sharing first: else a second server on this port would be let in and get half of the connections.
        let first = try socket(configuration, port: configuration.port, shared: false)
        guard loops > 1 else { return [first] }
        let port = localAddress(of: first)?.port ?? configuration.port
        Glibc.close(first)
        var sockets: [Int32] = []
        do {
            for _ in 0..<loops { sockets.append(try socket(configuration, port: port, shared: true)) }
        } catch {
            for socket in sockets { Glibc.close(socket) }
            throw error
        }
        return sockets
    }

    private static func socket(
        _ configuration: ListenerConfiguration, port: UInt16, shared: Bool
    ) throws(TransportError) -> Int32 {
        let isIPv6 = configuration.host.contains(":")
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(isIPv6 ? AF_INET6 : AF_INET, kind, 0)
        guard socket >= 0 else { throw failure(configuration) }
        setOption(socket, SOL_SOCKET, SO_REUSEADDR, 1)
        if shared { setOption(socket, SOL_SOCKET, SO_REUSEPORT, 1) }
        if isIPv6 { setOption(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, configuration.host == "::" ? 0 : 1) }
        guard var storage = socketAddress(configuration.host, port: port) else {
            Glibc.close(socket)
            throw failure(configuration, "not a numeric IP address")
        }
        let length = socklen_t(isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(socket, $0, length) }
        }
        guard status == 0, Glibc.listen(socket, backlog) == 0 else {
            let error = failure(configuration)
            Glibc.close(socket)
            throw error
        }
        return socket
    }

    private static func duplicate(
        _ descriptor: Int32, count: Int, of configuration: ListenerConfiguration
    ) throws(TransportError) -> [Int32] {
        var copies: [Int32] = []
        for _ in 0..<count {
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
            guard copy >= 0, fcntl(copy, F_SETFL, fcntl(copy, F_GETFL) | O_NONBLOCK) == 0 else {
                let error = failure(configuration)
                for open in copies { Glibc.close(open) }
                throw error
            }
            copies.append(copy)
        }
        return copies
    }

    private static func setOption(_ socket: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        setsockopt(socket, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func socketAddress(_ host: String, port: UInt16) -> sockaddr_storage? {
        var storage = sockaddr_storage()
        let isParsed = withUnsafeMutableBytes(of: &storage) { bytes -> Bool in
            guard let base = bytes.baseAddress else { return false }
            if host.contains(":") {
                let address = base.assumingMemoryBound(to: sockaddr_in6.self)
                address.pointee.sin6_family = sa_family_t(AF_INET6)
                address.pointee.sin6_port = port.bigEndian
                return inet_pton(AF_INET6, host, &address.pointee.sin6_addr) == 1
            }
            let address = base.assumingMemoryBound(to: sockaddr_in.self)
            address.pointee.sin_family = sa_family_t(AF_INET)
            address.pointee.sin_port = port.bigEndian
            return inet_pton(AF_INET, host, &address.pointee.sin_addr) == 1
        }
        return isParsed ? storage : nil
    }

    private static func localAddress(of socket: Int32) -> (host: String, port: UInt16)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard status == 0, let address = PeerAddress(storage) else { return nil }
        // The port stands at the same place for both families.
        let port = withUnsafeBytes(of: storage) { $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self).byteSwapped }
        return (address.description, port)
    }

    private static func failure(_ configuration: ListenerConfiguration, _ reason: String? = nil) -> TransportError {
        let error = errno
        let address =
            configuration.inheritedDescriptor.map { "descriptor \($0)" }
            ?? "\(configuration.host):\(configuration.port)"
        return .cannotListen(address: address, reason: reason ?? String(cString: strerror(error)))
    }
}
