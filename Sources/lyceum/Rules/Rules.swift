import ArgumentParser
import Foundation
import Moderation

/// `lyceum rules`: what an operator does with packs before they judge anybody.
struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Check, test and backtest rule packs.",
        subcommands: [Check.self, Test.self, BacktestPack.self, ReportRules.self])

    /// Packs named on the command line: files, or folders whose `*.yaml` are meant.
    struct Packs: ParsableArguments {
        @Argument(help: "Rule packs, or folders of them.")
        var paths: [String] = ["moderation-rules"]

        /// Reads the files; prints to standard error and exits with 1 if one cannot be read or there is none.
        func load() throws -> RuleSet {
            var sources: [(file: String, yaml: String)] = []
            for path in try paths.flatMap(Self.files) {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
                guard let yaml = String(validating: bytes, as: UTF8.self) else {
                    throw ValidationError("\(path):0: the file is not UTF-8")
                }
                sources.append((path, yaml))
            }
            if sources.isEmpty { throw ValidationError("no rule packs in \(paths.joined(separator: ", "))") }
            do {
                return try RuleSet(sources: sources, normaliser: Normaliser())
            } catch {
                FileHandle.standardError.write(Data((error.description + "\n").utf8))
                throw ExitCode(1)
            }
        }

        private static func files(_ path: String) throws -> [String] {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw ValidationError("\(path): no such file or folder")
            }
            guard isFolder.boolValue else { return [path] }
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(".yaml") }.sorted().map { "\(path)/\($0)" }
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
            if !failures.isEmpty { throw ExitCode(1) }
        }
    }
}
