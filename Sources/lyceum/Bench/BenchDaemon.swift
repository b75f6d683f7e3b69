import ArgumentParser
import Glibc
import Harness
import LyceumProtocol

/// A daemon under measurement: seeded offline, gone with its folder, and alone on its core unless told otherwise.
struct BenchDaemon {
    private let folder: TemporaryFolder
    private let daemon: DaemonProcess
    private let accounts: String
    /// Its data folder.
    let dataPath: String

    /// What is seeded before the daemon starts.
    struct Community {
        var members: Int
        var rooms: Int
        /// How many of the rooms each member is in, spread evenly.
        var roomsEach = 1
        /// Whether everybody is in the first room besides.
        var commonRoom = false
        /// How many questions an open Q&A session in the first room has.
        var questions = 0

        fileprivate var options: [String] {
            [
                "--members", "\(members)", "--rooms", "\(rooms)", "--rooms-each", "\(roomsEach)",
                "--questions", "\(questions)",
            ] + (commonRoom ? ["--common-room"] : [])
        }
    }

    init(_ community: Community, settings: [String] = [], core: Int? = CoreAffinity.daemonCore) throws {
        FileLimit.raise()
        folder = try TemporaryFolder(prefix: "lyceum-bench")
        accounts = "\(folder.path)/accounts.jsonl"
        dataPath = "\(folder.path)/data"
        let seed = try ChildProcess(
            [ownExecutable, "bench", "seed", "--data", dataPath, "--accounts", accounts] + community.options,
            standardError: nil)
        _ = seed.outputToEnd(within: .seconds(600))
        guard seed.exitCode == 0 else { throw ValidationError("Seeding the community failed.") }
        daemon = try DaemonProcess(
            executable: ownExecutable, data: dataPath, arguments: Self.flags + settings.flatMap { ["--set", $0] },
            log: "\(folder.path)/log",
            core: core)
    }

    /// Nobody but a load sends so much, and what is measured is the daemon, not its limits. The rules that came with the
    /// program would refuse a load as the flood that it is; the rest of the moderation stage stays.
    private static let flags = [
        "--set", "limits.commands_per_minute=10000000", "--set", "limits.connections_per_address=100000",
        "--set", "moderation.rules=none",
    ]

    /// What it has counted since it started.
    var metrics: [String: Double] { daemon.metrics() }
    /// A folder on the same disk as its data.
    var scratchPath: String { folder.path }
    var port: UInt16 { daemon.port }

    /// The tokens of the seeded members.
    var tokens: [String] {
        readFile(accounts).split(separator: "\n").compactMap { line in
            Array(line.utf8).withUnsafeBytes { (try? JSONObject(parsing: $0))?["token"]?.string }
        }
    }

    /// Waits until the daemon rests, but a minute at most. What follows a load at its own pace, the index and the tracker,
    /// would else be counted with the next one.
    func settle() {
        var before = daemon.meter.processorTime
        for _ in 0..<120 {
            usleep(500_000)
            let now = daemon.meter.processorTime
            if now - before < .milliseconds(25) { return }
            before = now
        }
    }

    var residentBytes: Int { daemon.meter.residentBytes }

    /// What every load against this daemon is told.
    var options: [String] {
        ["--port", "\(daemon.port)", "--daemon", "\(daemon.process.id)", "--accounts", accounts]
    }

    func stop() { daemon.stop(within: .seconds(10)) }
}
