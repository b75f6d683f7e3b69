import ArgumentParser
import Glibc
import Harness
import LyceumProtocol

/// `lyceum bench …`: measures a daemon from outside, each in its own process, and prints one JSON object.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the daemon on this machine; prints one JSON object.",
        discussion: """
            Every figure comes from a load client in a process of its own, against a daemon in another, each pinned to \
            a core of its own where there are two (but for `durable`, which is about the whole machine). Compare figures of one run, per CPU-second or as ratios.
            """,
        subcommands: [
            FanoutBench.self, DurableBench.self, IdleBench.self, EchoBench.self, ScaleBench.self, Moderate.self,
            LoadClient.self, SeedCommunity.self,
            ActivityBench.self, PushBench.self, AnswerBotBench.self, QABench.self, FaultBench.self,
        ])
}

/// Prints a measurement.
func printJSON(_ body: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    json.object(body)
    print(String(decoding: json.bytes, as: UTF8.self))
}

/// Runs a load in a process of its own and returns its report as JSON.
///
/// - Parameters:
///   - options: For ``LoadClient``.
///   - core: Where it runs; `nil` for wherever there is room.
/// - Throws: If the load could not run.
func runLoad(
    _ options: [String], core: Int? = CoreAffinity.loadCore, limit: Duration = .seconds(600)
) throws -> LoadResult {
    let client = try ChildProcess(
        [ownExecutable, "bench", "load"] + options, standardError: nil, core: core)
    let lines = client.outputToEnd(within: limit)
    guard client.exitCode == 0, let line = lines.last else {
        throw ValidationError("The load client failed: \(client.exitStatus.map(String.init) ?? "it hangs").")
    }
    return LoadResult(json: Array(line.utf8))
}

/// This very program.
let ownExecutable = "/proc/self/exe".withCString { link in
    realpath(link, nil).map { path in
        defer { free(path) }
        return String(cString: path)
    } ?? CommandLine.arguments[0]
}

/// A load client's report, read back.
struct LoadResult {
    let json: [UInt8]

    /// A figure of the report; not-a-number if it is not there.
    subscript(name: StaticString) -> Double {
        json.withUnsafeBytes { bytes in
            (try? JSONObject(parsing: bytes))?[name]?.number ?? .nan
        }
    }

    /// Why the figures would not count, if they do not.
    var flaw: String? {
        if self["failed"] > 0 || self["lost"] > 0 { return "connections failed or were lost" }
        if self["refused"] > 0 { return "commands were refused" }
        if self["missing"] > 0 { return "deliveries are missing" }
        return nil
    }
}
