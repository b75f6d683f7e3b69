import LyceumProtocol

/// One field of a command or an answer: what it is called, what it may be, and whether it must stand there.
///
/// Checked before a command's own code runs, and written into the published contract, so that the two agree.
struct Field: Sendable {
    indirect enum Kind: Sendable {
        case integer(ClosedRange<Int64>)
        /// Length in Unicode scalars.
        case string(ClosedRange<Int>)
        case word([String])
        case boolean
        case array(Kind, atMost: Int)
        /// An object that the command's own code checks, or that only answers carry; the text describes it.
        case object(String)
        /// An array of a shape of its own, which only answers and events carry; the text describes it.
        case list(String)
    }

    let name: String
    let kind: Kind
    let isRequired: Bool

    static func required(_ name: String, _ kind: Kind) -> Field { Field(name: name, kind: kind, isRequired: true) }
    static func optional(_ name: String, _ kind: Kind) -> Field { Field(name: name, kind: kind, isRequired: false) }

    /// - Throws: ``JSONError/field(_:_:)`` naming the field and what would do.
    func check(_ object: JSONObject) throws(JSONError) {
        guard let value = object[dynamic: name] else {
            if isRequired { throw .field(name, kind.description) }
            return
        }
        guard kind.admits(value) else { throw .field(name, kind.description) }
    }
}

extension Field.Kind {
    /// Any identifier or sequence number.
    static let number = Field.Kind.integer(1...(1 << 53) - 1)
    /// A time in Unix milliseconds, or a sequence number that may be 0.
    static let position = Field.Kind.integer(0...(1 << 53) - 1)

    func admits(_ value: JSONValue) -> Bool {
        switch self {
        case .integer(let range): value.integer.map(range.contains) ?? false
        case .string(let range):
            value.certainlyHasScalars(in: range)
                || value.string.map { range.contains($0.unicodeScalars.count) } ?? false
        case .word(let words): value.string.map(words.contains) ?? false
        case .boolean: value.bool != nil
        case .array(let kind, let limit):
            value.elements.map { $0.count <= limit && $0.allSatisfy(kind.admits) } ?? false
        case .object: value.kind == .object
        case .list: value.kind == .array
        }
    }

    /// As in "Field x must be …".
    var description: String {
        switch self {
        case .integer(let range): "an integer in \(range.lowerBound)...\(range.upperBound)"
        case .string(let range): "a string of \(range.lowerBound) to \(range.upperBound) characters"
        case .word(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
        case .boolean: "true or false"
        case .array(let kind, let limit): "an array of at most \(limit), each \(kind.description)"
        case .object(let text): "an object: \(text)"
        case .list(let text): "an array: \(text)"
        }
    }
}

/// What stands in a command's frame, once it has passed its fields' checks.
struct CommandFields {
    let json: JSONObject

    func integer(_ name: StaticString) throws(JSONError) -> Int64 {
        guard let value = json[name]?.integer else { throw .field("\(name)", "an integer") }
        return value
    }

    func string(_ name: StaticString) throws(JSONError) -> String {
        guard let value = json[name]?.string else { throw .field("\(name)", "a string") }
        return value
    }

    func optionalInteger(_ name: StaticString) -> Int64? { json[name]?.integer }
    func optionalString(_ name: StaticString) -> String? { json[name]?.string }
    func optionalBool(_ name: StaticString) -> Bool? { json[name]?.bool }
    func optionalIntegers(_ name: StaticString) -> [Int64]? { json[name]?.elements?.compactMap(\.integer) }

    /// The room the command is about.
    func room() throws(JSONError) -> RoomID { RoomID(try integer("room")) }
}
