import Glibc

/// `lyceum serve` running on a data folder and a port that the system chose.
public final class DaemonProcess: Sendable {
    public let process: ChildProcess
    public let port: UInt16
    public var meter: ProcessMeter { ProcessMeter(process.id) }

    /// Starts it and waits until it listens.
    ///
    /// - Parameters:
    ///   - executable: The built `lyceum`.
    ///   - wrapper: A program with its arguments to start it under, such as `strace`.
    ///   - port: Where it listens on 127.0.0.1; the system chooses if 0.
    ///   - arguments: Added to those of `serve`.
    public init(
        executable: String, data: String, port: UInt16 = 0, wrapper: [String] = [], arguments: [String] = [],
        environment: [String: String] = [:], log: String = "/dev/null", core: Int? = nil,
        startLimit: Duration = .seconds(30)
    ) throws(ChildProcess.Failure) {
        let serve = [executable, "serve", "--data", data, "--listen", "127.0.0.1:\(port)"]
        process = try ChildProcess(
            wrapper + serve + arguments, environment: environment, standardError: log, core: core)
        guard let port = Self.listeningPort(of: process, within: startLimit) else {
            process.signal(SIGKILL)
            _ = process.waitForExit(within: .seconds(5))
            throw .silent("The daemon does not say where it listens. Its log: \(readFile(log).suffix(1_000))")
        }
        self.port = port
    }

    /// Ends it in order, or by force if it takes longer than it may.
    /// - Returns: Whether it ended by itself.
    @discardableResult
    public func stop(within limit: Duration = .seconds(30)) -> Bool {
        process.signal(SIGTERM)
        if process.waitForExit(within: limit) { return true }
        kill()
        return false
    }

    private static func listeningPort(of process: ChildProcess, within limit: Duration) -> UInt16? {
        guard let line = try? process.firstLine(within: limit), line.hasPrefix("listening http") else { return nil }
        return line.split(separator: ":").last.flatMap { UInt16($0) }
    }

    /// Ends it as a crash would.
    public func kill() {
        process.signal(SIGKILL)
        _ = process.waitForExit(within: .seconds(10))
    }

    deinit { if process.isRunning { kill() } }
}
