import LyceumProtocol

/// A button or a select under a bot's message, by which members ask the bot something.
///
/// Its JSON is wire and storage format alike: `type id label label_zh? style? disabled? choices? min? max?`.
public struct BotComponent: Hashable, Sendable {
    /// The most under one message.
    public static let limit = 25

    public enum Kind: String, CaseIterable, Sendable { case button, select }
    public enum Style: String, CaseIterable, Sendable { case primary, secondary, danger }

    public let kind: Kind
    /// What the bot knows it by; unique under its message.
    public let id: String
    public let label: String
    public let chineseLabel: String
    public let style: Style
    public let isDisabled: Bool
    /// What a select offers; empty for a button.
    public let choices: [BotCommand.Choice]
    /// How many of the choices may be taken.
    public let count: ClosedRange<Int>

    /// Reads an array of components; an absent one is empty.
    /// - Throws: ``JSONError/field(_:_:)`` naming what would do.
    public static func list(_ value: JSONValue?) throws(JSONError) -> [BotComponent] {
        guard let value else { return [] }
        guard let elements = value.elements, elements.count <= limit else {
            throw .field("components", "an array of at most \(limit) components")
        }
        var components: [BotComponent] = []
        for element in elements { components.append(try BotComponent(element)) }
        guard Set(components.map(\.id)).count == components.count else {
            throw .field("components", "an array of components with different ids")
        }
        return components
    }

    /// Reads the field `components` of a stored object; what cannot be read has none.
    public static func list(in stored: [UInt8]) -> [BotComponent] {
        guard !stored.isEmpty else { return [] }
        return stored.withUnsafeBytes { bytes in
            (try? JSONObject(parsing: bytes)).flatMap { try? list($0["components"]) } ?? []
        }
    }

    init(_ value: JSONValue) throws(JSONError) {
        let json = try JSONObject(value)
        guard let kind = json["type"]?.string.flatMap(Kind.init(rawValue:)) else {
            throw .field("type", "button or select")
        }
        self.kind = kind
        id = try CommandText.required("id", json, 1...64)
        label = try CommandText.required("label", json, 1...80)
        chineseLabel = try CommandText.optional("label_zh", json, 1...80)
        guard let style = Style(rawValue: json["style"]?.string ?? "secondary") else {
            throw .field("style", "one of " + Style.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.style = style
        isDisabled = json["disabled"]?.bool ?? false
        let elements = json["choices"]?.elements ?? []
        guard kind == .select ? (1...BotCommand.Choice.limit).contains(elements.count) : elements.isEmpty else {
            throw .field("choices", "1 to \(BotCommand.Choice.limit) choices of a select, and absent from a button")
        }
        var choices: [BotCommand.Choice] = []
        for element in elements { choices.append(try BotCommand.Choice(element, .string)) }
        self.choices = choices
        let (least, most) = (json["min"]?.integer ?? 1, json["max"]?.integer ?? 1)
        guard kind == .button || (0...most).contains(least) && (1...Int64(choices.count)).contains(most) else {
            throw .field("max", "from 1 to the number of choices, and not below min")
        }
        count = kind == .button ? 0...0 : Int(least)...Int(most)
    }

    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("type", kind.rawValue)
            json.field("id", id)
            json.field("label", label)
            CommandText.write("label_zh", chineseLabel, to: &json)
            json.field("style", style.rawValue)
            if isDisabled { json.field("disabled", true) }
            guard kind == .select else { return }
            json.field("choices", array: choices) { $1.write(.string, to: &$0) }
            json.field("min", count.lowerBound)
            json.field("max", count.upperBound)
        }
    }

    /// Whether these values may be taken of it.
    public func admits(_ values: [String]) -> Bool {
        !isDisabled && count.contains(values.count) && Set(values).count == values.count
            && values.allSatisfy { value in choices.contains { $0.value == value } }
    }

    /// Everything of it that members read.
    public var texts: [String] { [label, chineseLabel] + choices.flatMap { [$0.label, $0.chineseLabel, $0.value] } }
}
