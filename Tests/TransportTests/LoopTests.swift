import Glibc
import Locking
import Testing

@testable import Transport

extension SocketTests {
    @Suite struct LoopTests {
        @Test func `work handed over by several threads runs in the order of each`() async throws {
            let loop = try EventLoop.forClients()
            let seen = Locked<[[Int]]>(Array(repeating: [], count: 4))
            await withTaskGroup(of: Void.self) { group in
                for thread in 0..<4 {
                    group.addTask {
                        for number in 0..<5_000 {
                            loop.perform { _ in seen.withLock { $0[thread].append(number) } }
                        }
                    }
                }
            }
            await loop.nothing()
            let orders = seen.withLock { $0 }
            #expect(orders == Array(repeating: Array(0..<5_000), count: 4))
            loop.stop(grace: .zero)
            loop.waitUntilEnded()
        }

        @Test func `connections spread over the loops and reach each other through them`() async throws {
            let echo = try EchoServer(loops: 2)
            let peers = (0..<64).map { _ in RawSocket.webSocket(port: echo.port) }
            var loops: Set<Int> = []
            for _ in peers { if case .opened(let loop) = await echo.journal.next() { loops.insert(loop) } }
            #expect(loops == [0, 1])
            let chunk = Chunk.text(Array("to all".utf8))
            for loop in echo.server.loops {
                loop.perform { loop in for connection in loop.connections { connection.send(chunk) } }
            }
            for peer in peers { #expect(peer.receiveFrame()?.payload == Array("to all".utf8)) }
        }

        @Test func `stopping tells every peer and leaves no descriptor behind`() async throws {
            // The first use of a library may keep descriptors for good, so they are counted after it.
            do { _ = try EchoServer() }
            let before = await openDescriptorsAtRest()
            do {
                let echo = try EchoServer(loops: 2)
                let peers = (0..<50).map { _ in RawSocket.webSocket(port: echo.port) }
                let asking = RawSocket(port: echo.port)
                asking.send("GET / HTT")
                let answering = Task.detached {
                    echo.server.stop(grace: .seconds(20), code: 4001, reason: "going away", jitter: .milliseconds(50))
                }
                for peer in peers {
                    #expect(peer.receiveCloseCode() == 4001)
                    peer.send(RawSocket.frame(0x88, [0x0f, 0xa1]))
                }
                #expect(asking.isAtEnd())
                for peer in peers { #expect(peer.isAtEnd()) }
                peers.forEach { $0.close() }
                await answering.value
                for _ in peers { #expect(await echo.journal.nextEnd() == .byUs(code: 4001, reason: "going away")) }
            }
            #expect(await openDescriptorsAtRest() == before)
        }

        @Test func `a server that has stopped listening serves those that are there`() async throws {
            let echo = try EchoServer()
            let peer = RawSocket.webSocket(port: echo.port)
            echo.server.stopListening()
            await echo.server.loops[0].nothing()
            #expect(!RawSocket().connect(port: echo.port))
            peer.send(RawSocket.text("hi"))
            #expect(peer.receiveFrame()?.payload == Array("hi".utf8))
        }

        @Test func `a server that never started leaves no descriptor behind`() async throws {
            do { _ = try EchoServer() }
            let before = await openDescriptorsAtRest()
            do {
                let server = try TransportServer(loops: 2, listeners: []) { _, _ in fatalError("no loop may start") }
                #expect(openDescriptors() > before)
                server.stop(grace: .zero)
            }
            #expect(await openDescriptorsAtRest() == before)
        }

        @Test(arguments: [1, 2])
        func `a port that is taken is refused, even by another server that shares it`(loops: Int) throws {
            let echo = try EchoServer(loops: loops)
            let second = try TransportServer(
                loops: loops, listeners: [ListenerConfiguration(host: "127.0.0.1", port: echo.port, label: "second")]
            ) { _, _ in fatalError("no loop of it may start") }
            #expect(throws: TransportError.self) { try second.start() }
        }

        @Test func `counters add up`() async throws {
            let echo = try EchoServer(loops: 2)
            let peers = (0..<10).map { _ in RawSocket.webSocket(port: echo.port) }
            for peer in peers {
                peer.send(RawSocket.text("hi"))
                _ = peer.receiveFrame()
            }
            // Counters are published once a tick.
            while echo.server.statistics.messagesReceived < 10 { await Task.yield() }
            let statistics = withExtendedLifetime(peers) { echo.server.statistics }
            #expect(statistics.accepted == 10)
            #expect(statistics.webSockets == 10)
            #expect(statistics.chunksSent == 20)
        }

        /// Once they no longer change: what wakes a loop is closed by the last task that holds the loop.
        private func openDescriptorsAtRest() async -> Int {
            var (count, repeats) = (openDescriptors(), 0)
            while repeats < 10 {
                try? await Task.sleep(for: .milliseconds(20))
                let next = openDescriptors()
                (count, repeats) = (next, next == count ? repeats + 1 : 0)
            }
            return count
        }

        private func openDescriptors() -> Int {
            (0..<Int32(1_024)).count { fcntl($0, F_GETFD) >= 0 }
        }
    }
}

extension EventLoop {
    /// Returns once everything handed over before it has run.
    ///
    /// It asks where it runs, since the optimiser saves the way to the loop for a body without anything in it.
    func nothing() { preconditionIsolated() }
}
