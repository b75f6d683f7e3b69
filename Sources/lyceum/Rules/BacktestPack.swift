import ArgumentParser
import Foundation
import Server
import Storage

/// `lyceum rules backtest PACK`: what packs would have done to stored history. Reads only, beside a running daemon too.
struct BacktestPack: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Say what packs would have done to stored history, as JSON.",
        discussion: """
            For each rule: how often it would have matched, how many of those nobody has ever decided about, and where \
            moderators decided, whether they agree.
            """)

    @Argument(help: "Rule packs, or folders of them.")
    var packs: [String]

    @OptionGroup var history: HistoryOptions

    func run() throws {
        let json = try history.read { archive, since in
            do {
                return try HistoryReview.backtest(
                    packs: packs, community: try archive.loadCommunity(), since: since
                ) { try archive.read($0) }
            } catch let trouble as RulesTrouble {
                throw failure(.badData, trouble.description)
            }
        }
        print(String(decoding: json, as: UTF8.self))
    }
}

/// `lyceum rules report`: what moderation did, for everybody to read: numbers, no names and no texts.
struct ReportRules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a public summary of what the rules did, as Markdown.")

    @OptionGroup var history: HistoryOptions

    func run() throws {
        print(try history.read { archive, since in try archive.read { try HistoryReview.report($0, since: since) } })
    }
}
