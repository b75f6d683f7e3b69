import ArgumentParser
import Community
import Foundation
import LyceumProtocol
import Server
import Storage

/// `lyceum admin create-member`: makes an account, such as the first owner's.
struct CreateMember: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-member", abstract: "Makes an account; the password is read from standard input.")

    @OptionGroup var options: SettingsOptions

    @Argument(help: "The member's name.")
    var name: String

    @Option(help: "owner, admin, moderator, mentor, member or guest.")
    var role = "member"

    func run() throws {
        guard let role = Role(rawValue: role), role != .bot else {
            throw ValidationError("there is no role \(self.role)")
        }
        let settings = try options.load()
        if isatty(STDIN_FILENO) == 1 { printError("password:") }
        guard let password = readLine() else { throw ValidationError("a password is needed on standard input") }
        do {
            let store = try SQLiteStore(folder: URL(fileURLWithPath: settings.data))
            let administration = OfflineAdministration(store: store, settings: settings)
            let member = try administration.createMember(name: name, password: password, role: role)
            print("member \(member) \(name) is \(role.rawValue)")
        } catch let error as StoreError {
            printError("the data folder cannot be used: \(error.cause)")
            throw ExitCode.inputOutputError
        } catch let refusal as Refusal {
            printError(refusal.message)
            throw ExitCode.failure
        } catch let error as JSONError {
            printError(error.message)
            throw ExitCode.failure
        }
    }
}
