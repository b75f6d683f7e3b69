import ArgumentParser
import Moderation
import Server

/// `lyceum rules`: what an operator does with packs before they judge anybody.
struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Check, test and backtest rule packs.",
        subcommands: [Check.self, Test.self, BacktestPack.self, ReportRules.self])

    /// Packs named on the command line: files, or folders whose `*.yaml` are meant.
    struct Packs: ParsableArguments {
        @Argument(help: "Rule packs, or folders of them.")
        var paths: [String] = ["moderation-rules"]

        /// - Throws: ``ExitCode/badData`` after naming everything that is wrong with them.
        func load() throws -> RuleSet {
            do {
                let sources = try paths.flatMap(RulesFolder.sources)
                if sources.isEmpty { throw failure(.noInput, "no rule packs in \(paths.joined(separator: ", "))") }
                return try RuleSet(sources: sources, normaliser: Normaliser())
            } catch let error as RuleErrors {
                throw failure(.badData, error.description)
            } catch let trouble as RulesTrouble {
                throw failure(.badData, trouble.description)
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read and compile packs; every mistake is named as file:line: reason.")

        @OptionGroup var packs: Packs

        func run() throws {
            let set = try packs.load()
            print("\(set.rules.count) rules, version \(set.version)")
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the examples of every rule; exits with 1 if one does not hold.")

        @OptionGroup var packs: Packs

        func run() throws {
            let set = try packs.load()
            let (count, failures) = set.runExamples()
            for failure in failures { print(failure) }
            let without = set.rules.filter(\.examples.isEmpty).map(\.id)
            if !without.isEmpty { print("without examples: \(without.joined(separator: ", "))") }
            print("\(count - failures.count) of \(count) examples hold, in \(set.rules.count) rules")
            if !failures.isEmpty { throw ExitCode.failure }
        }
    }
}
