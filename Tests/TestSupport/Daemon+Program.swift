import Harness

extension Daemon {
    /// What a run of the program left behind.
    public struct Run: Sendable {
        /// Of standard output.
        public let lines: [String]
        /// All of standard error.
        public let errors: String
        /// `nil` if a signal ended it.
        public let code: Int32?
    }

    /// Runs a command of the program to its end.
    ///
    /// - Parameter input: What it reads on standard input.
    public static func run(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> Run {
        let folder = try TemporaryFolder(prefix: "lyceum-program")
        try writeFile("\(folder.path)/input", bytes: input)
        let quoted = ([executable] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let child = try ChildProcess(
            ["/bin/sh", "-c", "exec \(quoted) < '\(folder.path)/input'"],
            environment: ["SWIFT_BACKTRACE": "enable=no"].merging(environment) { $1 },
            standardError: "\(folder.path)/errors")
        let lines = child.outputToEnd(within: .seconds(300))
        return Run(lines: lines, errors: readFile("\(folder.path)/errors"), code: child.exitCode)
    }

    /// Runs a command of the program that must succeed.
    public static func perform(_ arguments: String...) throws {
        let run = try run(arguments)
        guard run.code == 0 else {
            throw ChildProcess.Failure.silent(
                "`\(arguments.joined(separator: " "))` ended with \(run.code ?? -1): \(run.errors)")
        }
    }
}
