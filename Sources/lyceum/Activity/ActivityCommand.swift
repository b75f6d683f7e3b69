import ArgumentParser
import Foundation
import Server

/// `lyceum activity …`: the state of recommendations, while the daemon is stopped.
struct ActivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activity", abstract: "Rebuild, check or export the state of recommendations.",
        subcommands: [RebuildActivity.self, VerifyActivity.self, ExportActivity.self])
}

/// `lyceum activity rebuild`.
struct RebuildActivity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Derive the state from the record anew.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        try options.withActivity { print("rebuilt from \(try $0.rebuild()) events") }
    }
}

/// `lyceum activity verify`: ends with 1 if the kept state is not what the record gives.
struct VerifyActivity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare the kept state with one derived from the record.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        try options.withActivity { activity in
            let complaints = try activity.verify()
            for complaint in complaints { printError(complaint) }
            guard complaints.isEmpty else { throw ExitCode.failure }
            print("the kept state is what the record gives")
        }
    }
}

/// `lyceum activity export`.
struct ExportActivity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print what is kept about every member, a JSON object a line.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        try options.withActivity { try $0.export { print($0) } }
    }
}

/// `lyceum experiment …`.
struct ExperimentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment", abstract: "Tell what experiments on recommendations have shown.",
        subcommands: [ReportExperiment.self])
}

/// `lyceum experiment report`.
struct ReportExperiment: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print what became of each arm on each surface, with 95 % intervals.")

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try options.withActivity { activity in
            let report = try activity.experimentReport()
            if json { return try printJSON(report) }
            for arm in report {
                print("\(arm.surface.rawValue) \(arm.arm): shown \(arm.shown)")
                for rate in arm.rates where rate.count > 0 {
                    print(
                        String(
                            format: "  %@ %d: %.4f (%.4f–%.4f)", rate.action, rate.count, rate.rate, rate.low, rate.high
                        ))
                }
            }
        }
    }
}

extension SettingsOptions {
    fileprivate func withActivity(_ work: (OfflineActivity) throws -> Void) throws {
        try withStore(mayBegin: false) { store, _ in try work(try OfflineActivity(store: store)) }
    }
}
