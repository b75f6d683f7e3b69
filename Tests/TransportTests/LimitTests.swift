import CLibwebsockets
import Foundation
import Glibc
import Testing

@testable import Transport

extension SocketTests {
    /// What one peer can cost, and how those that overdo it end.
    @Suite struct LimitTests {
        private static func limits(_ change: (inout TransportLimits) -> Void) -> TransportLimits {
            var limits = TransportLimits()
            change(&limits)
            return limits
        }

        @Test func `a reader that does not read is closed with 4000 and nobody else`() async throws {
            let echo = try EchoServer(limits: Self.limits { $0.outboxBytes = 200_000 })
            let (slow, other) = (
                RawSocket.webSocket(port: echo.port, receiveBuffer: 4_096), RawSocket.webSocket(port: echo.port)
            )
            slow.send(RawSocket.text("flood"))
            #expect(await echo.journal.nextEnd() == .byUs(code: 4000, reason: "slow reader"))
            other.send(RawSocket.text("hi"))
            #expect(other.receiveFrame()?.payload == Array("hi".utf8))
            // What was under way arrives in whole frames, and the close frame after it.
            #expect(slow.receiveCloseCode() == 4000)
        }

        @Test func `pings of a peer that reads no pongs are bounded`() async throws {
            let echo = try EchoServer(
                limits: Self.limits {
                    $0.outboxBytes = 50_000
                    $0.sendBuffer = 4_096
                    $0.pingInterval = .milliseconds(600)
                    $0.pongTimeout = .milliseconds(600)
                })
            let peer = RawSocket.webSocket(port: echo.port, receiveBuffer: 4_096)
            let pings = (0..<1_000).flatMap { _ in RawSocket.frame(0x89, [UInt8](repeating: 1, count: 125)) }
            var rounds = 0
            while rounds < 1_000, peer.send(pings) { rounds += 1 }
            #expect(rounds < 1_000)
            #expect(await echo.journal.nextEnd() == .lost)
        }

        @Test func `a peer that answers no ping is dropped`() async throws {
            let echo = try EchoServer(
                limits: Self.limits {
                    $0.pingInterval = .milliseconds(300)
                    $0.pongTimeout = .milliseconds(300)
                })
            let peer = RawSocket.webSocket(port: echo.port)
            #expect(peer.receiveFrame()?.opcode == .ping)
            #expect(await echo.journal.nextEnd() == .lost)
            #expect(peer.isAtEnd())
        }

        @Test func `a peer that answers pings stays`() async throws {
            let echo = try EchoServer(
                limits: Self.limits {
                    $0.pingInterval = .milliseconds(200)
                    $0.pongTimeout = .seconds(20)
                })
            let peer = RawSocket.webSocket(port: echo.port)
            for _ in 1...3 {
                #expect(peer.receiveFrame()?.opcode == .ping)
                peer.send(RawSocket.frame(0x8a))
            }
            peer.send(RawSocket.text("hi"))
            while let frame = peer.receiveFrame(), frame.opcode == .ping { peer.send(RawSocket.frame(0x8a)) }
        }

        @Test(arguments: [
            "", "G", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhal",
        ])
        func `a peer that does not finish its request is cut`(beginning: String) throws {
            let echo = try EchoServer(
                limits: Self.limits {
                    $0.headerTimeout = .milliseconds(300)
                    $0.bodyTimeout = .milliseconds(300)
                })
            let peer = RawSocket(port: echo.port)
            peer.send(beginning)
            #expect(peer.isAtEnd())
        }

        @Test func `an idle connection between requests is cut`() throws {
            let echo = try EchoServer(limits: Self.limits { $0.keepAliveTimeout = .milliseconds(300) })
            let peer = RawSocket(port: echo.port)
            peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(peer.receiveAnswer().status == 200)
            #expect(peer.isAtEnd())
        }

        @Test func `an answer that nobody reads is given up`() throws {
            let echo = try EchoServer(
                limits: Self.limits {
                    $0.bodyTimeout = .milliseconds(300)
                    $0.sendBuffer = 4_096
                })
            let peer = RawSocket(port: echo.port, receiveBuffer: 4_096)
            peer.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
            var connections = -1
            while connections != 0 { connections = echo.server.statistics.timeouts == 1 ? 0 : 1 }
            #expect(peer.receiveAll().count < 4_000_000)
        }

        @Test func `one address gets its share of connections and no more`() throws {
            let echo = try EchoServer(loops: 2, limits: Self.limits { $0.connectionsPerAddress = 3 })
            var peers = (1...3).map { _ in RawSocket.webSocket(port: echo.port) }
            let refused = RawSocket(port: echo.port)
            #expect(refused.receiveAnswer().status == 503)
            #expect(refused.isAtEnd())
            peers.removeLast().close()
            // The place is free once the loop has seen the end; until then the answer is 503.
            var status = 503
            while status == 503 {
                let peer = RawSocket(port: echo.port)
                peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                status = peer.receiveAnswer().status
            }
            #expect(status == 200 || status == 0)
        }

        @Test func `addresses without a limit are not counted`() throws {
            let echo = try EchoServer(
                limits: Self.limits {
                    $0.connectionsPerAddress = 1
                    $0.unlimitedAddresses = ["127.0.0.1"]
                })
            for peer in (1...5).map({ _ in RawSocket.webSocket(port: echo.port) }) {
                peer.send(RawSocket.text("hi"))
                #expect(peer.receiveFrame() != nil)
            }
        }

        @Test func `without descriptors those who wait are turned away, and later ones served`() throws {
            let echo = try EchoServer()
            let peers = (1...20).map { _ in RawSocket() }
            let (old, taken) = try descriptorLimit(leaving: 4)
            for peer in peers { peer.connect(port: echo.port) }
            let statuses = peers.map { peer in
                peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                return peer.receiveAnswer().status
            }
            var restored = old
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &restored)
            for descriptor in taken { close(descriptor) }
            #expect(statuses.contains(200))
            #expect(statuses.contains(503))
            let late = RawSocket(port: echo.port)
            late.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(late.receiveAnswer().status == 200)
        }

        /// Lowers the limit so that `count` more descriptors can be opened.
        ///
        /// Numbers below that an earlier test gives back late are taken first: the limit is one on numbers, so it must
        /// stand above all that are in use, the server's spare one among them.
        /// - Returns: The old limit, and what is to be closed again.
        private func descriptorLimit(leaving count: Int) throws -> (old: rlimit, taken: ArraySlice<Int32>) {
            var old = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old)
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            let highest = try #require(open.compactMap { Int32($0) }.max())
            var taken = [dup(0)]
            while let last = taken.last, last >= 0, last < highest + Int32(count) { taken.append(dup(0)) }
            var new = old
            new.rlim_cur = rlim_t(try #require(taken.last) + 1)
            for descriptor in taken.suffix(count) { close(descriptor) }
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &new)
            return (old, taken.dropLast(count))
        }
    }
}
