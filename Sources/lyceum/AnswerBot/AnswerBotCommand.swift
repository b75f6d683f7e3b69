import AnswerBot
import ArgumentParser
import Foundation
import LyceumClient

/// `lyceum answer-bot`: the bot that answers from accepted answers and pinned messages.
struct AnswerBotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer-bot", abstract: "Answer questions from accepted answers and pinned messages.",
        discussion: """
            A bot like any other, with the scopes read, post and commands: make one with bot.create, let it into rooms, \
            and give its token by --token-file or in LYCEUM_BOT_TOKEN.
            """)

    @Option(help: "The server, such as https://community.example.") var server = "http://127.0.0.1:8080"
    @Option(help: "The bot's token; others on this machine can see it, so prefer a file or LYCEUM_BOT_TOKEN.")
    var token: String?
    @Option(help: "A file with the bot's token.") var tokenFile: String?
    @Option(help: "Where it keeps what it has learned.") var memory = "answer-bot.json"
    @Option(name: .customLong("room"), help: "A public room that it enters, by name; its owner has to be there.")
    var rooms: [String] = []
    @Option(help: "How sure it must be to answer, in 0...1.") var confidence = 0.5

    func validate() throws {
        guard (0...1).contains(confidence) else { throw ValidationError("--confidence must be in 0...1.") }
        _ = try socketURL
    }

    func run() async throws {
        var options = AnswerBot.Options()
        options.confidence = confidence
        options.memory = memory
        options.rooms = Set(rooms)
        let bot = try Bot(url: try socketURL, token: try readToken())
        let answering: AnswerBot
        do {
            answering = try AnswerBot(bot, options) { printError("a question failed: \($0)") }
        } catch is DecodingError {
            throw failure(.badData, "\(memory) is not what this bot has learned; --memory names another file.")
        }
        let signals = [SIGINT, SIGTERM].map { Self.source(of: $0) { Task { await Self.end(answering) } } }
        defer { for signal in signals { signal.cancel() } }
        do {
            try await answering.run()
        } catch ClientError.refused(let refusal) {
            throw failure(.refused, "\(server) does not let the bot in: \(refusal.message)")
        } catch ClientError.timedOut {
            throw failure(.unavailable, "\(server) does not answer.")
        }
    }

    private static func source(of signal: Int32, _ action: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        Foundation.signal(signal, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
        source.setEventHandler(handler: action)
        source.resume()
        return source
    }

    private static func end(_ bot: AnswerBot) async {
        await bot.close()
        Foundation.exit(0)
    }

    private var socketURL: String {
        get throws {
            guard let scheme = server.firstRange(of: "://"), ["http", "https"].contains(server[..<scheme.lowerBound])
            else { throw ValidationError("--server must begin with http:// or https://.") }
            var rest = server.dropFirst(4)
            while rest.last == "/" { rest.removeLast() }
            return "ws\(rest)/v1/socket"
        }
    }

    private func readToken() throws -> String {
        if let tokenFile {
            return String(decoding: try readInput(tokenFile), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard let token = token ?? ProcessInfo.processInfo.environment["LYCEUM_BOT_TOKEN"] else {
            throw ValidationError("A token is needed: --token-file, or LYCEUM_BOT_TOKEN.")
        }
        return token
    }
}
