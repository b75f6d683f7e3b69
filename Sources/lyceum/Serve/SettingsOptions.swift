import ArgumentParser
import Community
import Foundation
import Server
import Storage

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
        for (key, value) in [("data", data)] + flags {
            if let value { loader.read(flags: [(key, value)], at: "--\(key)") }
        }
        loader.checkTogether()
        for complaint in loader.complaints { printError("\(complaint)") }
        guard loader.complaints.isEmpty else { throw ExitCode.badConfiguration }
        return loader.settings
    }

    /// Opens the store of a daemon that is stopped, and turns what the disk says into a sentence and an exit code.
    ///
    /// - Parameter mayBegin: Whether a folder without a record gets one. Elsewhere it is a misspelt name.
    func withStore<Result>(mayBegin: Bool, _ body: (SQLiteStore, Settings) throws -> Result) throws -> Result {
        let settings = try load()
        let folder = URL(fileURLWithPath: settings.data)
        guard mayBegin || SQLiteStore.hasRecord(in: folder) else {
            throw failure(.noInput, "There is no record in \(folder.path); --data names the data folder.")
        }
        do {
            return try body(try SQLiteStore(folder: folder), settings)
        } catch let error as StoreError {
            throw failure(.inputOutputError, "the data folder cannot be used: \(error)")
        }
    }

    private static func split(_ assignment: String) throws -> (key: String, value: String) {
        guard let sign = assignment.firstIndex(of: "=") else {
            throw ValidationError("--set takes key=value, not \(assignment)")
        }
        return (String(assignment[..<sign]), String(assignment[assignment.index(after: sign)...]))
    }
}
