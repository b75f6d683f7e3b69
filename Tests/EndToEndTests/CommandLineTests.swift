import Glibc
import Harness
import TestSupport
import Testing

extension EndToEnd {
    /// What an operator reads who got a command wrong: a sentence that names it, and an exit code by sysexits.h.
    @Suite struct CommandLine {
        /// In the arguments `NOWHERE` stands for a path at which there is nothing.
        private static let mistakes: [(arguments: String, code: Int32, words: String)] = [
            ("serve --config NOWHERE", 78, "NOWHERE: cannot be read: No such file or directory"),
            ("serve --check-config --set loops=0", 78, "--set: loops must be an integer in 1...64"),
            ("serve --check-config --set lops=1", 78, "--set: lops is no setting; `lyceum serve --settings` lists"),
            ("serve --check-config --set loops", 64, "--set takes key=value, not loops"),
            ("serve --check-config --listen localhost:80", 78, "--listen: listen must be a numeric address and a port"),
            ("serve --check-config --set trusted_proxies=proxy", 78, "must be addresses such as 10.0.0.1"),
            ("serve --check-config --set allowed_origins=a.example", 78, "must be origins such as https://"),
            ("serve --check-config --set tls.key=NOWHERE --set tls.certificate=NOWHERE", 78, "NOWHERE cannot be read"),
            ("serve --check-config --set activity.experiments=NOWHERE", 78, "NOWHERE: No such file or directory"),
            ("admin create-member bob --role king", 64, "The value 'king' is invalid"),
            ("admin create-member bob --role bot", 64, "The value 'bot' is invalid"),
            ("activity export --data NOWHERE", 66, "There is no record in NOWHERE"),
            ("activity verify --data NOWHERE", 66, "There is no record in NOWHERE"),
            ("experiment report --data NOWHERE", 66, "There is no record in NOWHERE"),
            ("moderate --data NOWHERE", 66, "There is no record in NOWHERE"),
            ("audit verify --data NOWHERE", 74, "There is no record in NOWHERE"),
            ("rules report --data NOWHERE --since 99999999999999999d", 74, "There is no record in NOWHERE"),
            ("rules report --data NOWHERE --since yesterday", 64, "neither 30d, 12h, a date nor Unix milliseconds"),
            ("rules check NOWHERE", 65, "NOWHERE: cannot be read: No such file or directory"),
            ("backup create NOWHERE/copies --data NOWHERE", 1, "There is no record in NOWHERE"),
            ("backup verify NOWHERE", 1, "NOWHERE.sha256 is missing"),
            ("recommend evaluate --task peers --events NOWHERE", 66, "NOWHERE cannot be read: No such file"),
            ("recommend evaluate --task peers --events NOWHERE --k 0", 64, "--k must be above zero, not 0"),
            ("classifier train --output NOWHERE", 64, "Give --data or --seed-corpus."),
            ("classifier explain hello --model NOWHERE", 66, "NOWHERE cannot be read: No such file"),
            ("answer-bot --token-file NOWHERE", 66, "NOWHERE cannot be read: No such file"),
            ("answer-bot --token x --server here", 64, "--server must begin with http:// or https://"),
            ("bench durable --connections 0", 64, "--connections must be above zero, not 0"),
        ]

        @Test func `every mistake is named, with the exit code of its kind, and leaves nothing behind`() throws {
            let folder = try TemporaryFolder(prefix: "lyceum-mistakes")
            let nowhere = "\(folder.path)/nowhere"
            for mistake in Self.mistakes {
                let arguments = mistake.arguments.replacing("NOWHERE", with: nowhere).split(separator: " ")
                let run = try Daemon.run(arguments.map(String.init))
                #expect(run.code == mistake.code, "\(mistake.arguments): \(run.errors)")
                #expect(run.errors.contains(mistake.words.replacing("NOWHERE", with: nowhere)), "\(run.errors)")
                #expect(run.lines.isEmpty, "\(mistake.arguments)")
                #expect(access(nowhere, F_OK) != 0, "\(mistake.arguments)")
            }
        }

        @Test func `the token of a bot beside it is no setting of the daemon, and a misspelt variable is named`() throws
        {
            #expect(try Daemon.run(["serve", "--check-config"], environment: ["LYCEUM_BOT_TOKEN": "t"]).code == 0)
            let run = try Daemon.run(["serve", "--check-config"], environment: ["LYCEUM_LOOPZ": "2"])
            #expect(run.code == 78)
            #expect(run.errors.contains("LYCEUM_LOOPZ: is no setting"))
        }
    }
}
