import CLibwebsockets

/// What libwebsockets calls, always on the thread of the loop that owns the connection.
///
/// Nothing is destroyed from inside it: libwebsockets, built as Debian builds it, closes a connection twice when its
/// callback asks for that under libuv. Connections are marked and destroyed at the end of the turn.
func loopCallback(
    _ wsi: OpaquePointer?, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
    _ input: UnsafeMutableRawPointer?, _ length: Int
) -> Int32 {
    switch reason {
    case LWS_CALLBACK_RAW_RX:
        guard let connection = connection(of: wsi), let input else { return 0 }
        connection.receive(UnsafeMutableRawBufferPointer(start: input, count: length))
    case LWS_CALLBACK_RAW_WRITEABLE:
        connection(of: wsi)?.becameWritable()
    case LWS_CALLBACK_RAW_CONNECTED:
        connection(of: wsi)?.connected(wsi)
    case LWS_CALLBACK_RAW_CLOSE:
        connection(of: wsi)?.transportClosed()
        lws_set_opaque_user_data(wsi, nil)
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        let reason = input.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) }
        connection(of: wsi)?.connectFailed(reason ?? "no connection")
        lws_set_opaque_user_data(wsi, nil)
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
        guard let input, let user, let setup = lws_vhost_user(OpaquePointer(input)) else { return 1 }
        Unmanaged<TLSSetup>.fromOpaque(setup).takeUnretainedValue().prepare(OpaquePointer(user))
    default: break
    }
    return 0
}

/// The connection was given to libwebsockets unretained; its loop's table keeps it until `transportClosed`.
private func connection(of wsi: OpaquePointer?) -> Connection? {
    guard let wsi, let opaque = lws_get_opaque_user_data(wsi) else { return nil }
    return Unmanaged<Connection>.fromOpaque(opaque).takeUnretainedValue()
}
