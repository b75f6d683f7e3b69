import ArgumentParser
import Community
import Foundation
import LyceumProtocol
import Server

/// `lyceum admin create-member`: makes an account, such as the first owner's.
struct CreateMember: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-member", abstract: "Make an account; the password is read from standard input.")

    @OptionGroup var options: SettingsOptions

    @Argument(help: "The member's name.")
    var name: String

    @Option(help: "What they may do.")
    var role = Role.member

    func run() throws {
        if isatty(STDIN_FILENO) == 1 { printError("password:") }
        guard let password = readLine() else { throw failure(.noInput, "A password is needed on standard input.") }
        try options.withStore(mayBegin: true) { store, settings in
            let administration = OfflineAdministration(store: store, settings: settings)
            do {
                let member = try administration.createMember(name: name, password: password, role: role)
                print("member \(member) \(name) is \(role.rawValue)")
            } catch let refusal as Refusal {
                throw failure(.badData, refusal.message)
            } catch let error as JSONError {
                throw failure(.badData, error.message)
            }
        }
    }
}

extension Role: ExpressibleByArgument {
    /// A bot is made by its owner, so no operator names that one.
    public static var allValueStrings: [String] { allCases.filter { $0 != .bot }.map(\.rawValue) }

    public init?(argument: String) {
        guard Self.allValueStrings.contains(argument) else { return nil }
        self.init(rawValue: argument)
    }
}
