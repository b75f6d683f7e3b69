import ArgumentParser
import Community
import Foundation
import LyceumProtocol
import Storage

/// Which part of a data folder's history is meant.
struct HistoryOptions: ParsableArguments {
    @OptionGroup var settings: SettingsOptions

    @Option(
        help: "How far back: 30d, 12h, a date such as 2026-01-31, or Unix milliseconds; everything by default.",
        transform: Self.time)
    var since: UnixMilliseconds?

    /// Runs `body` on the folder, and turns what the disk says into a sentence and an exit code.
    func read<Result>(_ body: (RecordArchive, UnixMilliseconds) throws -> Result) throws -> Result {
        do {
            return try body(RecordArchive(folder: URL(fileURLWithPath: try settings.load().data)), since ?? 0)
        } catch let error as StoreError {
            throw failure(.inputOutputError, "\(error)")
        }
    }

    private static func time(_ text: String) throws -> UnixMilliseconds {
        let now = UnixMilliseconds(Date().timeIntervalSince1970 * 1000)
        if let count = Int64(text.dropLast()), let unit: Int64 = ["d": 86_400_000, "h": 3_600_000][text.suffix(1)] {
            let (span, isTooLong) = count.multipliedReportingOverflow(by: unit)
            return isTooLong ? 0 : max(0, now - span)
        }
        if let milliseconds = Int64(text) { return milliseconds }
        if let date = try? Date(text + "T00:00:00Z", strategy: .iso8601) {
            return UnixMilliseconds(date.timeIntervalSince1970 * 1000)
        }
        throw ValidationError("neither 30d, 12h, a date nor Unix milliseconds")
    }
}
