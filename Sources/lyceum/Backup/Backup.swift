import ArgumentParser
import Community
import Foundation
import Server
import Storage

/// `lyceum backup …`: copies of the data that can be trusted.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, check and restore backups; making one needs no pause of the daemon.",
        subcommands: [CreateBackup.self, VerifyBackup.self, RestoreBackup.self, RecoverData.self])

    /// Runs one of them, prints what the copy holds, and turns what went wrong into a sentence and an exit code.
    static func report(_ what: String, _ body: () throws -> SQLiteBackup.Contents) throws {
        do {
            let contents = try body()
            print(
                "\(what): \(contents.events) events in \(contents.rooms) rooms, \(contents.members) members, "
                    + "\(contents.files) files, epoch \(contents.epoch)")
        } catch let error as SQLiteBackup.Failure {
            throw failure(.failure, error.description)
        } catch let error as StoreError {
            throw failure(.inputOutputError, error.description)
        } catch {
            throw failure(.inputOutputError, "\(what): \(OperatorFile.systemReason(error))")
        }
    }
}

/// `lyceum backup create DIR`
struct CreateBackup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Copy the data as they are now, and verify the copy.")

    @OptionGroup var options: SettingsOptions

    @Argument(help: "The folder to put it in; the file is named by the time, in UTC.")
    var folder: String

    func run() throws {
        let data = URL(fileURLWithPath: try options.load().data)
        let time = Date().formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
        let file = URL(fileURLWithPath: folder).appending(path: "lyceum-\(time).db")
        try Backup.report(file.path) { try SQLiteBackup.create(of: data, as: file) }
    }
}

/// `lyceum backup verify FILE`
struct VerifyBackup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a backup: its checksum, its structure, and that nothing is missing.")

    @Argument(help: "The backup.")
    var file: String

    func run() throws {
        try Backup.report(file) { try SQLiteBackup.verify(URL(fileURLWithPath: file)) }
    }
}

/// `lyceum backup restore FILE`
struct RestoreBackup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup into a new or empty data folder, under a new epoch.")

    @OptionGroup var options: SettingsOptions

    @Argument(help: "The backup.")
    var file: String

    func run() throws {
        let data = URL(fileURLWithPath: try options.load().data)
        try Backup.report(data.path) { try SQLiteBackup.restore(URL(fileURLWithPath: file), to: data) }
    }
}

/// `lyceum backup recover`
struct RecoverData: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract:
            "Make data usable whose log is damaged, which `serve` refuses; keep what can be kept, name the rest.",
        discussion: """
            Where the damaged pages stand elsewhere nothing is lost. Where they do not, the record ends before them, \
            gets a new epoch, and nobody is signed in. The damaged log stays beside it, and data that would not be \
            whole are left alone.
            """)

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let data = URL(fileURLWithPath: try options.load().data)
        try Backup.report(data.path) {
            let recovery = try SQLiteBackup.recover(data)
            print("acknowledged transactions that are lost: \(recovery.lostCommits)")
            print("the damaged log is kept as \(recovery.keptLog)")
            return recovery.contents
        }
    }
}
