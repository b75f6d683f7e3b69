import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct Resume {
        /// The promise every client relies on: whatever breaks between, the events carry a replica to the present.
        @Test(arguments: UInt64(0)..<(runsLargestTests ? 40 : 4))
        func `replicas of clients that lose their connections equal a fresh snapshot`(seed: UInt64) async throws {
            let daemon = try Daemon()
            let clients = [try await daemon.member("ann"), try await daemon.member("bob")]
            let room = try await clients[0].createRoom(name: "agora", title: "Agora")
            _ = try await clients[1].join(room.id)
            let followers = try await follow(clients, room.id)
            var random = SplitMix64(seed: seed)
            for step in 0..<(runsLongTests ? 300 : 80) {
                let client = clients[Int.random(in: 0...1, using: &random)]
                if Int.random(in: 0..<6, using: &random) == 0 { await client.breakConnection() }
                if step % 40 == 39, seed % 2 == 1 { await clients[step / 40 % 2].breakConnection() }
                await act(client, room.id, &random)
            }
            let head = try await clients[0].history(of: room.id, limit: 1).elements.last?.seq
            for (client, follower) in zip(clients, followers) {
                let caughtUp = await eventually { await follower.replica.seq == head }
                let replica = await follower.replica
                #expect(caughtUp, "the replica stands at \(replica.seq) of \(head ?? 0)")
                try await expectReplicaMatches(client, room.id, replica)
                await client.stop()
            }
        }

        private func follow(_ clients: [Client], _ room: RoomID) async throws -> [Follower] {
            var followers: [Follower] = []
            for client in clients {
                let queue = await client.events()
                let follower = Follower(try await client.update(RoomReplica(id: room)))
                Task { await follower.follow(queue) }
                followers.append(follower)
            }
            return followers
        }

        /// Something that members do; what the server refuses of it, and what a broken connection leaves open, is fine.
        private func act(_ client: Client, _ room: RoomID, _ random: inout SplitMix64) async {
            let target = Int64.random(in: 1...40, using: &random)
            let (choice, text) = (Int.random(in: 0..<12, using: &random), "text \(random.next() % 1000)")
            do {
                switch choice {
                case 0...3: _ = try await client.post(text, to: room)
                case 4: _ = try await client.post(text, to: room, thread: target)
                case 5: try await client.edit(target, in: room, text: text)
                case 6: try await client.delete(target, in: room)
                case 7: try await client.react(["👍", "🎉", "😀"][Int(target % 3)], to: target, in: room)
                case 8: try await client.unreact("👍", from: target, in: room)
                case 9: try await client.pin(target, in: room)
                case 10: try await client.updateThread(target, in: room, title: text, isClosed: target % 5 == 0)
                default: try await client.update(room, .init(topic: text))
                }
            } catch ClientError.refused, ClientError.disconnected {
                return
            } catch {
                Issue.record(error)
            }
        }

        @Test func `a client catches up by history when its reader was slow`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let bob = try await daemon.member("bob") { $0.eventLimit = 20 }
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let start = try await bob.join(room.id).seq
            let queue = await bob.events()
            for number in 0..<100 { _ = try await ann.post("\(number)", to: room.id) }
            var expected = start + 1
            while expected <= start + 100, let next = await queue.next() {
                guard case .event(let event) = next, event.name == "message.posted" else { continue }
                #expect(event.seq == expected)
                expected += 1
            }
            #expect(expected == start + 101)
        }
    }
}

/// Applies everything that a client hears of one room.
private actor Follower {
    var replica: RoomReplica

    init(_ replica: RoomReplica) { self.replica = replica }

    func follow(_ queue: EventQueue) async {
        for await next in queue {
            guard case .event(let event) = next, event.room == replica.id else { continue }
            do {
                let outcome = try replica.apply(event)
                #expect(outcome != .missesEarlier, "\(event.json) leaves a hole after \(replica.seq)")
            } catch {
                Issue.record(error)
            }
        }
    }
}
