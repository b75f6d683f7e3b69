import Glibc
import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Disks that fill up, fail or lie (faults F3 and F4), and what must not be started on.
    @Suite struct DiskFaults {
        @Test func `a full disk refuses posts by name, serves reading, and heals without a restart`() async throws {
            let disk = try SmallDisk(megabytes: 24)
            let daemon = try Daemon(data: "\(disk.path)/data")
            let ann = try await daemon.member("ann") { $0.patience = .seconds(5) }
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let first = try #require(try await ann.post("before", to: room.id).seq)
            try disk.fill()
            var full: Refusal?
            for number in 0..<2_000 where full == nil {
                full = await refusal { try await ann.post(String(repeating: "\(number) ", count: 700), to: room.id) }
            }
            #expect(full?.code == .storageFull)
            #expect(full?.code.isRetryable == true)
            try await ann.delete(first, in: room.id)
            #expect(try await ann.history(of: room.id, after: first - 1, limit: 1).elements.first?.seq == first)
            #expect(try HTTP.get("/healthz", port: daemon.port).status == 200)
            #expect(try HTTP.get("/readyz", port: daemon.port).status == 503)
            #expect((daemon.metrics()["lyceum_storage_errors_total"] ?? 0) > 0)
            disk.release()
            #expect(await eventually { await refusal { try await ann.post("after", to: room.id) } == nil })
            #expect(try await eventually { try HTTP.get("/readyz", port: daemon.port).status == 200 })
            try await expectNoHoles(ann, room.id)
        }

        @Test func `a file-size limit is an error of the disk, not the end of the daemon`() async throws {
            let daemon = try Daemon(wrapper: ["sh", "-c", "ulimit -f 16384; exec \"$@\"", "sh"])
            let ann = try await daemon.member("ann") { $0.patience = .seconds(20) }
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            var failed: Refusal?
            for number in 0..<4_000 where failed == nil {
                failed = await refusal { try await ann.post(String(repeating: "\(number) ", count: 700), to: room.id) }
            }
            #expect(failed?.code == .unavailable || failed?.code == .storageFull)
            #expect(daemon.process.isRunning)
            #expect(try await ann.history(of: room.id, limit: 1).elements.count == 1)
        }

        @Test func `a sync that fails acknowledges nothing, and what was acknowledged is there afterwards`()
            async throws
        {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann") { $0.patience = .seconds(1) }
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            var acknowledged: [Int64] = []
            for number in 0..<20 { acknowledged.append(try #require(try await ann.post("\(number)", to: room.id).seq)) }
            let fault = try ChildProcess([
                "strace", "-I1", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e",
                "inject=fsync,fdatasync:error=EIO", "-p", "\(daemon.process.id)",
            ])
            #expect(await eventually { !readFile("/proc/\(daemon.process.id)/status").contains("TracerPid:\t0") })
            let failure = await refusal {
                acknowledged.append(try #require(try await ann.post("lost", to: room.id).seq))
            }
            #expect(failure?.code == .unavailable)
            #expect(try HTTP.get("/readyz", port: daemon.port).status == 503)
            #expect((daemon.metrics()["lyceum_storage_errors_total"] ?? 0) > 0)
            #expect(try await ann.history(of: room.id, limit: 10).elements.isEmpty == false)
            // The power fails now: what the disk had not taken for sure must not have been promised.
            daemon.kill()
            #expect(fault.waitForExit(within: .seconds(5)))
            try daemon.start()
            let again = try daemon.client()
            _ = try await again.signIn(name: "ann", password: "password of ann")
            let stored = try await again.history(of: room.id, after: 0, limit: 200).elements.compactMap(\.seq)
            #expect(Set(acknowledged).isSubset(of: stored))
            try await expectNoHoles(again, room.id)
        }

        @Test func `a sync that failed once is healed without a restart`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann") { $0.patience = .seconds(10) }
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let fault = try ChildProcess([
                "strace", "-I1", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e",
                "inject=fsync,fdatasync:error=EIO", "-p", "\(daemon.process.id)",
            ])
            #expect(await eventually { !readFile("/proc/\(daemon.process.id)/status").contains("TracerPid:\t0") })
            let refused = await refusal { try await ann.edit(1, in: room.id, text: "x") }
            let failed = await refusal { try await ann.update(room.id, .init(topic: "x")) }
            #expect(refused != nil && failed?.code == .unavailable)
            fault.signal(SIGTERM)
            #expect(fault.waitForExit(within: .seconds(5)))
            _ = try await ann.post("after", to: room.id)
            #expect(try await eventually { try HTTP.get("/readyz", port: daemon.port).status == 200 })
            try await expectNoHoles(ann, room.id)
        }

        @Test func `two daemons do not serve one data folder`() throws {
            let daemon = try Daemon()
            #expect(throws: (any Error).self) { try Daemon(data: daemon.dataPath) }
            #expect(try HTTP.get("/readyz", port: daemon.port).status == 200)
        }

        @Test func `a newer schema is refused with a sentence`() throws {
            let daemon = try Daemon()
            daemon.stop()
            let change = try ChildProcess([
                "sqlite3", "\(daemon.dataPath)/lyceum.db",
                "INSERT INTO grdb_migrations VALUES ('99999-from-the-future')",
            ])
            _ = change.outputToEnd(within: .seconds(10))
            #expect(change.exitCode == 0)
            #expect(throws: (any Error).self) { try daemon.start() }
            #expect(daemon.log.contains("newer"))
        }

        @Test func `a log damaged on the disk is refused by name, and recovered as far as it goes`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            // What a store begins with leaves the log.
            daemon.stop()
            try daemon.start()
            for number in 0..<40 { _ = try await ann.post("\(number)", to: room.id) }
            daemon.kill()
            try flipBit(inTheMiddleOf: "\(daemon.dataPath)/lyceum.db-wal")
            let refused = try ChildProcess([
                Daemon.executable, "serve", "--data", daemon.dataPath, "--listen", "127.0.0.1:0",
            ])
            _ = refused.outputToEnd(within: patience(.seconds(60)))
            #expect(refused.exitCode == 74)
            #expect(throws: (any Error).self) { try daemon.start() }
            #expect(daemon.log.contains("lyceum backup recover"))
            try Daemon.perform("backup", "recover", "--data", daemon.dataPath)
            try daemon.start()
            let again = try daemon.client()
            _ = try await again.signIn(name: "ann", password: "password of ann")
            try await expectNoHoles(again, room.id)
            _ = try await again.post("life goes on", to: room.id)
        }

        private func flipBit(inTheMiddleOf path: String) throws {
            let file = open(path, O_RDWR)
            defer { close(file) }
            let place = lseek(file, 0, SEEK_END) / 2
            var byte: UInt8 = 0
            #expect(pread(file, &byte, 1, place) == 1)
            byte ^= 1
            #expect(pwrite(file, &byte, 1, place) == 1)
        }

        private func expectNoHoles(_ client: Client, _ room: RoomID) async throws {
            var expected: Int64 = 1
            var after: Int64? = 0
            while let position = after {
                let page = try await client.history(of: room, after: position, limit: 200)
                for event in page.elements {
                    #expect(event.seq == expected)
                    expected += 1
                }
                after = page.next
            }
        }
    }
}

/// A file system of a few megabytes, mounted for one test.
final class SmallDisk {
    let path: String
    private let folder: TemporaryFolder

    init(megabytes: Int) throws {
        folder = try TemporaryFolder(prefix: "lyceum-disk")
        path = folder.path
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            throw ChildProcess.Failure.cannotStart("mount", errno: errno)
        }
    }

    /// Takes all that is free but a few kilobytes.
    func fill() throws {
        let descriptor = open("\(path)/ballast", O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 0, count: 65_536)
        while write(descriptor, block, block.count) == block.count {}
        close(descriptor)
    }

    func release() { unlink("\(path)/ballast") }

    deinit { umount2(path, Int32(MNT_DETACH)) }
}
