import ArgumentParser
import Community
import Foundation
import Storage

/// `lyceum audit …`: the log of who did what to whom.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Look after the audit log.", subcommands: [Verify.self])

    /// `lyceum audit verify`
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every row of the audit log, whether the daemon runs or not.",
            discussion: "Exits with 1 and names the first row that was changed, moved, removed or cut off.")

        @OptionGroup var options: SettingsOptions

        func run() throws {
            let data = URL(fileURLWithPath: try options.load().data)
            let finding: AuditFinding
            do {
                finding = try RecordArchive(folder: data).verifyAudit()
            } catch let error as StoreError {
                throw failure(.inputOutputError, "\(error)")
            }
            print(finding)
            if !finding.isIntact { throw ExitCode.failure }
        }
    }
}
