import COpenSSL

/// The certificate that a listener shows. TLS 1.2 and 1.3 with the suites of Mozilla's intermediate profile.
public struct TLSConfiguration: Sendable, Equatable {
    /// Path of a PEM file with the server's certificate and then its chain.
    public var certificateChain: String
    /// Path of a PEM file with the private key.
    public var privateKey: String

    public init(certificateChain: String, privateKey: String) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
    }
}

/// A certificate chain and its key, read and checked once; given to any number of OpenSSL contexts.
///
/// `@unchecked Sendable`: the OpenSSL context is written in `init` only, and its certificate and key, which OpenSSL
/// counts references of atomically, are only read afterwards.
final class TLSCredentials: @unchecked Sendable {
    private let holder: OpaquePointer

    init(_ configuration: TLSConfiguration) throws(TransportError) {
        guard let holder = SSL_CTX_new(TLS_server_method()) else {
            throw .badCertificate("OpenSSL gives no context")
        }
        self.holder = holder
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(holder, configuration.certificateChain) == 1 else {
            throw .badCertificate("\(configuration.certificateChain): \(OpenSSLError.last())")
        }
        guard SSL_CTX_use_PrivateKey_file(holder, configuration.privateKey, SSL_FILETYPE_PEM) == 1,
            SSL_CTX_check_private_key(holder) == 1
        else { throw .badCertificate("\(configuration.privateKey): \(OpenSSLError.last())") }
    }

    deinit { SSL_CTX_free(holder) }

    /// Makes `context` show this certificate to connections that come from now on.
    func install(in context: OpaquePointer) {
        let status = SSL_CTX_use_cert_and_key(
            context, SSL_CTX_get0_certificate(holder), SSL_CTX_get0_privatekey(holder),
            COpenSSL_get0_chain(holder), 1)
        precondition(status == 1, "a certificate that was checked is refused")
    }
}

/// Prepares the OpenSSL context that libwebsockets makes for a listener.
final class TLSSetup {
    private let credentials: TLSCredentials
    private(set) var context: OpaquePointer?

    /// Mozilla's intermediate profile, version 5.7, for TLS 1.2; those of 1.3 are OpenSSL's own.
    private static let cipherList = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
        ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:\
        DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305
        """

    init(_ credentials: TLSCredentials) { self.credentials = credentials }

    func prepare(_ context: OpaquePointer) {
        COpenSSL_set_min_proto_version(context, TLS1_2_VERSION)
        SSL_CTX_set_cipher_list(context, Self.cipherList)
        COpenSSL_set_groups(context, "X25519:P-256:P-384")
        // An idle connection gives its 34 kB of record buffers back.
        COpenSSL_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
        COpenSSL_forbid_renegotiation(context)
        credentials.install(in: context)
        self.context = context
    }
}
