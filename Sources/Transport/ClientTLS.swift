import COpenSSL

/// TLS of connections that we open.
///
/// libwebsockets 4.1 does not finish TLS handshakes of raw client connections, so OpenSSL runs here between the socket's
/// bytes and ours, through memory.
final class ClientTLS {
    /// Why a server cannot be spoken to.
    struct Failure: Error {
        let reason: String
    }

    private let session: OpaquePointer
    /// What the server sent, on its way into OpenSSL; owned by `session`.
    private let input: OpaquePointer
    /// What OpenSSL wants sent; owned by `session`.
    private let output: OpaquePointer

    init?(context: ClientTLSContext, host: String) {
        guard let session = SSL_new(context.pointer) else { return nil }
        guard let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem()) else {
            SSL_free(session)
            return nil
        }
        (self.session, self.input, self.output) = (session, input, output)
        SSL_set_bio(session, input, output)
        SSL_set_connect_state(session)
        // An address is checked as such and never named to the server (RFC 6066 section 3).
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) != 1 {
            SSL_set1_host(session, host)
            COpenSSL_set_server_name(session, host)
        }
    }

    deinit { SSL_free(session) }

    /// Whether the handshake is done.
    var isEstablished: Bool { SSL_is_init_finished(session) == 1 }

    /// Takes what the server sent and goes on with the handshake, if that is not done.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        BIO_write(input, bytes.baseAddress, Int32(bytes.count))
        try proceed()
    }

    /// Begins or continues the handshake.
    func proceed() throws(Failure) {
        guard !isEstablished else { return }
        try check(SSL_do_handshake(session))
    }

    /// Reads what the server said into `buffer`; returns 0 if there is no more.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        let count = SSL_read(session, buffer.baseAddress, Int32(buffer.count))
        guard count <= 0 else { return Int(count) }
        try check(count)
        return 0
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        guard !bytes.isEmpty else { return }
        try check(SSL_write(session, bytes.baseAddress, Int32(bytes.count)))
    }

    func shutdown() { SSL_shutdown(session) }

    /// What is to be sent to the server.
    func takeOutput() -> [UInt8] {
        let count = BIO_ctrl_pending(output)
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, Int(BIO_read(output, buffer.baseAddress, Int32(count))))
        }
    }

    private func check(_ status: Int32) throws(Failure) {
        guard status <= 0 else { return }
        switch SSL_get_error(session, status) {
        // Memory never fills, so only input can be wanting; a clean end shows as the end of the socket too.
        case SSL_ERROR_WANT_READ, SSL_ERROR_ZERO_RETURN: return
        default: throw Failure(reason: reason())
        }
    }

    private func reason() -> String {
        let result = SSL_get_verify_result(session)
        guard result == Int(X509_V_OK) else {
            return "the certificate is not trusted: " + String(cString: X509_verify_cert_error_string(result))
        }
        return "TLS failed: " + OpenSSLError.last()
    }
}

/// What all client connections of a loop trust.
final class ClientTLSContext {
    let pointer: OpaquePointer

    /// - Parameter trustedCertificates: Path of a PEM file; nil trusts what the system trusts.
    /// - Throws: ``TransportError/badCertificate(_:)`` if the file cannot be used.
    init(trustedCertificates: String?) throws(TransportError) {
        guard let pointer = SSL_CTX_new(TLS_client_method()) else {
            throw .badCertificate("OpenSSL gives no context")
        }
        self.pointer = pointer
        COpenSSL_set_min_proto_version(pointer, TLS1_2_VERSION)
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        let status =
            if let trustedCertificates {
                SSL_CTX_load_verify_file(pointer, trustedCertificates)
            } else {
                SSL_CTX_set_default_verify_paths(pointer)
            }
        guard status == 1 else {
            throw .badCertificate("\(trustedCertificates ?? "the system's certificates"): \(OpenSSLError.last())")
        }
    }

    deinit { SSL_CTX_free(pointer) }
}

enum OpenSSLError {
    /// The newest error of this thread, in OpenSSL's words.
    static func last() -> String {
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(ERR_peek_last_error(), &text, text.count)
        ERR_clear_error()
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
