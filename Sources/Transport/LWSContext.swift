import CLibwebsockets
import Glibc

/// The libwebsockets context of one loop.
///
/// libwebsockets brings sockets, TLS and readiness, in its raw role. HTTP and WebSocket framing are read here and not
/// in its http and ws roles, because those cannot be made strict: they know no bound on a message, accept what RFC 6455
/// and RFC 9112 forbid, and answer most bad requests by closing without a word.
final class LWSContext {
    /// A virtual host: what a listener's connections belong to.
    struct Vhost {
        let pointer: OpaquePointer
        /// The OpenSSL context of new connections; nil without TLS.
        let tls: OpaquePointer?
    }

    private let context: OpaquePointer
    /// One protocol and the empty one that ends the list; both must outlive the context.
    private let protocols: UnsafeMutablePointer<lws_protocols>
    private let name: UnsafeMutablePointer<CChar>
    /// Names and protocols of virtual hosts, which libwebsockets reads at each TLS handshake where they were given to it.
    private var words: [UnsafeMutablePointer<CChar>] = []
    private var clientVhost: OpaquePointer?

    init(uv: UVLoop) throws(TransportError) {
        name = strdup("lyceum")
        protocols = .allocate(capacity: 2)
        protocols.initialize(repeating: lws_protocols(), count: 2)
        protocols[0].name = UnsafePointer(name)
        protocols[0].callback = loopCallback
        // Above any piece that is written: libwebsockets copies what it does not hand over at once.
        protocols[0].tx_packet_size = 1 << 20

        let loops = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 1)
        defer { loops.deallocate() }
        loops.initialize(to: UnsafeMutableRawPointer(uv.loop))
        var info = lws_context_creation_info()
        info.options = UInt64(LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
        info.port = CONTEXT_PORT_NO_LISTEN
        info.foreign_loops = loops
        info.gid = -1
        info.uid = -1
        info.pt_serv_buf_size = 65_536
        guard let context = lws_create_context(&info) else {
            protocols.deallocate()
            free(name)
            throw .contextFailed
        }
        self.context = context
    }

    /// The virtual host of a listener.
    ///
    /// - Throws: ``TransportError/badCertificate(_:)`` if the listener's certificate cannot be used.
    func makeServerVhost(for listener: ListenerConfiguration) throws(TransportError) -> Vhost {
        guard let tls = listener.tls else {
            return Vhost(pointer: try makeVhost(named: listener.label) { _ in }, tls: nil)
        }
        let setup = TLSSetup(try TLSCredentials(tls))
        let pointer = try makeVhost(named: listener.label) { info in
            // libwebsockets makes the OpenSSL context and hands it to `TLSSetup` in a callback.
            info.options = UInt64(
                LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX)
            info.user = Unmanaged.passUnretained(setup).toOpaque()
        }
        guard let context = withExtendedLifetime(setup, { setup.context }) else {
            throw .badCertificate("libwebsockets made no TLS context")
        }
        return Vhost(pointer: pointer, tls: context)
    }

    private func makeVhost(
        named label: String, _ configure: (inout lws_context_creation_info) -> Void
    ) throws(TransportError) -> OpaquePointer {
        var info = lws_context_creation_info()
        info.port = CONTEXT_PORT_NO_LISTEN_SERVER
        info.protocols = UnsafePointer(protocols)
        configure(&info)
        info.vhost_name = keep(label)
        info.alpn = keep("http/1.1")
        guard let vhost = lws_create_vhost(context, &info) else { throw .contextFailed }
        return vhost
    }

    /// A copy of `word` that stays where it is until the context is gone.
    private func keep(_ word: String) -> UnsafePointer<CChar>? {
        guard let copy = strdup(word) else { return nil }
        words.append(copy)
        return UnsafePointer(copy)
    }

    /// Starts a client connection, without TLS: see ``ClientTLS``.
    ///
    /// - Returns: nil if it failed at once, which the connection was told.
    func connect(_ connection: Connection, to target: ClientRequest.Target) throws(TransportError) -> OpaquePointer? {
        var info = lws_client_connect_info()
        info.context = context
        if clientVhost == nil {
            clientVhost = try makeVhost(named: "client") { $0.port = CONTEXT_PORT_NO_LISTEN }
        }
        info.vhost = clientVhost
        info.port = Int32(target.port)
        info.opaque_user_data = Unmanaged.passUnretained(connection).toOpaque()
        return target.host.withCString { host in
            info.address = host
            info.host = host
            return "RAW".withCString { method in
                info.method = method
                return "/".withCString { path in
                    info.path = path
                    info.local_protocol_name = UnsafePointer(name)
                    return lws_client_connect_via_info(&info)
                }
            }
        }
    }

    /// Frees the context; libwebsockets does so in two steps with the closing of its handles between them.
    func destroy(on uv: UVLoop) {
        lws_context_destroy(context)
        uv.drain()
        lws_context_destroy(context)
        uv.drain()
        protocols.deallocate()
        for word in words + [name] { free(word) }
    }
}
