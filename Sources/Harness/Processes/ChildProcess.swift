import CLinux
import Glibc
import Locking

/// A program started by this one, watched until it ends.
///
/// Its standard output is read by a thread of its own, so that a talkative child never blocks.
public final class ChildProcess: Sendable {
    public enum Failure: Error, CustomStringConvertible {
        /// The system refused a program, a folder or a port that it needs.
        case cannotStart(String, errno: Int32)
        /// It ended, or said nothing in time, before the line that was waited for.
        case silent(String)

        public var description: String {
            switch self {
            case .cannotStart(let program, let code): "\(program): \(String(cString: strerror(code)))"
            case .silent(let what): what
            }
        }
    }

    public let id: pid_t
    private let standardError: String?
    private let output: Locked<Output>

    private struct Output {
        var lines: [String] = []
        var unfinished: [UInt8] = []
        var isClosed = false
        var exitStatus: Int32?
    }

    /// Starts `arguments[0]`, looked up in `PATH`.
    ///
    /// - Parameters:
    ///   - environment: Added to this process's own.
    ///   - standardError: The file it goes to; this process's own if `nil`.
    ///   - core: The one processor core that it may use; all of them if `nil`.
    public init(
        _ arguments: [String], environment: [String: String] = [:], standardError: String? = "/dev/null",
        core: Int? = nil
    ) throws(Failure) {
        var ends: [Int32] = [0, 0]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .cannotStart(arguments[0], errno: errno) }
        defer { close(ends[1]) }
        let before = CoreAffinity.current()
        if let core { CoreAffinity.pin(to: core) }
        defer { if core != nil { CoreAffinity.set(before) } }
        let started = Self.spawn(arguments, Self.merged(environment), output: ends[1], error: standardError)
        guard case .success(let id) = started else {
            close(ends[0])
            if case .failure(let failure) = started { throw failure }
            throw .cannotStart(arguments[0], errno: 0)
        }
        self.id = id
        self.standardError = standardError
        output = Locked(Output())
        let reader = Reader(child: self, descriptor: ends[0])
        reader.start()
    }

    /// Whether it is still there. A child that has ended is reaped by this or by ``waitForExit(within:)``.
    public var isRunning: Bool { exitStatus == nil }

    /// How it ended, as `waitpid` says it; `nil` while it runs.
    public var exitStatus: Int32? {
        output.withLock { output in
            if let status = output.exitStatus { return status }
            var status: Int32 = 0
            guard waitpid(id, &status, WNOHANG) == id else { return nil }
            output.exitStatus = status
            return status
        }
    }

    /// The exit code of a child that ended by itself; `nil` if it runs or was ended by a signal.
    public var exitCode: Int32? { exitStatus.flatMap { $0 & 0x7F == 0 ? ($0 >> 8) & 0xFF : nil } }

    public func signal(_ number: Int32) {
        if isRunning { kill(id, number) }
    }

    /// Waits until it has ended.
    /// - Returns: False if it still runs when the time is over.
    public func waitForExit(within limit: Duration) -> Bool { poll(within: limit) { !isRunning } }

    /// The first line it wrote, waiting for it.
    public func firstLine(within limit: Duration) throws(Failure) -> String {
        _ = poll(within: limit) { output.withLock { !$0.lines.isEmpty || $0.isClosed } }
        if let line = output.withLock({ $0.lines.first }) { return line }
        let problem = isRunning ? "wrote no line within \(limit)" : "ended before it wrote a line"
        throw .silent("Process \(id) \(problem); see \(standardError ?? "its standard error").")
    }

    /// All whole lines of standard output so far.
    public var lines: [String] { output.withLock { $0.lines } }

    /// Reads standard output to its end, then waits for the exit.
    public func outputToEnd(within limit: Duration) -> [String] {
        _ = poll(within: limit) { output.withLock { $0.isClosed } }
        _ = waitForExit(within: limit)
        return lines
    }

    private static func merged(_ added: [String: String]) -> [String] {
        var variables: [String] = []
        var entry = environ
        while let text = entry.pointee {
            let variable = String(cString: text)
            let name = variable.prefix { $0 != "=" }
            if added[String(name)] == nil { variables.append(variable) }
            entry += 1
        }
        return variables + added.map { "\($0.key)=\($0.value)" }
    }

    private static func spawn(_ arguments: [String], _ environment: [String], output: Int32, error: String?)
        -> Result<pid_t, Failure>
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        if let error { posix_spawn_file_actions_addopen(&actions, 2, error, O_WRONLY | O_CREAT | O_APPEND, 0o600) }
        var argumentPointers = arguments.map { strdup($0) } + [nil]
        var environmentPointers = environment.map { strdup($0) } + [nil]
        defer { (argumentPointers + environmentPointers).forEach { free($0) } }
        var attributes = Self.freshSignals()
        defer { posix_spawnattr_destroy(&attributes) }
        var id: pid_t = 0
        let code = posix_spawnp(&id, arguments[0], &actions, &attributes, &argumentPointers, &environmentPointers)
        return code == 0 ? .success(id) : .failure(.cannotStart(arguments[0], errno: code))
    }

    /// A child begins with no signal blocked or ignored, whatever this process does with its own.
    private static func freshSignals() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        return attributes
    }

    fileprivate func received(_ bytes: UnsafeRawBufferPointer) {
        output.withLock { output in
            for byte in bytes {
                if byte == UInt8(ascii: "\n") {
                    output.lines.append(String(decoding: output.unfinished, as: UTF8.self))
                    output.unfinished.removeAll(keepingCapacity: true)
                } else {
                    output.unfinished.append(byte)
                }
            }
        }
    }

    fileprivate func outputEnded() { output.withLock { $0.isClosed = true } }
}

/// The thread that drains one child's standard output.
private final class Reader: Sendable {
    private let child: ChildProcess
    private let descriptor: Int32

    init(child: ChildProcess, descriptor: Int32) {
        self.child = child
        self.descriptor = descriptor
    }

    func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Reader>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        pthread_detach(thread)
    }

    private func run() {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                child.received(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        close(descriptor)
        child.outputEnded()
    }
}

/// Asks `condition` again every few milliseconds until it holds or the time is over; blocks the calling thread.
public func poll(within limit: Duration, _ condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + limit
    while !condition() {
        if ContinuousClock.now >= deadline { return condition() }
        usleep(2_000)
    }
    return true
}
