import ArgumentParser
import Community
import Foundation
import Server
import Storage
import Transport

/// `lyceum serve`: runs the daemon until it is told to stop.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the daemon.",
        discussion: """
            The first line on standard output is "listening ADDRESS". Settings come from the file, over it from \
            LYCEUM_… variables, over them from flags; `lyceum serve --settings` lists them all.
            """)

    @OptionGroup var options: SettingsOptions

    @Option(help: "Numeric address and port to serve on; port 0 lets the system choose.")
    var listen: String?

    @Flag(help: "Check the settings, name what is wrong with file and line, and end.")
    var checkConfig = false

    @Flag(name: .customLong("settings"), help: "List every setting with its meaning, values and default, and end.")
    var listSettings = false

    func run() throws {
        if listSettings { return print(SettingsLoader.reference) }
        let settings = try options.load(also: [("listen", listen)])
        if checkConfig { return print("the settings are fine") }
        let signals = StopSignals()
        do {
            let store = try SQLiteStore(folder: URL(fileURLWithPath: settings.data))
            let daemon = try Daemon(settings: settings, store: store)
            try serve(daemon)
            StartMemory.giveBackOnceStarted()
            signals.onHangUp {
                daemon.reloadCertificates()
                daemon.reloadRules()
            }
            signals.wait()
            daemon.stop()
        } catch let error as StoreError {
            throw failure(.inputOutputError, "the data folder cannot be used: \(error)")
        } catch let trouble as RulesTrouble {
            throw failure(.badConfiguration, "the rule packs cannot be used:\n\(trouble)")
        } catch let error as TransportError {
            if case .badCertificate = error { throw failure(.badConfiguration, "\(error)") }
            throw failure(.unavailable, "\(error)")
        }
    }

    private func serve(_ daemon: Daemon) throws {
        let addresses = try daemon.start()
        guard let main = addresses.first else { throw ExitCode.unavailable }
        var lines = ["listening \(main.url)"]
        lines += addresses.dropFirst().map { "\($0.label) \($0.url)/metrics" }
        if let code = try daemon.makeOwnerInvite() {
            lines.append("no owner yet: register at \(main.url)/#invite=\(code) (works once, for a day)")
        }
        // Not by print: programs that start the daemon wait for the first line, so it must not stay in a buffer.
        FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}

/// SIGTERM or SIGINT stop the daemon, a second one ends the process at once; SIGHUP has files read again.
private final class StopSignals {
    private let stopped = DispatchSemaphore(value: 0)
    private var sources: [any DispatchSourceSignal] = []

    init() {
        for number in [SIGTERM, SIGINT] {
            handle(number) { [stopped] in
                signal(number, SIG_DFL)
                stopped.signal()
            }
        }
        signal(SIGHUP, SIG_IGN)
    }

    func onHangUp(_ body: @escaping @Sendable () -> Void) { handle(SIGHUP, body) }

    private func handle(_ number: Int32, _ body: @escaping @Sendable () -> Void) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: body)
        source.resume()
        sources.append(source)
    }

    func wait() { stopped.wait() }
}
