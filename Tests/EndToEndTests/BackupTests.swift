import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Copies made while people talk (fault F18).
    @Suite struct Backups {
        @Test func `a backup made under load has everything that was acknowledged before it began`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            var acknowledged: [Int64] = []
            for number in 0..<200 {
                acknowledged.append(try #require(try await ann.post("\(number)", to: room.id).seq))
            }
            let talking = Task {
                while !Task.isCancelled { _ = try await ann.post("meanwhile", to: room.id) }
            }
            let folder = "\(daemon.scratchPath)/copies"
            try run("backup", "create", folder, "--data", daemon.dataPath)
            talking.cancel()
            _ = await talking.result
            let search = try ChildProcess(["find", folder, "-name", "*.db"])
            let copy = try #require(search.outputToEnd(within: .seconds(10)).first)
            try run("backup", "verify", copy)
            let restored = "\(daemon.scratchPath)/restored"
            try run("backup", "restore", copy, "--data", restored)

            let second = try Daemon(data: restored)
            let again = try second.client()
            let entry = try #require(try await again.signIn(name: "ann", password: "password of ann").rooms.first)
            #expect(entry.epoch != room.epoch, "numbers may be given anew, so cursors of before must not be continued")
            let stored =
                try await again.history(of: room.id, after: 0, limit: 200).elements
                + again.history(of: room.id, after: 200, limit: 200).elements
            #expect(Set(acknowledged).isSubset(of: stored.compactMap(\.seq)))
            _ = try await again.post("life goes on", to: room.id)
        }

        private func run(_ arguments: String...) throws {
            let process = try ChildProcess([Daemon.executable] + arguments, standardError: nil)
            _ = process.outputToEnd(within: .seconds(60))
            #expect(process.exitCode == 0, "\(arguments.joined(separator: " "))")
        }
    }
}
