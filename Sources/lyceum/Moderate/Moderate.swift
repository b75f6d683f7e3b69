import ArgumentParser
import Community
import Foundation
import Server
import Storage

/// `lyceum moderate`: one text a line in, one verdict a line out.
struct ModerateLines: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moderate",
        abstract: "Judges texts: one a line on standard input, one verdict as JSON a line on standard output.",
        discussion: "With --data the classifier knows the decisions of that community, whose daemon must be stopped.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try options.load()
        let folder =
            options.data.map { URL(fileURLWithPath: $0) }
            ?? FileManager.default.temporaryDirectory.appending(path: "lyceum-moderate-\(UUID().uuidString)")
        defer { if options.data == nil { try? FileManager.default.removeItem(at: folder) } }
        do {
            let moderator = try OfflineModerator(settings: settings, store: SQLiteStore(folder: folder))
            while let line = readLine() {
                FileHandle.standardOutput.write(Data(moderator.verdict(on: line) + [UInt8(ascii: "\n")]))
            }
        } catch let error as StoreError {
            printError("the data folder cannot be used: \(error.cause)")
            throw ExitCode.inputOutputError
        } catch let error as RulesTrouble {
            printError(error.description)
            throw ExitCode.badConfiguration
        }
    }
}
