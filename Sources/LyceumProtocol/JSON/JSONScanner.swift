/// Walks JSON text once, checking all of RFC 8259's grammar and allocating nothing.
struct JSONScanner {
    let bytes: UnsafeRawBufferPointer
    var position: Int
    /// How many more levels may open.
    var depth: Int

    /// The one value of a whole document; only white space may stand round it.
    ///
    /// - Parameter member: Called with each member of the document's own object, if it is one.
    mutating func scanDocument(_ member: (Range<Int>, JSONValue) -> Void) throws(JSONError) -> JSONValue {
        skipWhiteSpace()
        let value = peek == UInt8(ascii: "{") ? try scanObject(member) : try scanValue()
        skipWhiteSpace()
        guard position == bytes.count else { throw .syntax(at: position) }
        return value
    }

    /// Reads one `"key": value` of an object whose brace has been passed; false at its end.
    mutating func nextMember(_ body: (Range<Int>, JSONValue) -> Void) throws(JSONError) -> Bool {
        skipWhiteSpace()
        if peek == UInt8(ascii: "}") {
            position += 1
            return false
        }
        let key = try scanString()
        skipWhiteSpace()
        try expect(UInt8(ascii: ":"))
        skipWhiteSpace()
        body(key, try scanValue())
        return try closesOrContinues(with: UInt8(ascii: "}"))
    }

    /// Reads one value of an array whose bracket has been passed; false at its end.
    mutating func nextElement(_ body: (JSONValue) -> Void) throws(JSONError) -> Bool {
        skipWhiteSpace()
        if peek == UInt8(ascii: "]") {
            position += 1
            return false
        }
        body(try scanValue())
        return try closesOrContinues(with: UInt8(ascii: "]"))
    }

    private mutating func closesOrContinues(with end: UInt8) throws(JSONError) -> Bool {
        skipWhiteSpace()
        if peek == UInt8(ascii: ",") {
            position += 1
            skipWhiteSpace()
            // A comma promises another one: `[1,]` is not JSON.
            guard peek != end else { throw .syntax(at: position) }
            return true
        }
        // Left for the next call, which sees the end and stops.
        guard peek == end else { throw .syntax(at: position) }
        return true
    }

    private mutating func scanValue() throws(JSONError) -> JSONValue {
        let start = position
        switch peek {
        case UInt8(ascii: "\""): return JSONValue(kind: .string, bytes: bytes, range: try scanString())
        case UInt8(ascii: "{"): return try scanObject { _, _ in }
        case UInt8(ascii: "["):
            try enter()
            while try nextElement({ _ in }) {}
            return leave(.array, from: start)
        case UInt8(ascii: "t"): return try scanWord("true", .bool)
        case UInt8(ascii: "f"): return try scanWord("false", .bool)
        case UInt8(ascii: "n"): return try scanWord("null", .null)
        default: return try scanNumber()
        }
    }

    private mutating func scanObject(_ member: (Range<Int>, JSONValue) -> Void) throws(JSONError) -> JSONValue {
        let start = position
        try enter()
        while try nextMember(member) {}
        return leave(.object, from: start)
    }

    private mutating func enter() throws(JSONError) {
        guard depth > 0 else { throw .syntax(at: position) }
        depth -= 1
        position += 1
    }

    private mutating func leave(_ kind: JSONValue.Kind, from start: Int) -> JSONValue {
        depth += 1
        return JSONValue(kind: kind, bytes: bytes, range: start..<position)
    }

    /// Returns the range between the quotes.
    private mutating func scanString() throws(JSONError) -> Range<Int> {
        try expect(UInt8(ascii: "\""))
        let start = position
        while true {
            position = PlainRun.end(in: bytes, from: position)
            switch peek {
            case UInt8(ascii: "\""):
                position += 1
                return start..<position - 1
            case UInt8(ascii: "\\"): try scanEscape()
            default: throw .syntax(at: position)
            }
        }
    }

    private mutating func scanEscape() throws(JSONError) {
        guard position + 1 < bytes.count else { throw .syntax(at: position) }
        switch bytes[position + 1] {
        case UInt8(ascii: "u"):
            guard position + 6 <= bytes.count, Self.hexadecimal(bytes, at: position + 2) != nil else {
                throw .syntax(at: position)
            }
            position += 6
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        default: throw .syntax(at: position)
        }
    }

    private mutating func scanNumber() throws(JSONError) -> JSONValue {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        if peek == UInt8(ascii: "0") { position += 1 } else { try scanDigits() }
        if peek == UInt8(ascii: ".") {
            position += 1
            try scanDigits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            try scanDigits()
        }
        return JSONValue(kind: .number, bytes: bytes, range: start..<position)
    }

    private mutating func scanDigits() throws(JSONError) {
        let start = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        guard position > start else { throw .syntax(at: position) }
    }

    private mutating func scanWord(_ word: StaticString, _ kind: JSONValue.Kind) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        let stands = word.withUTF8Buffer { end <= bytes.count && bytes[position..<end].elementsEqual($0) }
        guard stands else { throw .syntax(at: position) }
        defer { position = end }
        return JSONValue(kind: kind, bytes: bytes, range: position..<end)
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard peek == byte else { throw .syntax(at: position) }
        position += 1
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// The text of a string's range, escapes decoded.
    static func decode(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
        let raw = UnsafeRawBufferPointer(rebasing: bytes[range])
        guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            if raw[index] == UInt8(ascii: "\\") {
                index = decodeEscape(raw, at: index, into: &decoded)
            } else {
                decoded.append(raw[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func decodeEscape(_ raw: UnsafeRawBufferPointer, at index: Int, into out: inout [UInt8]) -> Int {
        switch raw[index + 1] {
        case UInt8(ascii: "u"):
            let (scalar, next) = decodeUnicode(raw, at: index)
            out.append(contentsOf: Array(Character(scalar).utf8))
            return next
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case let other: out.append(other)
        }
        return index + 2
    }

    /// One `\uXXXX`, or a surrogate pair of two; a lone surrogate gives U+FFFD.
    private static func decodeUnicode(_ raw: UnsafeRawBufferPointer, at index: Int) -> (Unicode.Scalar, Int) {
        let replacement = Unicode.Scalar(0xFFFD as UInt16) ?? " "
        let unit = hexadecimal(raw, at: index + 2) ?? 0xFFFD
        guard UTF16.isLeadSurrogate(unit) else { return (Unicode.Scalar(unit) ?? replacement, index + 6) }
        guard index + 12 <= raw.count, raw[index + 6] == UInt8(ascii: "\\"), raw[index + 7] == UInt8(ascii: "u"),
            let trail = hexadecimal(raw, at: index + 8), UTF16.isTrailSurrogate(trail)
        else { return (replacement, index + 6) }
        let value = 0x10000 + (UInt32(unit & 0x3FF) << 10) + UInt32(trail & 0x3FF)
        return (Unicode.Scalar(value) ?? replacement, index + 12)
    }

    private static func hexadecimal(_ bytes: UnsafeRawBufferPointer, at start: Int) -> UInt16? {
        var value: UInt16 = 0
        for byte in bytes[start..<start + 4] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(byte - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt16(byte - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt16(byte - 55)
            default: return nil
            }
        }
        return value
    }
}
