import Glibc
import Locking
import LyceumClient
import LyceumProtocol
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    /// What is left when the daemon dies under load (fault F1) or goes in order (F17).
    @Suite struct Crash {
        private static let clients = runsLargestTests ? 200 : 10
        private static let kills = runsLargestTests ? 50 : 3

        @Test func `every acknowledged post survives kill -9 once, and none comes twice`() async throws {
            let daemon = try Daemon()
            try await check(daemon, interruptions: Self.kills) { daemon in
                daemon.kill()
                try daemon.start()
            }
        }

        @Test func `no acknowledged post is lost when the daemon is restarted in order`() async throws {
            let daemon = try Daemon()
            try await check(daemon, interruptions: 1) { daemon in
                #expect(daemon.stop())
                #expect(daemon.process.exitCode == 0)
                try daemon.start()
            }
        }

        private func check(
            _ daemon: Daemon, interruptions: Int, _ interrupt: (Daemon) throws -> Void
        ) async throws {
            let clients = try await posters(daemon)
            let room = try await clients[0].createRoom(name: "agora", title: "Agora").id
            for client in clients.dropFirst() { _ = try await client.join(room) }
            let ledger = Ledger()
            let posting = Task {
                await withTaskGroup(of: Void.self) { group in
                    for (index, client) in clients.enumerated() {
                        group.addTask { await post(as: index, client, room, ledger) }
                    }
                }
            }
            for _ in 0..<interruptions {
                let target = ledger.acknowledged.count + (runsLargestTests ? 1_000 : 150)
                #expect(await eventually(within: .seconds(60)) { ledger.acknowledged.count >= target })
                try interrupt(daemon)
            }
            let target = ledger.acknowledged.count + 100
            #expect(await eventually(within: .seconds(60)) { ledger.acknowledged.count >= target })
            ledger.close()
            await posting.value
            try await compare(ledger, with: room, through: clients[0])
            for client in clients { await client.stop() }
            // A copy counts only once SQLite's structure, the projections and the audit log's chain were found whole.
            try Daemon.perform("backup", "create", "\(daemon.scratchPath)/copies", "--data", daemon.dataPath)
            try Daemon.perform("audit", "verify", "--data", daemon.dataPath)
        }

        private func posters(_ daemon: Daemon) async throws -> [Client] {
            var clients: [Client] = []
            for number in 0..<Self.clients {
                clients.append(try await daemon.member("poster-\(number)") { $0.patience = .seconds(60) })
            }
            return clients
        }

        private func post(as index: Int, _ client: Client, _ room: RoomID, _ ledger: Ledger) async {
            var number = 0
            while !ledger.isClosed {
                number += 1
                let text = "\(index):\(number)"
                do {
                    let receipt = try await client.post(text, to: room)
                    if let seq = receipt.seq { ledger.note(text, seq) }
                } catch {
                    Issue.record(error)
                    return
                }
            }
        }

        private func compare(_ ledger: Ledger, with room: RoomID, through client: Client) async throws {
            var stored: [String: Int64] = [:]
            var expected: Int64 = 1
            var after: Int64? = 0
            while let position = after {
                let page = try await client.history(of: room, after: position, limit: 200)
                for event in page.elements {
                    #expect(event.seq == expected)
                    expected += 1
                    guard event.name == "message.posted", let text = event.json.string("text") else { continue }
                    #expect(stored.updateValue(event.seq ?? 0, forKey: text) == nil, "\(text) was posted twice")
                }
                after = page.next
            }
            #expect(stored == ledger.acknowledged)
        }
    }
}

/// What the server has acknowledged, as its clients remember it.
private final class Ledger: Sendable {
    private let entries = Locked<[String: Int64]>([:])
    private let closed = Atomic(false)

    var acknowledged: [String: Int64] { entries.withLock { $0 } }
    var isClosed: Bool { closed.load(ordering: .acquiring) }

    func note(_ text: String, _ seq: Int64) { entries.withLock { $0[text] = seq } }
    func close() { closed.store(true, ordering: .releasing) }
}
