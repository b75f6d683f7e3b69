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
            if runsLargestTests { try grow(daemon.dataPath, toMegabytes: 1024) }
            let talking = Task {
                await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            while !Task.isCancelled { _ = try await ann.post("meanwhile", to: room.id) }
                        }
                    }
                }
            }
            let phone = try await daemon.client().signIn(name: "ann", password: "password of ann")
            let token = try #require(phone.token)
            let folder = "\(daemon.scratchPath)/copies"
            try Daemon.perform("backup", "create", folder, "--data", daemon.dataPath)
            talking.cancel()
            _ = await talking.result
            let search = try ChildProcess(["find", folder, "-name", "*.db"])
            let copy = try #require(search.outputToEnd(within: .seconds(10)).first)
            try Daemon.perform("backup", "verify", copy)
            let restored = "\(daemon.scratchPath)/restored"
            try Daemon.perform("backup", "restore", copy, "--data", restored)

            let second = try Daemon(data: restored)
            let again = try second.client()
            // The copy cannot know which sessions were revoked after it was taken, so it opens none.
            let late = await refusal { _ = try await second.client().signIn(token: token) }
            #expect(late?.code == .unauthenticated)
            let entry = try #require(try await again.signIn(name: "ann", password: "password of ann").rooms.first)
            #expect(entry.epoch != room.epoch, "numbers may be given anew, so cursors of before must not be continued")
            let stored =
                try await again.history(of: room.id, after: 0, limit: 200).elements
                + again.history(of: room.id, after: 200, limit: 200).elements
            #expect(Set(acknowledged).isSubset(of: stored.compactMap(\.seq)))
            _ = try await again.post("life goes on", to: room.id)
        }

        @Test func `a daemon that was stopped leaves one file that is the whole record`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            _ = try await ann.post("the last word", to: room)
            #expect(daemon.stop())
            let other = "\(daemon.scratchPath)/other"
            let copying = try ChildProcess([
                "sh", "-c", "mkdir $1 && cp $0/lyceum.db $1 && ls $0", daemon.dataPath, other,
            ])
            let files = copying.outputToEnd(within: .seconds(10))
            #expect(copying.exitCode == 0 && !files.contains("lyceum.db-wal"), "\(files)")
            let second = try Daemon(data: other)
            let again = try second.client()
            _ = try await again.signIn(name: "ann", password: "password of ann")
            #expect(try await again.history(of: room).elements.last?.json.string("text") == "the last word")
        }

        /// To a copy one page is like another, so these are of a table that nothing reads.
        private func grow(_ data: String, toMegabytes megabytes: Int) throws {
            let sql = """
                CREATE TABLE ballast (bytes BLOB);
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(megabytes))
                INSERT INTO ballast SELECT randomblob(1048576) FROM n;
                """
            let process = try ChildProcess(["sqlite3", "-cmd", ".timeout 60000", "\(data)/lyceum.db", sql])
            _ = process.outputToEnd(within: .seconds(180))
            #expect(process.exitCode == 0)
        }
    }
}
