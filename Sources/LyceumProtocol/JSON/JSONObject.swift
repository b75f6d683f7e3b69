/// A view of one JSON object (RFC 8259) in somebody else's bytes: checked whole once, decoded field by field.
///
/// The hot path reads three or four fields of a small object, so nothing is decoded before it is asked for, and
/// nothing but one array of field positions is allocated. The bytes must outlive the view: decode what you need
/// before the call that handed them to you returns.
///
/// Unpaired surrogate escapes decode to U+FFFD, as they cannot be written in UTF-8. Of repeated keys the last wins.
public struct JSONObject {
    struct Field {
        var key: Range<Int>
        var value: JSONValue
    }

    let bytes: UnsafeRawBufferPointer
    let fields: [Field]

    /// - Parameter maximumDepth: How deep arrays and objects may nest; bounds the recursion.
    /// - Throws: ``JSONError/syntax(at:)`` or ``JSONError/notAnObject``.
    public init(parsing bytes: UnsafeRawBufferPointer, maximumDepth: Int = 16) throws(JSONError) {
        var scanner = JSONScanner(bytes: bytes, position: 0, depth: maximumDepth)
        var fields: [Field] = []
        fields.reserveCapacity(8)
        let value = try scanner.scanDocument { key, value in fields.append(Field(key: key, value: value)) }
        guard value.kind == .object else { throw .notAnObject }
        self.bytes = bytes
        self.fields = fields
    }

    /// Reads an object out of a value that has been scanned already.
    public init(_ value: JSONValue) throws(JSONError) {
        guard value.kind == .object else { throw .notAnObject }
        var fields: [Field] = []
        fields.reserveCapacity(8)
        var scanner = JSONScanner(bytes: value.bytes, position: value.range.lowerBound + 1, depth: 64)
        while try scanner.nextMember({ key, value in fields.append(Field(key: key, value: value)) }) {}
        self.bytes = value.bytes
        self.fields = fields
    }

    /// The names of all fields, decoded; for messages and for telling unknown ones.
    public var keys: [String] { fields.map { JSONScanner.decode(bytes, $0.key) } }

    /// The value of a field; `nil` if it is absent or `null`.
    public subscript(name: StaticString) -> JSONValue? {
        name.withUTF8Buffer { wanted in lookUp(UnsafeRawBufferPointer(wanted)) }
    }

    /// The value of a field named at run time; `nil` if it is absent or `null`.
    public subscript(dynamic name: String) -> JSONValue? {
        var name = name
        return name.withUTF8 { lookUp(UnsafeRawBufferPointer($0)) }
    }

    private func lookUp(_ wanted: UnsafeRawBufferPointer) -> JSONValue? {
        for field in fields.reversed() where matches(field.key, wanted) {
            return field.value.kind == .null ? nil : field.value
        }
        return nil
    }

    private func matches(_ key: Range<Int>, _ wanted: UnsafeRawBufferPointer) -> Bool {
        guard key.count >= wanted.count else { return false }
        let raw = UnsafeRawBufferPointer(rebasing: bytes[key])
        if raw.count == wanted.count { return raw.elementsEqual(wanted) }
        // A key may be written with escapes, and is longer then; that is rare enough to decode it.
        return raw.contains(UInt8(ascii: "\\")) && JSONScanner.decode(bytes, key).utf8.elementsEqual(wanted)
    }
}

/// One scanned value: its kind and where it stands.
public struct JSONValue {
    public enum Kind: Sendable { case object, array, string, number, bool, null }

    public let kind: Kind
    let bytes: UnsafeRawBufferPointer
    /// With the delimiters; for strings without the quotes.
    let range: Range<Int>

    /// The text of a string, with escapes decoded; `nil` for other kinds.
    public var string: String? { kind == .string ? JSONScanner.decode(bytes, range) : nil }

    /// Whether a string has a number of Unicode scalars in `range` for certain, seen without decoding it: it has at most
    /// one for each byte, and at least one for each twelve, the length of an escaped surrogate pair.
    public func certainlyHasScalars(in range: ClosedRange<Int>) -> Bool {
        let count = self.range.count
        return kind == .string && count <= range.upperBound
            && (count >= 12 * range.lowerBound || range.lowerBound == 1 && count > 0)
    }

    /// A whole number that a double can hold exactly, as RFC 8259 section 6 advises; `nil` for others.
    ///
    /// However it is written: JSON Schema takes `7.0` and `7e0` for integers too, and languages whose numbers are all
    /// doubles write them so.
    public var integer: Int64? {
        guard kind == .number else { return nil }
        return plainInteger ?? wholeNumber
    }

    private var plainInteger: Int64? {
        let digits = UnsafeRawBufferPointer(rebasing: bytes[range])
        var (magnitude, index) = (Int64(0), 0)
        let negative = digits.first == UInt8(ascii: "-")
        if negative { index = 1 }
        guard digits.count - index <= 16 else { return nil }
        while index < digits.count {
            let digit = digits[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            magnitude = magnitude * 10 + Int64(digit)
            index += 1
        }
        guard magnitude < 1 << 53 else { return nil }
        return negative ? -magnitude : magnitude
    }

    private var wholeNumber: Int64? {
        let digits = UnsafeRawBufferPointer(rebasing: bytes[range])
        guard digits.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }), let number,
            abs(number) < 9_007_199_254_740_992
        else { return nil }
        return Int64(exactly: number)
    }

    public var number: Double? {
        kind == .number ? Double(String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)) : nil
    }

    public var bool: Bool? { kind == .bool ? bytes[range.lowerBound] == UInt8(ascii: "t") : nil }

    /// The values of an array; `nil` for other kinds.
    public var elements: [JSONValue]? {
        guard kind == .array else { return nil }
        var values: [JSONValue] = []
        var scanner = JSONScanner(bytes: bytes, position: range.lowerBound + 1, depth: 64)
        // The whole document was checked when it was parsed, so this cannot fail on the way.
        while (try? scanner.nextElement { values.append($0) }) == true {}
        return values
    }

    /// The text of this value as it stands, for handing it on unread.
    public var rawBytes: UnsafeRawBufferPointer {
        let whole = kind == .string ? range.lowerBound - 1..<range.upperBound + 1 : range
        return UnsafeRawBufferPointer(rebasing: bytes[whole])
    }
}
