import Foundation
import Logging

/// Text from outside, made fit for one line of a log.
enum LogText {
    /// At most 200 characters, controls replaced: nobody writes a line of our log but we.
    static func clean(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(200).map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator, .format: "?"
                    default: scalar
                    }
                }))
    }
}

/// Writes one line an entry to standard error, as text or as JSON.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    let format: LogSettings.Format

    init(_ settings: LogSettings) {
        logLevel = Logger.Level(rawValue: settings.level.rawValue) ?? .notice
        format = settings.format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let time = Date().formatted(.iso8601.time(includingFractionalSeconds: true))
        var line: String
        switch format {
        case .text:
            line = "\(time) \(event.level) \(event.message)"
            for (key, value) in fields { line += " \(key)=\"\(LogText.clean("\(value)"))\"" }
        case .json:
            let bytes = object { json in
                json.field("time", time)
                json.field("level", "\(event.level)")
                json.field("message", "\(event.message)")
                for (key, value) in fields {
                    json.name(dynamic: key)
                    json.value(LogText.clean("\(value)"))
                }
            }
            line = String(decoding: bytes, as: UTF8.self)
        }
        line += "\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
