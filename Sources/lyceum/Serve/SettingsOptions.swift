import ArgumentParser
import Foundation
import Server

/// The flags that every subcommand takes which needs the daemon's settings.
struct SettingsOptions: ParsableArguments {
    @Option(help: "Settings file (YAML).")
    var config: String?

    @Option(help: "The data folder.")
    var data: String?

    @Option(name: .customLong("set"), help: "A setting as key=value, such as limits.text_chars=2000; may be repeated.")
    var assignments: [String] = []

    /// File, then environment, then flags.
    ///
    /// - Throws: ``ExitCode/badConfiguration`` after naming everything that is wrong.
    func load(also flags: [(key: String, value: String?)] = []) throws -> Settings {
        var loader = SettingsLoader()
        if let config { loader.read(file: config) }
        loader.read(environment: ProcessInfo.processInfo.environment)
        loader.read(flags: try assignments.map(Self.split))
        loader.read(flags: ([("data", data)] + flags).compactMap { flag in flag.value.map { (flag.key, $0) } })
        loader.checkTogether()
        for complaint in loader.complaints { printError("\(complaint)") }
        guard loader.complaints.isEmpty else { throw ExitCode.badConfiguration }
        return loader.settings
    }

    private static func split(_ assignment: String) throws -> (key: String, value: String) {
        guard let sign = assignment.firstIndex(of: "=") else {
            throw ValidationError("--set takes key=value, not \(assignment)")
        }
        return (String(assignment[..<sign]), String(assignment[assignment.index(after: sign)...]))
    }
}

/// Exit codes by sysexits.h, which systemd shows by name.
extension ExitCode {
    static let badConfiguration = ExitCode(78)
    static let unavailable = ExitCode(69)
    static let inputOutputError = ExitCode(74)
}

func printError(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
