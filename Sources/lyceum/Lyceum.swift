import ArgumentParser

/// The one executable; each subcommand stands in a file of its own.
@main
struct Lyceum: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lyceum",
        abstract: "A self-hosted community daemon: rooms, threads, moderation in the path of every message.",
        version: "lyceum/0.1.0",
        subcommands: [
            Serve.self,
            Admin.self,
            Backup.self,
            Rules.self,
            ModerateLines.self,
            AuditCommand.self,
            Bench.self,
            ClassifierCommand.self,
            Recommend.self,
            ActivityCommand.self,
            ExperimentCommand.self,
            AnswerBotCommand.self,
        ])
}
