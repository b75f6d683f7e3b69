import Glibc
import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Crowds, silent peers, missing descriptors and jumping clocks (faults F5–F9, F11–F13).
    @Suite struct NetworkFaults {
        @Test func `everybody comes back from a restart without a gap`() async throws {
            let daemon = try Daemon(settings: ["trusted_proxies": "127.0.0.1"])
            let ann = try await daemon.member("ann") { $0.patience = .seconds(60) }
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let crowd = try await crowd(runsLargestTests ? 5_000 : 100, daemon, room.id)
            var queues: [EventQueue] = []
            for client in crowd { queues.append(await client.events()) }
            for number in 0..<10 { _ = try await ann.post("before \(number)", to: room.id) }
            #expect(daemon.stop())
            try daemon.start()
            for number in 0..<10 { _ = try await ann.post("after \(number)", to: room.id) }
            let head = try #require(try await ann.history(of: room.id, limit: 1).elements.last?.seq)
            for (client, queue) in zip(crowd, queues) {
                #expect(await eventually(within: .seconds(30)) { await client.position(in: room.id) == head })
                await client.stop()
                var last = head - 20
                for await next in queue {
                    guard case .event(let event) = next, event.room == room.id, let seq = event.seq else { continue }
                    #expect(seq == last + 1)
                    last = seq
                }
                #expect(last == head)
            }
        }

        private func crowd(_ count: Int, _ daemon: Daemon, _ room: RoomID) async throws -> [Client] {
            var crowd: [Client] = []
            for number in 0..<count {
                let client = try daemon.client { $0.patience = .seconds(60) }
                _ = try await client.signIn(token: try daemon.registerAfar("crowd-\(number)", number: number))
                crowd.append(client)
                _ = try await client.join(room)
            }
            return crowd
        }

        @Test func `silence before, in and after a request head is cut, and others are served meanwhile`() async throws
        {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let beginnings = [
                "", "GET / HT", "GET /v1/socket HTTP/1.1\r\nHost: x\r\nX-Slow: ",
                "POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
            ]
            var sockets: [RawSocket] = []
            for number in 0..<(runsLongTests ? 1_000 : 100) {
                let socket = try RawSocket(port: daemon.port)
                socket.send(beginnings[number % beginnings.count])
                sockets.append(socket)
            }
            _ = try await ann.post("meanwhile", to: room.id)
            let deadline = ContinuousClock.now + patience(.seconds(16))
            let kept = sockets.count { !$0.isClosedByPeer(within: deadline - .now) }
            #expect(kept == 0, "of \(sockets.count) silent connections")
            _ = try await ann.post("afterwards", to: room.id)
        }

        @Test func `heads that smuggle, overflow or lie are refused`() throws {
            let daemon = try Daemon()
            let requests = [
                "POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/accounts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n{}{}",
                "POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\nHost: x\r\n\r\n", "GET /\r\n\r\n",
                "\u{16}\u{3}\u{1}\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + String(repeating: "a", count: 1 << 20) + "\r\n\r\n",
            ]
            for request in requests {
                let socket = try RawSocket(port: daemon.port)
                socket.send(request)
                let head = socket.readHead(within: .seconds(5))
                let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
                #expect(
                    status == nil || (400..<600).contains(status ?? 0),
                    "\(request.prefix(80).debugDescription): \(head)")
                #expect(socket.isClosedByPeer(within: .seconds(5)), "\(request.prefix(80).debugDescription)")
            }
            #expect(try HTTP.get("/healthz", port: daemon.port).status == 200)
        }

        @Test func `without descriptors the daemon waits instead of spinning, and goes on`() async throws {
            let daemon = try Daemon()
            let owner = try await daemon.owner()
            let eve = try await daemon.member("eve")
            let room = try await owner.createRoom(name: "agora", title: "Agora")
            // Tables are built for the first text, and the store's readers opened for the first questions.
            _ = try await owner.post("warm", to: room.id)
            #expect(try await eventually { try await !owner.search("warm").isEmpty })
            try limitFiles(of: daemon, to: "\(daemon.meter.openFileCount + 3)")
            // Who is let in or waits at the door stays; others are turned away.
            var crowd: [RawSocket] = []
            let isTaken = try await eventually {
                crowd.append(try RawSocket(port: daemon.port))
                return isFull(daemon)
            }
            #expect(isTaken, "\(daemon.meter.openFileCount) descriptors, \(crowd.count) strangers")
            let before = daemon.meter.processorTime
            let start = ContinuousClock.now
            for _ in 0..<20 {
                _ = try await owner.post("still writing", to: room.id)
                crowd.append(try RawSocket(port: daemon.port))
                try await Task.sleep(for: .milliseconds(100))
            }
            let share = (daemon.meter.processorTime - before).seconds / (ContinuousClock.now - start).seconds
            #expect(share < 0.2, "\(share) cores")
            #expect(await refusal { try await eve.send("audit.list") }?.code == .forbidden)
            let isAudited = try await eventually {
                try await owner.send("audit.list").objects("rows").contains { $0.string("action") == "denied.command" }
            }
            #expect(isAudited)
            try limitFiles(of: daemon, to: "1000")
            crowd.removeAll()
            #expect(await eventually { (try? HTTP.get("/healthz", port: daemon.port).status) == 200 })
            #expect(daemon.metrics()["lyceum_accept_errors_total"] ?? 0 > 0)
            #expect(await owner.isSignedIn)
        }

        /// Whether a stranger is turned away or left waiting.
        private func isFull(_ daemon: Daemon) -> Bool {
            guard let socket = try? RawSocket(port: daemon.port) else { return true }
            defer { socket.close() }
            socket.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return !socket.readHead(within: .seconds(2)).hasPrefix("HTTP/1.1 200")
        }

        private func limitFiles(of daemon: Daemon, to limit: String) throws {
            let change = try ChildProcess(["prlimit", "--pid", "\(daemon.process.id)", "--nofile=\(limit):"])
            _ = change.waitForExit(within: .seconds(10))
            #expect(change.exitCode == 0)
        }

        @Test func `who comes over the limit is told when to come again, and finds the place that was left`() throws {
            let daemon = try Daemon(settings: ["limits.connections": "5"])
            var sockets = try (0..<5).map { _ in try RawSocket.webSocket(port: daemon.port) }
            let excess = try RawSocket(port: daemon.port)
            let head = excess.readHead()
            #expect(head.hasPrefix("HTTP/1.1 503"))
            #expect(head.lowercased().contains("\r\nretry-after: "))
            #expect(excess.isClosedByPeer(within: .seconds(5)))
            sockets.removeLast().close()
            #expect(poll(within: .seconds(10)) { (try? RawSocket.webSocket(port: daemon.port)) != nil })
        }

        /// Members that come and go without end (fault F8): the others hear of it once a second, in one event.
        @Test func `a storm of presence is told in few events, and rightly at its end`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            let tokens = try await (0..<20).asyncMap {
                try await Self.absent("flap-\($0)", from: room, of: daemon).token
            }
            let last = try await Self.absent("last", from: room, of: daemon)
            let queue = await ann.events()
            let start = ContinuousClock.now
            for _ in 0..<(runsLongTests ? 250 : 10) {
                for token in tokens { _ = try RawSocket.signedIn(port: daemon.port, token: token) }
            }
            let staying = try RawSocket.signedIn(port: daemon.port, token: tokens[0])
            #expect(await eventually { daemon.metrics()["lyceum_websockets"] == 2 })
            // Whoever changed before the last one comes is told before the last one is, or together with them.
            let end = try RawSocket.signedIn(port: daemon.port, token: last.token)
            var events = 0
            var shown: [Int64: String] = [:]
            while shown[last.member.rawValue] != "online" {
                let event = try await next("presence", in: queue)
                events += 1
                for entry in event.json.objects("members") {
                    shown[entry.integer("member") ?? 0] = entry.string("state")
                }
            }
            // Once a second at most, however often the crowd came and went.
            #expect(events <= Int((ContinuousClock.now - start).seconds) + 2)
            for member in try await ann.members(of: room).elements where member.name.hasPrefix("flap") {
                let state = shown[member.id.rawValue] ?? "offline"
                #expect(state == (member.name == "flap-0" ? "online" : "offline"), "\(member.name)")
            }
            for socket in [staying, end] { socket.close() }
        }

        /// A new member of the room who has gone away, and the token to come back with.
        private static func absent(
            _ name: String, from room: RoomID, of daemon: Daemon
        ) async throws -> (member: MemberID, token: String) {
            let client = try daemon.client()
            let token = try await client.register(name: name, password: "password of \(name)").token
            let member = try await client.signIn(token: token).member
            _ = try await client.join(room)
            await client.stop()
            return (member, token)
        }

        /// Processors and memory that others take (fault F13): slower, and nobody is dropped for it.
        @Test(.enabled(if: runsLargestTests)) func `a machine under stress drops nobody`() async throws {
            let daemon = try Daemon(settings: ["trusted_proxies": "127.0.0.1"])
            let ann = try await daemon.member("ann") { $0.patience = .seconds(60) }
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let crowd = try await crowd(50, daemon, room.id)
            let accepted = daemon.metrics()["lyceum_connections_accepted_total"] ?? 0
            let stress = try ChildProcess(
                ["stress-ng", "--cpu", "4", "--vm", "2", "--vm-bytes", "25%", "--timeout", "40s"], standardError: nil)
            for number in 0..<40 {
                _ = try await ann.post("under stress \(number)", to: room.id)
                try await Task.sleep(for: .seconds(1))
            }
            #expect(stress.waitForExit(within: .seconds(30)))
            let head = try #require(try await ann.history(of: room.id, limit: 1).elements.last?.seq)
            for client in crowd {
                #expect(await eventually(within: .seconds(30)) { await client.position(in: room.id) == head })
            }
            #expect(daemon.metrics()["lyceum_timeouts_total"] == 0)
            // The metrics page is asked over connections of its own; nobody else came anew.
            #expect((daemon.metrics()["lyceum_connections_accepted_total"] ?? 0) < accepted + 50)
        }

        @Test(.enabled(if: WallClock.isTurnable)) func `a clock that jumps disorders nothing and ends no session`()
            async throws
        {
            let clock = try WallClock()
            let daemon = try Daemon(clock: clock)
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            var seqs: [Int64] = []
            for jump in ["+0", "+1h", "-1h", "-1d", "+0"] {
                try clock.turn(jump)
                for number in 0..<5 {
                    seqs.append(try #require(try await ann.post("\(jump) \(number)", to: room.id).seq))
                }
                _ = try await ann.members(of: room.id)
            }
            #expect(seqs == Array(seqs[0]..<seqs[0] + 25))
            let ats = try await ann.history(of: room.id, limit: 25).elements.compactMap { $0.json.integer("at") }
            #expect(Set(ats.map { $0 / 3_000_000 }).count >= 3, "the clock did not jump")
            #expect(await ann.isSignedIn)
            let again = try daemon.client()
            #expect(try await again.signIn(name: "ann", password: "password of ann").rooms.count == 1)
        }

        @Test func `fifty readers that stop reading cost bounded memory and nobody's connection but theirs`()
            async throws
        {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            _ = try await bob.join(room.id)
            let token = try #require(try await daemon.client().signIn(name: "bob", password: "password of bob").token)
            let before = daemon.meter.residentBytes
            let sockets = try (0..<50).map { _ in
                try RawSocket.signedIn(port: daemon.port, token: token, receiveBuffer: 4096)
            }
            let text = String(repeating: "a long line ", count: 300)
            let cut = try await eventually(within: .seconds(300)) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 { group.addTask { _ = try await ann.post(text, to: room.id) } }
                    try await group.waitForAll()
                }
                return daemon.metrics()["lyceum_slow_readers_total"] == 50
            }
            #expect(cut)
            #expect(daemon.meter.peakResidentBytes - before < memory(50 << 21))
            #expect(await bob.isSignedIn)
            #expect(sockets.count == 50)
        }

        /// To the daemon a peer that answers no ping is one whose packets are lost.
        @Test(.enabled(if: runsLongTests)) func `a half-open connection is found and forgotten`() async throws {
            let daemon = try Daemon()
            let socket = try RawSocket.webSocket(port: daemon.port)
            #expect(await eventually { daemon.metrics()["lyceum_websockets"] == 1 })
            #expect(await eventually(within: .seconds(36)) { daemon.metrics()["lyceum_websockets"] == 0 })
            #expect(socket.isClosedByPeer(within: .seconds(5)))
        }
    }
}
