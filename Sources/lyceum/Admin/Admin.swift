import ArgumentParser

/// `lyceum admin …`: what an operator does while the daemon is stopped.
struct Admin: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change a community whose daemon is stopped.", subcommands: [CreateMember.self])
}
