import LyceumProtocol

/// A command that members type after a slash, as its bot has declared it.
///
/// Its JSON is wire and storage format alike: `name name_zh? description description_zh? options?`.
public struct BotCommand: Hashable, Sendable {
    /// The most commands of one bot.
    public static let limit = 50

    /// Lower-case Latin letters, digits, `-` and `_`.
    public let name: String
    /// In Simplified Chinese; empty if it has none.
    public let chineseName: String
    public let description: String
    public let chineseDescription: String
    public let options: [Option]

    /// One typed value that a command takes.
    public struct Option: Hashable, Sendable {
        public static let limit = 25

        public enum Kind: String, CaseIterable, Sendable {
            case string, integer, number, boolean, member, room
        }

        public let name: String
        public let chineseName: String
        public let description: String
        public let chineseDescription: String
        public let kind: Kind
        public let isRequired: Bool
        /// The only values it takes; empty for any of its kind.
        public let choices: [Choice]
    }

    public struct Choice: Hashable, Sendable {
        public static let limit = 50
        /// What the bot gets; a number where the option is one, written as in JSON.
        public let value: String
        public let label: String
        public let chineseLabel: String
    }

    /// Reads an array of commands.
    /// - Throws: ``JSONError/field(_:_:)`` naming what would do.
    public static func list(_ value: JSONValue?) throws(JSONError) -> [BotCommand] {
        guard let elements = value?.elements, elements.count <= limit else {
            throw .field("commands", "an array of at most \(limit) commands")
        }
        var commands: [BotCommand] = []
        for element in elements { commands.append(try BotCommand(try JSONObject(element))) }
        guard Set(commands.map(\.name)).count == commands.count else {
            throw .field("commands", "an array of commands with different names")
        }
        return commands
    }

    /// Reads what ``encode(_:)`` wrote; what cannot be read has no commands.
    public static func list(_ stored: [UInt8]) -> [BotCommand] {
        guard !stored.isEmpty else { return [] }
        return stored.withUnsafeBytes { bytes in
            (try? JSONObject(parsing: bytes)).flatMap { try? list($0["commands"]) } ?? []
        }
    }

    /// As an object with the array `commands`; empty for none.
    public static func encode(_ commands: [BotCommand]) -> [UInt8] {
        guard !commands.isEmpty else { return [] }
        var json = JSONWriter()
        json.object { json in json.field("commands", array: commands) { $1.write(to: &$0) } }
        return json.bytes
    }

    /// - Throws: ``JSONError/field(_:_:)`` naming what would do.
    public init(_ json: JSONObject) throws(JSONError) {
        name = try CommandText.name(json)
        chineseName = try CommandText.optional("name_zh", json, 1...32)
        description = try CommandText.required("description", json, 1...200)
        chineseDescription = try CommandText.optional("description_zh", json, 1...200)
        var options: [Option] = []
        let elements = json["options"]?.elements ?? []
        guard elements.count <= Option.limit else {
            throw .field("options", "an array of at most \(Option.limit) options")
        }
        for element in elements { options.append(try Option(element)) }
        guard Set(options.map(\.name)).count == options.count else {
            throw .field("options", "an array of options with different names")
        }
        self.options = options
    }

    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            CommandText.write("name_zh", chineseName, to: &json)
            json.field("description", description)
            CommandText.write("description_zh", chineseDescription, to: &json)
            if !options.isEmpty { json.field("options", array: options) { $1.write(to: &$0) } }
        }
    }

    /// Everything of it that members read.
    public var texts: [String] {
        [name, chineseName, description, chineseDescription]
            + options.flatMap { option in
                [option.name, option.chineseName, option.description, option.chineseDescription]
                    + option.choices.flatMap { [$0.label, $0.chineseLabel] }
            }
    }
}

extension BotCommand.Option {
    init(_ value: JSONValue) throws(JSONError) {
        let json = try JSONObject(value)
        guard let kind = json["type"]?.string.flatMap(Kind.init(rawValue:)) else {
            throw .field("type", "one of " + Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.kind = kind
        name = try CommandText.name(json)
        chineseName = try CommandText.optional("name_zh", json, 1...32)
        description = try CommandText.optional("description", json, 1...200)
        chineseDescription = try CommandText.optional("description_zh", json, 1...200)
        isRequired = json["required"]?.bool ?? false
        var choices: [BotCommand.Choice] = []
        let elements = json["choices"]?.elements ?? []
        guard elements.count <= BotCommand.Choice.limit else {
            throw .field("choices", "an array of at most \(BotCommand.Choice.limit) choices")
        }
        guard elements.isEmpty || [.string, .integer, .number].contains(kind) else {
            throw .field("choices", "absent where the type is \(kind.rawValue)")
        }
        for element in elements { choices.append(try BotCommand.Choice(element, kind)) }
        self.choices = choices
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            CommandText.write("name_zh", chineseName, to: &json)
            CommandText.write("description", description, to: &json)
            CommandText.write("description_zh", chineseDescription, to: &json)
            json.field("type", kind.rawValue)
            if isRequired { json.field("required", true) }
            if !choices.isEmpty { json.field("choices", array: choices) { $1.write(kind, to: &$0) } }
        }
    }
}

extension BotCommand.Choice {
    init(_ value: JSONValue, _ kind: BotCommand.Option.Kind) throws(JSONError) {
        let json = try JSONObject(value)
        guard let value = json["value"].flatMap({ Self.text(of: $0, kind) }), (1...100).contains(value.count) else {
            throw .field("value", "of the option's type, and 1 to 100 characters long")
        }
        self.value = value
        label = try CommandText.optional("label", json, 1...100)
        chineseLabel = try CommandText.optional("label_zh", json, 1...100)
    }

    /// A value as it is compared and kept; `nil` if it is not of the kind.
    static func text(of value: JSONValue, _ kind: BotCommand.Option.Kind) -> String? {
        switch kind {
        case .string: value.string
        case .integer, .member, .room: value.integer.map { String($0) }
        case .number: value.number.flatMap { $0.isFinite ? "\($0)" : nil }
        case .boolean: value.bool.map { "\($0)" }
        }
    }

    func write(_ kind: BotCommand.Option.Kind, to json: inout JSONWriter) {
        json.object { json in
            if kind == .string { json.field("value", value) } else { json.field("value", raw: Array(value.utf8)) }
            CommandText.write("label", label, to: &json)
            CommandText.write("label_zh", chineseLabel, to: &json)
        }
    }
}

/// Texts of a declaration, within their bounds.
enum CommandText {
    static func name(_ json: JSONObject) throws(JSONError) -> String {
        guard let name = json["name"]?.string, (1...32).contains(name.utf8.count),
            name.utf8.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
            })
        else { throw .field("name", "1 to 32 of a-z, 0-9, - and _") }
        return name
    }

    static func required(
        _ name: StaticString, _ json: JSONObject, _ length: ClosedRange<Int>
    ) throws(JSONError) -> String {
        guard let text = json[name]?.string, length.contains(text.unicodeScalars.count) else {
            throw .field("\(name)", "a string of \(length.lowerBound) to \(length.upperBound) characters")
        }
        return text
    }

    static func optional(
        _ name: StaticString, _ json: JSONObject, _ length: ClosedRange<Int>
    ) throws(JSONError) -> String {
        json[name] == nil ? "" : try required(name, json, length)
    }

    static func write(_ name: StaticString, _ text: String, to json: inout JSONWriter) {
        if !text.isEmpty { json.field(name, text) }
    }
}
