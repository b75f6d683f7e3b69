import LyceumProtocol

/// A value that a command takes.
public struct CommandOption: Sendable {
    public enum Kind: String, Sendable { case string, integer, number, boolean, member, room }

    public var name: String
    public var kind: Kind
    public var isRequired: Bool
    public var description: String?
    public var chineseName: String?
    public var chineseDescription: String?
    /// The only texts it takes, with what to call them in English and Chinese.
    public var choices: [Choice]

    public struct Choice: Sendable {
        public var value: String
        public var label: String
        public var chineseLabel: String?

        public init(_ value: String, _ label: String, chinese: String? = nil) {
            self.value = value
            self.label = label
            chineseLabel = chinese
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("value", value)
                json.field("label", label)
                json.field("label_zh", chineseLabel)
            }
        }
    }

    public init(
        _ name: String, _ kind: Kind = .string, required: Bool = false, _ description: String? = nil,
        chinese: (name: String, description: String)? = nil, choices: [Choice] = []
    ) {
        self.name = name
        self.kind = kind
        isRequired = required
        self.description = description
        chineseName = chinese?.name
        chineseDescription = chinese?.description
        self.choices = choices
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("name_zh", chineseName)
            json.field("description", description)
            json.field("description_zh", chineseDescription)
            json.field("type", kind.rawValue)
            if isRequired { json.field("required", true) }
            if !choices.isEmpty { json.field("choices", array: choices) { $1.write(to: &$0) } }
        }
    }
}

/// A command as the server is told of it.
struct CommandDeclaration: Sendable {
    let name: String
    let description: String
    let chineseName: String?
    let chineseDescription: String?
    let options: [CommandOption]

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("name_zh", chineseName)
            json.field("description", description)
            json.field("description_zh", chineseDescription)
            if !options.isEmpty { json.field("options", array: options) { $1.write(to: &$0) } }
        }
    }
}

/// A button or a select under a bot's message.
public enum MessageComponent: Sendable {
    case button(
        id: String, label: String, chinese: String? = nil, style: String = "secondary", isDisabled: Bool = false)
    case select(
        id: String, label: String, chinese: String? = nil, choices: [CommandOption.Choice],
        count: ClosedRange<Int> = 1...1)

    func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .button(let id, let label, let chinese, let style, let isDisabled):
                json.field("type", "button")
                json.field("id", id)
                json.field("label", label)
                json.field("label_zh", chinese)
                json.field("style", style)
                if isDisabled { json.field("disabled", true) }
            case .select(let id, let label, let chinese, let choices, let count):
                json.field("type", "select")
                json.field("id", id)
                json.field("label", label)
                json.field("label_zh", chinese)
                json.field("choices", array: choices) { $1.write(to: &$0) }
                json.field("min", count.lowerBound)
                json.field("max", count.upperBound)
            }
        }
    }
}
