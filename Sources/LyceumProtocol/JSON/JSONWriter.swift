/// Writes JSON into one growing buffer; the order of calls is the order of the text.
///
/// Commas are put where needed: before every value that does not open its array, object or field.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        bytes.append(UInt8(ascii: "{"))
        try body(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    public mutating func array<S: Sequence>(_ elements: S, _ body: (inout JSONWriter, S.Element) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        for element in elements { body(&self, element) }
        bytes.append(UInt8(ascii: "]"))
    }

    /// An array whose elements are written one by one.
    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        body(&self)
        bytes.append(UInt8(ascii: "]"))
    }

    /// Writes `"name":`; the next value belongs to it.
    public mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// As ``name(_:)-(StaticString)``, for names that are data.
    public mutating func name(dynamic name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
    }

    public mutating func value(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { appendEscaped(UnsafeRawBufferPointer($0)) }
        bytes.append(UInt8(ascii: "\""))
    }

    @inlinable
    public mutating func value<I: BinaryInteger>(_ number: I) { value(integer: Int64(number)) }

    /// Integers of all types end here, so that other targets need not call their conversion through witnesses.
    @usableFromInline
    mutating func value(integer number: Int64) {
        separate()
        appendInteger(number)
    }

    /// Not-a-number and infinities have no JSON form and are written as `null`.
    public mutating func value(_ number: Double) {
        separate()
        bytes.append(contentsOf: number.isFinite ? Array(number.description.utf8) : Array("null".utf8))
    }

    public mutating func value(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: flag ? Array("true".utf8) : Array("false".utf8))
    }

    public mutating func null() {
        separate()
        bytes.append(contentsOf: Array("null".utf8))
    }

    /// Puts text that is JSON already; the caller answers for that.
    public mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    public mutating func field(_ name: StaticString, _ text: String) {
        self.name(name)
        value(text)
    }

    /// Writes nothing for `nil`: an absent field is how the contract says "none".
    public mutating func field(_ name: StaticString, _ text: String?) {
        if let text { field(name, text) }
    }

    @inlinable
    public mutating func field<I: BinaryInteger>(_ name: StaticString, _ number: I) {
        self.name(name)
        value(integer: Int64(number))
    }

    /// Writes nothing for `nil`.
    @inlinable
    public mutating func field<I: BinaryInteger>(_ name: StaticString, _ number: I?) {
        if let number { field(name, number) }
    }

    public mutating func field(_ name: StaticString, _ number: Double) {
        self.name(name)
        value(number)
    }

    /// Writes nothing for `nil`.
    public mutating func field(_ name: StaticString, _ number: Double?) {
        if let number { field(name, number) }
    }

    public mutating func field(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        value(flag)
    }

    public mutating func field(_ name: StaticString, raw json: some Collection<UInt8>) {
        self.name(name)
        raw(json)
    }

    public mutating func field(_ name: StaticString, object body: (inout JSONWriter) -> Void) {
        self.name(name)
        object(body)
    }

    public mutating func field<S: Sequence>(
        _ name: StaticString, array elements: S, _ body: (inout JSONWriter, S.Element) -> Void
    ) {
        self.name(name)
        array(elements, body)
    }

    private mutating func separate() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
        default: bytes.append(UInt8(ascii: ","))
        }
    }

    private mutating func appendInteger(_ number: Int64) {
        var magnitude = number.magnitude
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var index = 20
            repeat {
                index -= 1
                digits[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
                magnitude /= 10
            } while magnitude > 0
            bytes.append(contentsOf: digits[index...])
        }
    }

    /// RFC 8259 section 7: quotes, backslashes and controls must be escaped; runs of anything else are copied whole.
    private mutating func appendEscaped(_ text: UnsafeRawBufferPointer) {
        var start = 0
        while true {
            let end = PlainRun.end(in: text, from: start)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<end]))
            guard end < text.count else { return }
            appendEscape(of: text[end])
            start = end + 1
        }
    }

    private mutating func appendEscape(of byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")])
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }
}
