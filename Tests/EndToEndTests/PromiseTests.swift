import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// The promises of the design, one by one.
    @Suite struct Promises {
        @Test func `a room's numbers have no holes and everybody sees one order`() async throws {
            let daemon = try Daemon()
            let clients = try await members(6, daemon)
            let room = try await clients[0].createRoom(name: "agora", title: "Agora")
            for client in clients.dropFirst() { _ = try await client.join(room.id) }
            let start = try #require(await clients[5].position(in: room.id))
            var queues: [EventQueue] = []
            for client in clients { queues.append(await client.events()) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, client) in clients.enumerated() {
                    group.addTask {
                        for number in 0..<30 { _ = try await client.post("\(index):\(number)", to: room.id) }
                    }
                }
                try await group.waitForAll()
            }
            var orders: [[Int64]] = []
            for queue in queues { orders.append(await posts(180, of: room.id, from: queue)) }
            #expect(orders[5] == Array(start + 1...start + 180))
            for order in orders { #expect(order.suffix(180) == orders[5].suffix(180)) }
        }

        private func posts(_ count: Int, of room: RoomID, from queue: EventQueue) async -> [Int64] {
            var seqs: [Int64] = []
            while seqs.count < count, let next = await queue.next() {
                if case .event(let event) = next, event.name == "message.posted", let seq = event.seq {
                    seqs.append(seq)
                }
            }
            return seqs
        }

        @Test func `a nonce posts once for its author and is nobody else's`() async throws {
            let daemon = try Daemon()
            let (ann, bob) = (try await daemon.member("ann"), try await daemon.member("bob"))
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            _ = try await bob.join(room.id)
            let first = try await ann.post("once", to: room.id, nonce: "n")
            let again = try await ann.post("once", to: room.id, nonce: "n")
            #expect(again.seq == first.seq)
            #expect(again.isDuplicate && !first.isDuplicate)
            let other = try await bob.post("another's", to: room.id, nonce: "n")
            #expect(other.seq != first.seq && !other.isDuplicate)
            daemon.kill()
            try daemon.start()
            let client = try daemon.client()
            _ = try await client.signIn(name: "ann", password: "password of ann")
            let afterwards = try await client.post("once", to: room.id, nonce: "n")
            #expect(afterwards.seq == first.seq && afterwards.isDuplicate)
        }

        @Test func `one nonce sent fifty times at once posts once`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let receipts = try await withThrowingTaskGroup(of: PostReceipt.self) { group in
                for _ in 0..<50 { group.addTask { try await ann.post("once", to: room.id, nonce: "same") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(receipts.map(\.seq)).count == 1)
            #expect(receipts.count { !$0.isDuplicate } == 1)
        }

        @Test func `resuming is complete or says reset, never a part`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            for number in 0..<20 { _ = try await ann.post("\(number)", to: room.id) }
            let token = try #require(try await daemon.client().signIn(name: "ann", password: "password of ann").token)
            let head = try await ann.join(room.id).seq
            func resume(_ epoch: String, _ seq: Int64) throws -> (answer: String, socket: RawSocket) {
                let socket = try RawSocket.webSocket(port: daemon.port)
                let cursor = #"{"room":\#(room.id),"epoch":"\#(epoch)","seq":\#(seq)}"#
                let answer = socket.ask(1, #""do":"session.open","token":"\#(token)","resume":[\#(cursor)]"#)
                return (try #require(answer), socket)
            }
            let (answer, socket) = try resume(room.epoch, head - 12)
            #expect(answer.contains(#""replay":12"#))
            for seq in head - 11...head { #expect(socket.frame()?.text.contains("\"seq\":\(seq),") == true) }
            #expect(try resume("elsewhere", head - 1).answer.contains(#""reset":{"#))
            #expect(try resume(room.epoch, head + 1).answer.contains(#""reset":{"#))
            #expect(try resume(room.epoch, head).answer.contains(#""replay":0"#))
        }

        @Test func `a reader that falls far behind is told to reload rather than flooded`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let text = String(repeating: "long ", count: 700)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<300 { group.addTask { _ = try await ann.post(text, to: room.id) } }
                try await group.waitForAll()
            }
            let token = try #require(try await daemon.client().signIn(name: "ann", password: "password of ann").token)
            let socket = try RawSocket.webSocket(port: daemon.port)
            let cursor = #"{"room":\#(room.id),"epoch":"\#(room.epoch)","seq":2}"#
            let answer = socket.ask(1, #""do":"session.open","token":"\#(token)","resume":[\#(cursor)]"#)
            #expect(answer?.contains(#""reset":{"#) == true)
        }

        @Test func `a slow reader is closed resumably and nobody else notices`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let slow = try daemon.client()
            let token = try await slow.register(name: "slow", password: "password of slow").token
            _ = try await slow.signIn(token: token)
            _ = try await slow.join(room.id)
            await slow.stop()
            let socket = try RawSocket.signedIn(port: daemon.port, token: token, receiveBuffer: 4096)
            let text = String(repeating: "a long line ", count: 300)
            let before = daemon.meter.residentBytes
            // Few at once: whoever is closed has three seconds to read it, and this must have looked by then.
            let closed = try await eventually(within: .seconds(30)) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { _ = try await ann.post(text, to: room.id) } }
                    try await group.waitForAll()
                }
                return daemon.metrics()["lyceum_slow_readers_total"] == 1
            }
            #expect(closed)
            #expect(daemon.meter.residentBytes - before < memory(64 << 20))
            #expect(socket.closeCode() == CloseCode.slowReader.rawValue)
            #expect(await ann.isSignedIn)
        }

        @Test func `limits are announced and held`() async throws {
            let daemon = try Daemon(settings: [
                "limits.text_chars": "50", "limits.frame_bytes": "4096", "limits.commands_per_minute": "60",
            ])
            let ann = try await daemon.member("ann") { $0.patience = .seconds(1) }
            let hello = try #require(await ann.hello)
            #expect(hello.object("limits")?.integer("text_chars") == 50)
            #expect(hello.object("limits")?.integer("frame_bytes") == 4096)
            #expect(hello.object("limits")?.integer("commands_per_minute") == 60)
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            _ = try await ann.post(String(repeating: "文", count: 50), to: room.id)
            let tooLong = await refusal { try await ann.post(String(repeating: "文", count: 51), to: room.id) }
            #expect(tooLong?.code == .tooLarge)
            var limited: Refusal?
            for _ in 0..<80 where limited == nil { limited = await refusal { try await ann.members(of: room.id) } }
            #expect(limited?.code == .rateLimited)
            #expect((limited?.retryAfterMilliseconds ?? 0) > 0)
        }

        private func members(_ count: Int, _ daemon: Daemon) async throws -> [Client] {
            var members: [Client] = []
            for number in 0..<count { members.append(try await daemon.member("member-\(number)")) }
            return members
        }
    }
}
