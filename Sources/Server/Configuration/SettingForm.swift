import Egress

/// How the value of a setting is written.
struct SettingForm: Sendable {
    /// What may stand there, where that is a range or a choice.
    var values: String?
    /// The value as it would be written; empty where there is none.
    var write: @Sendable (Settings) -> String = { _ in "" }
    let read: @Sendable (inout Settings, String) throws(SettingError) -> Void

    init(
        values: String? = nil, write: @escaping @Sendable (Settings) -> String = { _ in "" },
        read: @escaping @Sendable (inout Settings, String) throws(SettingError) -> Void
    ) {
        (self.values, self.write, self.read) = (values, write, read)
    }
}

extension SettingForm {
    static func text(_ path: WritableKeyPath<Settings, String> & Sendable) -> SettingForm {
        SettingForm(write: { $0[keyPath: path] }) { settings, value throws(SettingError) in
            guard !value.isEmpty else { throw SettingError(message: "must not be empty") }
            settings[keyPath: path] = value
        }
    }

    static func optionalText(_ path: WritableKeyPath<Settings, String?> & Sendable) -> SettingForm {
        SettingForm(write: { $0[keyPath: path] ?? "" }) { settings, value throws(SettingError) in
            settings[keyPath: path] = value.isEmpty ? nil : value
        }
    }

    static func address(_ path: WritableKeyPath<Settings, ListenAddress> & Sendable) -> SettingForm {
        SettingForm(write: { $0[keyPath: path].description }) { settings, value throws(SettingError) in
            guard let address = ListenAddress(value) else {
                throw SettingError(message: "must be a numeric address and a port, such as 127.0.0.1:8080")
            }
            settings[keyPath: path] = address
        }
    }

    static func integer(
        _ path: WritableKeyPath<Settings, Int> & Sendable, _ range: ClosedRange<Int>
    ) -> SettingForm {
        within(range, path, "an integer")
    }

    static func number(
        _ path: WritableKeyPath<Settings, Double> & Sendable, _ range: ClosedRange<Double>
    ) -> SettingForm {
        within(range, path, "a number")
    }

    private static func within<Number: Comparable & LosslessStringConvertible & Sendable>(
        _ range: ClosedRange<Number>, _ path: WritableKeyPath<Settings, Number> & Sendable, _ kind: String
    ) -> SettingForm {
        SettingForm(values: "\(range)", write: { "\($0[keyPath: path])" }) { settings, value throws(SettingError) in
            guard let number = Number(value), range.contains(number) else {
                throw SettingError(message: "must be \(kind) in \(range)")
            }
            settings[keyPath: path] = number
        }
    }

    /// - Parameters:
    ///   - plural: What they are, with an example.
    ///   - isOne: Whether a text is one of them.
    static func list(
        _ path: WritableKeyPath<Settings, Set<String>> & Sendable, of plural: String,
        where isOne: @escaping @Sendable (String) -> Bool
    ) -> SettingForm {
        SettingForm(write: { $0[keyPath: path].sorted().joined(separator: ",") }) {
            settings, value throws(SettingError) in
            let parts = value.split(separator: ",").map { String($0.trimmingPrefix { $0 == " " }) }
            guard parts.allSatisfy(isOne) else { throw SettingError(message: "must be \(plural), separated by commas") }
            settings[keyPath: path] = Set(parts)
        }
    }

    static func choice<Choice: RawRepresentable & CaseIterable>(
        _ path: WritableKeyPath<Settings, Choice> & Sendable
    ) -> SettingForm where Choice.RawValue == String, Choice: Sendable {
        let values = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return SettingForm(values: "one of \(values)", write: { $0[keyPath: path].rawValue }) {
            settings, value throws(SettingError) in
            guard let choice = Choice(rawValue: value) else { throw SettingError(message: "must be one of \(values)") }
            settings[keyPath: path] = choice
        }
    }

    @Sendable static func isAddress(_ text: String) -> Bool { IPAddress(text) != nil }

    /// A scheme and a host, with its port where that is not the scheme's own: what browsers send as `Origin`.
    @Sendable static func isOrigin(_ text: String) -> Bool {
        ["http://", "https://"].contains {
            text.hasPrefix($0) && text.count > $0.count && !text.dropFirst($0.count).contains("/")
        }
    }
}
