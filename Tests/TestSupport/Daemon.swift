import Glibc
import Harness
import LyceumClient
import LyceumProtocol
import Transport

/// The built daemon on a data folder of its own, as an operator runs it; gone with the last reference.
public final class Daemon: @unchecked Sendable {
    // `@unchecked Sendable`: `running` is replaced by the one test that owns the daemon, between its awaits.
    private let folder: TemporaryFolder
    private var running: DaemonProcess
    private let settings: [String: String]
    private let environment: [String: String]
    private let wrapper: [String]
    /// Kept for as long as the daemon reads it.
    private let clock: WallClock?

    /// What tests need to be quick: passwords are hashed cheaply, and only tests of limits meet limits,
    /// and only those of moderation its rules.
    private static let quick = [
        "accounts.scrypt_log_cost": "10", "limits.commands_per_minute": "10000000",
        "limits.requests_per_minute": "10000000", "limits.connections_per_address": "1000000",
        "moderation.rules": "none",
    ]

    /// - Parameters:
    ///   - settings: By their keys in the settings file, over what makes tests quick.
    ///   - wrapper: A program with its arguments to run the daemon under, such as `prlimit`.
    ///   - data: Where the data folder is; a temporary one by default.
    ///   - clock: What its wall clock is turned by; the true one if `nil`.
    public init(
        settings: [String: String] = [:], environment: [String: String] = [:], wrapper: [String] = [],
        data: String? = nil, clock: WallClock? = nil
    ) throws {
        FileLimit.raise()
        folder = try TemporaryFolder(prefix: "lyceum-test")
        self.settings = Self.quick.merging(settings) { $1 }
        self.environment = environment.merging(clock?.environment ?? [:]) { $1 }
        self.clock = clock
        self.wrapper = clock == nil ? wrapper : WallClock.wrapper + wrapper
        dataPath = data ?? "\(folder.path)/data"
        running = try Self.start(self.settings, self.environment, self.wrapper, dataPath, "\(folder.path)/log")
    }

    public let dataPath: String
    public var port: UInt16 { running.port }
    public var process: ChildProcess { running.process }
    public var meter: ProcessMeter { running.meter }
    /// The log of all its runs.
    public var log: String { readFile("\(folder.path)/log") }
    /// A folder for whatever a test needs to keep beside the data.
    public var scratchPath: String { folder.path }

    /// The program under test: beside the tests, or where `LYCEUM_TEST_BINARY` says.
    public static let executable: String = {
        if let path = getenv("LYCEUM_TEST_BINARY") { return String(cString: path) }
        let own = realpath("/proc/self/exe", nil)
        defer { free(own) }
        let path = own.map { String(cString: $0) } ?? CommandLine.arguments[0]
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return "\(folder)/lyceum"
    }()

    private static func start(
        _ settings: [String: String], _ environment: [String: String], _ wrapper: [String], _ data: String,
        _ log: String, port: UInt16 = 0
    ) throws -> DaemonProcess {
        try DaemonProcess(
            executable: executable, data: data, port: port, wrapper: wrapper,
            arguments: settings.sorted { $0.key < $1.key }.flatMap { ["--set", "\($0.key)=\($0.value)"] },
            environment: ["SWIFT_BACKTRACE": "enable=no"].merging(environment) { $1 }, log: log,
            startLimit: .seconds(120))
    }

    /// Ends it as a power cut would.
    public func kill() { running.kill() }

    /// Ends it in order.
    /// - Returns: Whether it ended by itself in time.
    @discardableResult
    public func stop(within limit: Duration = .seconds(30)) -> Bool { running.stop(within: limit) }

    /// Starts it anew on the same data and port, so that its clients find it again.
    public func start() throws {
        running = try Self.start(settings, environment, wrapper, dataPath, "\(folder.path)/log", port: port)
    }

    // MARK: Accounts and clients

    /// The code by which the first owner registers, as the daemon printed it.
    public var ownerInvite: String? {
        process.lines.lazy.compactMap { line -> String? in
            guard let start = line.firstRange(of: "#invite=") else { return nil }
            return String(line[start.upperBound...].prefix { $0 != " " })
        }.first
    }

    public var socketURL: String { "ws://127.0.0.1:\(port)/v1/socket" }

    /// A client that has not connected.
    public func client(_ adjust: (inout Client.Options) -> Void = { _ in }) throws -> Client {
        var options = Client.Options(url: socketURL)
        options.backoff = Backoff(base: .milliseconds(20), cap: .milliseconds(500))
        options.patience = TestSupport.patience(options.patience)
        adjust(&options)
        return Client(options, on: try ClientLoop.shared.get())
    }

    /// A new member, signed in.
    public func member(
        _ name: String, invite: String? = nil, _ adjust: (inout Client.Options) -> Void = { _ in }
    ) async throws -> Client {
        let client = try client(adjust)
        let account = try await client.register(name: name, password: "password of \(name)", invite: invite)
        _ = try await client.signIn(token: account.token)
        return client
    }

    /// The community's owner, signed in.
    public func owner() async throws -> Client { try await member("owner", invite: ownerInvite) }

    /// The token of a new member, registered from an address of their own, as crowds are: of one address only so many
    /// accounts are taken. The daemon must trust 127.0.0.1 as a proxy.
    public func registerAfar(_ name: String, number: Int) throws -> String {
        let address = "198.18.\(number / 250).\(number % 250 + 1)"
        let answer = try HTTP.post(
            "/v1/accounts", #"{"name":"\#(name)","password":"password of \#(name)"}"#, port: port,
            headers: [("X-Forwarded-For", address)])
        let token = Array(answer.body.utf8).withUnsafeBytes { (try? JSONObject(parsing: $0))?["token"]?.string }
        guard let token else { throw ChildProcess.Failure.silent("\(name) is not registered: \(answer.body)") }
        return token
    }

    // MARK: What it says of itself

    /// Figures of the metrics page by name, with labels as they stand.
    public func metrics() -> [String: Double] { running.metrics() }
}

/// The one event loop that all clients of a test process share.
enum ClientLoop {
    static let shared: Result<EventLoop, TransportError> = Result { () throws(TransportError) in
        try EventLoop.forClients()
    }
}

/// Waits until `condition` holds, asking again every few milliseconds.
/// - Returns: Whether it came to hold in time.
public func eventually(
    within limit: Duration = .seconds(10), _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let deadline = ContinuousClock.now + patience(limit)
    while try await !condition() {
        if ContinuousClock.now >= deadline { return false }
        try? await Task.sleep(for: .milliseconds(3))
    }
    return true
}
