import CLibwebsockets
import Glibc
import Testing

@testable import Transport

extension SocketTests {
    @Suite struct ListenerTests {
        private func status(port: UInt16) -> Int {
            let peer = RawSocket(port: port)
            peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            return peer.receiveAnswer().status
        }

        @Test func `a listener on the unspecified IPv6 address takes IPv4 too, and names it as such`() throws {
            let echo = try EchoServer(listener: ListenerConfiguration(host: "::", port: 0, label: "both"))
            #expect(echo.addresses[0].url == "http://[::]:\(echo.port)")
            let peer = RawSocket(port: echo.port)
            peer.send("GET /whoami HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(peer.receiveAnswer().body == "127.0.0.1 by both")
        }

        @Test func `a socket that was inherited is served by every loop`() throws {
            let first = try BoundListener(
                ListenerConfiguration(host: "127.0.0.1", port: 0, label: "first"), loops: 1)
            defer { first.close() }
            let echo = try EchoServer(
                loops: 2,
                listener: ListenerConfiguration(
                    host: "", port: 0, label: "inherited", inheritedDescriptor: first.sockets[0]))
            #expect(echo.port == first.address.port)
            for _ in 1...20 { #expect(status(port: echo.port) == 200) }
            // The next server may go on with the same socket while connections still come.
            echo.server.stop(grace: .seconds(5))
            let next = try EchoServer(
                listener: ListenerConfiguration(
                    host: "", port: 0, label: "next", inheritedDescriptor: first.sockets[0]))
            #expect(status(port: next.port) == 200)
        }

        @Test(arguments: ["localhost", "127.0.0.256", "", "::g"])
        func `a host that is no address is refused`(host: String) {
            #expect(throws: TransportError.self) {
                try EchoServer(listener: ListenerConfiguration(host: host, port: 0, label: "bad"))
            }
        }

        @Test(arguments: [
            ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:DB8::1", "2001:db8::1"),
            ("::1", "::1"),
        ])
        func `addresses are written in one way`(text: String, written: String) throws {
            var storage = sockaddr_storage()
            withUnsafeMutableBytes(of: &storage) { bytes in
                if text.contains(":") {
                    var address = sockaddr_in6()
                    address.sin6_family = sa_family_t(AF_INET6)
                    inet_pton(AF_INET6, text, &address.sin6_addr)
                    bytes.storeBytes(of: address, as: sockaddr_in6.self)
                } else {
                    var address = sockaddr_in()
                    address.sin_family = sa_family_t(AF_INET)
                    inet_pton(AF_INET, text, &address.sin_addr)
                    bytes.storeBytes(of: address, as: sockaddr_in.self)
                }
            }
            #expect(try #require(PeerAddress(storage)).description == written)
        }
    }
}
