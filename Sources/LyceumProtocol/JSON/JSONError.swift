/// Why a text is not the JSON that was asked for.
public enum JSONError: Error, Hashable, Sendable {
    /// The text breaks RFC 8259 at this byte offset, or nests deeper than allowed there.
    case syntax(at: Int)
    /// The top level, or a value, is not an object where one is needed.
    case notAnObject
    /// The named field is absent, of another type, or outside its range; the text says what would do.
    case field(String, String)

    /// A sentence for the person who wrote the sending program.
    public var message: String {
        switch self {
        case .syntax(let offset): "The text is not valid JSON at byte \(offset)."
        case .notAnObject: "A JSON object is expected."
        case .field(let name, let expected): "Field \"\(name)\" must be \(expected)."
        }
    }
}
