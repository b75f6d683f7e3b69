import Testing

@testable import Transport

extension SocketTests {
    @Suite struct TLSTests {
        /// Whether a client that trusts `certificate` alone can talk to the server.
        private func isSpokenTo(port: UInt16, trusting certificate: TestCertificate) async throws -> Bool {
            let loop = try EventLoop.forClients(trustedCertificates: certificate.configuration.certificateChain)
            let log = ClientLog()
            loop.perform { loop in
                _ = try? loop.connect(to: "wss://127.0.0.1:\(port)/", delegate: LoggingClient(log))
            }
            let first = await log.next()
            loop.stop(grace: .zero)
            loop.waitUntilEnded()
            return first == .opened
        }

        @Test func `a reloaded certificate is shown to new connections, a broken one leaves the old`() async throws {
            let first = TestCertificate(TestCertificate.shared)
            let echo = try EchoServer(loops: 2, tls: first.configuration)
            #expect(try await isSpokenTo(port: echo.port, trusting: .shared))
            #expect(try await !isSpokenTo(port: echo.port, trusting: .other))

            first.replaceFiles(certificate: TestCertificate.other.certificate, key: TestCertificate.shared.key)
            #expect(throws: TransportError.self) { try echo.server.reloadTLS() }
            #expect(try await isSpokenTo(port: echo.port, trusting: .shared))

            first.replaceFiles(certificate: TestCertificate.other.certificate, key: TestCertificate.other.key)
            try echo.server.reloadTLS()
            for loop in echo.server.loops { await loop.nothing() }
            #expect(try await !isSpokenTo(port: echo.port, trusting: .shared))
            #expect(try await isSpokenTo(port: echo.port, trusting: .other))
            withExtendedLifetime(echo) {}
        }

        @Test func `a certificate that cannot be used is named before anything is bound`() throws {
            let missing = TLSConfiguration(certificateChain: "/nowhere.pem", privateKey: "/nowhere.key")
            let server = try TransportServer(
                loops: 1, listeners: [ListenerConfiguration(host: "127.0.0.1", port: 0, label: "a", tls: missing)]
            ) { _, _ in fatalError("no loop of it may start") }
            let error = #expect(throws: TransportError.self) { try server.start() }
            #expect(error?.description.contains("/nowhere.pem") == true)
        }

        @Test(arguments: ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "", "\u{16}\u{3}\u{1}\u{2}"])
        func `what is not TLS is cut on a TLS port`(beginning: String) throws {
            var limits = TransportLimits()
            limits.headerTimeout = .milliseconds(300)
            let echo = try EchoServer(limits: limits, tls: TestCertificate.shared.configuration)
            let peer = RawSocket(port: echo.port)
            peer.send(beginning)
            #expect(!String(decoding: peer.receiveAll(), as: UTF8.self).contains("HTTP/1.1"))
        }
    }
}
