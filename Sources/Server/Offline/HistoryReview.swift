import Community
import Foundation
import LyceumProtocol
import Moderation

/// Looks back over a stored community, for programs that stand beside the daemon.
public enum HistoryReview {
    /// What packs would have done to all of the history, as JSON.
    ///
    /// - Parameters:
    ///   - packs: Files, or folders of `*.yaml`.
    ///   - read: Runs its argument on a fresh snapshot.
    /// - Throws: ``RulesTrouble`` if a pack is wrong.
    public static func backtest(
        packs: [String], community: Community, since: UnixMilliseconds,
        _ read: ((any CommunityReader) throws -> Void) throws -> Void
    ) throws -> [UInt8] {
        let normaliser = Normaliser()
        var sources: [(file: String, yaml: String)] = []
        for path in packs { sources += try RulesFolder.sources(at: path) }
        let rules = try RulesInForce(sources, normaliser, cache: nil)
        var backtest = Backtest(rules: rules, community: community, since: since)
        try backtest.run(over: community.rooms.keys.sorted(), read)
        return object { backtest.write(to: &$0) }
    }

    /// A summary without names and texts: per rule what it did, and how often moderators overturned it.
    public static func report(_ reader: some CommunityReader, since: UnixMilliseconds) throws -> String {
        let days = try reader.ruleDays(since: since / .day)
        let sums = Dictionary(days.map { ($0.rule, $0) }, uniquingKeysWith: +).values.sorted { $0.rule < $1.rule }
        let span = [days.map(\.day).min(), days.map(\.day).max()].compactMap { $0 }.map(date)
        var text = "# What moderation did\n\n"
        text += span.count == 2 ? "From \(span[0]) to \(span[1]) (UTC).\n\n" : "Nothing so far.\n\n"
        text += "| rule | matched | masked | held | blocked | confirmed | overturned | mean time to decision |\n"
        text += "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        for sum in sums {
            let decided = sum.confirmed + sum.overturned
            let wait = decided > 0 ? "\((sum.waited / decided + 500) / 1000) s" : "–"
            text += "| \(sum.rule) | \(sum.hits) | \(sum.redacted) | \(sum.held) | \(sum.blocked) "
            text += "| \(sum.confirmed) | \(sum.overturned) | \(wait) |\n"
        }
        return text
    }

    private static func date(_ day: Int64) -> String {
        Date(timeIntervalSince1970: Double(day) * 86_400).formatted(.iso8601.year().month().day())
    }
}
