import Foundation
import Moderation
import Yams

/// Reads settings: the file, over it the environment, over it the flags.
public struct SettingsLoader {
    /// A setting that is wrong, and where it stands.
    public struct Complaint: CustomStringConvertible, Sendable {
        public let place: String
        public let message: String
        public var description: String { "\(place): \(message)" }
    }

    public private(set) var settings = Settings()
    public private(set) var complaints: [Complaint] = []

    public init() {}

    /// Every setting with its variable, meaning, values and default, a line each.
    public static var reference: String { SettingTable.rows.map(\.reference).joined(separator: "\n") }

    /// Reads a YAML file whose levels are the keys' dots.
    public mutating func read(file path: String) {
        do {
            guard let text = String(validating: try OperatorFile.read(path), as: UTF8.self) else {
                return complain(path, "is not UTF-8")
            }
            guard let root = try Yams.compose(yaml: text) else { return }
            read(root, prefix: "", path)
        } catch let error as YamlError {
            let problem = YAMLProblem(error)
            complain(problem.line > 0 ? "\(path):\(problem.line)" : path, problem.reason)
        } catch {
            complain(path, "cannot be read: \(error)")
        }
    }

    /// Reads `LYCEUM_…` variables. Others of that prefix are named, as they are likely misspelt.
    public mutating func read(environment: [String: String]) {
        let rows = Dictionary(uniqueKeysWithValues: SettingTable.rows.map { ($0.variable, $0) })
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("LYCEUM_") {
            if Self.notSettings.contains(where: name.hasPrefix) { continue }
            if let row = rows[name] { apply(row, value, at: name) } else { complain(name, Self.unknown) }
        }
    }

    /// Reads settings as the command line gives them.
    ///
    /// - Parameter place: The flag that they were given by.
    public mutating func read(flags: [(key: String, value: String)], at place: String = "--set") {
        for (key, value) in flags {
            if let row = SettingTable.rows.first(where: { $0.key == key }) {
                apply(row, value, at: place)
            } else {
                complain(place, "\(key) \(Self.unknown)")
            }
        }
    }

    /// Complaints about settings that do not go together.
    public mutating func checkTogether() {
        if (settings.tlsCertificate == nil) != (settings.tlsKey == nil) {
            complain("tls", "needs both certificate and key")
        }
        for path in [settings.tlsCertificate, settings.tlsKey].compactMap({ $0 }) {
            do { _ = try OperatorFile.read(path) } catch { complain("tls", "\(path) cannot be read: \(error)") }
        }
    }

    /// Variables of ours that are not settings of the daemon.
    private static let notSettings = ["LYCEUM_TEST_", "LYCEUM_BOT_TOKEN"]
    private static let unknown = "is no setting; `lyceum serve --settings` lists them all"

    private mutating func read(_ node: Node, prefix: String, _ path: String) {
        guard let mapping = node.mapping else {
            return complain(place(path, node), "must be a mapping of settings")
        }
        for (keyNode, value) in mapping {
            let key = prefix + (keyNode.string ?? "")
            if let row = SettingTable.rows.first(where: { $0.key == key }) {
                guard let text = Self.text(of: value) else {
                    complain(place(path, value), "\(key) must be a single value or a list of them")
                    continue
                }
                apply(row, text, at: place(path, value))
            } else if SettingTable.rows.contains(where: { $0.key.hasPrefix(key + ".") }) {
                read(value, prefix: key + ".", path)
            } else {
                complain(place(path, keyNode), "\(key) \(Self.unknown)")
            }
        }
    }

    private static func text(of node: Node) -> String? {
        if let sequence = node.sequence {
            let parts = sequence.map(\.string)
            return parts.contains { $0 == nil } ? nil : parts.compactMap { $0 }.joined(separator: ",")
        }
        return node.scalar?.string
    }

    private mutating func apply(_ row: SettingRow, _ value: String, at place: String) {
        do throws(SettingError) {
            try row.form.read(&settings, value)
        } catch {
            complain(place, "\(row.key) \(error.message)")
        }
    }

    private func place(_ path: String, _ node: Node) -> String { node.mark.map { "\(path):\($0.line)" } ?? path }

    private mutating func complain(_ place: String, _ message: String) {
        complaints.append(Complaint(place: place, message: message))
    }
}
