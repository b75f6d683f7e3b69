import Community
import LyceumProtocol

/// A value that a member has given for a command's option.
struct GivenOption: Sendable, Equatable {
    enum Value: Sendable, Equatable {
        case string(String)
        case integer(Int64)
        case number(Double)
        case boolean(Bool)
    }

    /// The most characters of one value.
    private static let longest = 4000

    let name: String
    let value: Value

    /// Reads the members of an object; an absent one is empty.
    static func list(_ value: JSONValue?) throws(JSONError) -> [GivenOption] {
        guard let value else { return [] }
        let object = try JSONObject(value)
        guard object.keys.count <= BotCommand.Option.limit else {
            throw .field("options", "an object of at most \(BotCommand.Option.limit) values")
        }
        var options: [GivenOption] = []
        for name in object.keys {
            guard let value = object[dynamic: name] else { continue }
            options.append(GivenOption(name: name, value: try Self.value(value, of: name)))
        }
        return options
    }

    private static func value(_ json: JSONValue, of name: String) throws(JSONError) -> Value {
        if let text = json.string, text.unicodeScalars.count <= longest { return .string(text) }
        if let number = json.integer { return .integer(number) }
        if let number = json.number, number.isFinite { return .number(number) }
        if let flag = json.bool { return .boolean(flag) }
        throw .field(name, "a string of at most \(longest) characters, a number, or true or false")
    }

    /// The text of a string.
    var words: String? { if case .string(let text) = value { text } else { nil } }

    func write(to json: inout JSONWriter) {
        json.name(dynamic: name)
        switch value {
        case .string(let text): json.value(text)
        case .integer(let number): json.value(number)
        case .number(let number): json.value(number)
        case .boolean(let flag): json.value(flag)
        }
    }

    /// As choices are written.
    fileprivate var choice: String {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        }
    }
}

extension BotCommand {
    /// The values as the command asks for them.
    ///
    /// - Parameter isThere: Whether a member or a room of this id is there for the one who asks.
    /// - Throws: A refusal naming the first option that is unknown, missing, of another type or no choice.
    func values(
        of given: [GivenOption], isThere: (Option.Kind, Int64) -> Bool
    ) throws -> [GivenOption] {
        for value in given where !options.contains(where: { $0.name == value.name }) {
            throw Refusal(.malformed, "The command \"\(name)\" has no option \"\(value.name)\".")
        }
        for option in options {
            guard let value = given.first(where: { $0.name == option.name }) else {
                guard !option.isRequired else {
                    throw Refusal(.malformed, "The command \"\(name)\" needs the option \"\(option.name)\".")
                }
                continue
            }
            guard option.takes(value, isThere: isThere) else {
                let what = option.choices.isEmpty ? "of type \(option.kind.rawValue)" : "one of its choices"
                throw Refusal(.malformed, "The option \"\(option.name)\" must be \(what).")
            }
        }
        return given
    }
}

extension BotCommand.Option {
    fileprivate func takes(_ given: GivenOption, isThere: (Kind, Int64) -> Bool) -> Bool {
        let isOfKind =
            switch (kind, given.value) {
            case (.string, .string), (.integer, .integer), (.number, .integer), (.number, .number),
                (.boolean, .boolean):
                true
            case (.member, .integer(let id)), (.room, .integer(let id)): isThere(kind, id)
            default: false
            }
        return isOfKind && (choices.isEmpty || choices.contains { sameValue($0.value, given) })
    }

    private func sameValue(_ choice: String, _ given: GivenOption) -> Bool {
        kind == .number ? Double(choice) == Double(given.choice) : choice == given.choice
    }
}
