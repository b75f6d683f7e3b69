import LyceumProtocol

/// One received JSON object, kept whole; its fields are read when they are asked for.
public struct JSONText: Sendable, Hashable, CustomStringConvertible {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = Array(bytes) }

    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads fields; the view is valid inside `body` only.
    /// - Throws: ``JSONError`` if this is no JSON object, and what `body` throws.
    public func read<Result>(_ body: (JSONObject) throws -> Result) throws -> Result {
        try bytes.withUnsafeBytes { try body(JSONObject(parsing: $0, maximumDepth: 32)) }
    }

    /// A field that is a whole number; `nil` if it is absent or something else.
    public func integer(_ name: StaticString) -> Int64? { try? read { $0[name]?.integer } }
    public func string(_ name: StaticString) -> String? { try? read { $0[name]?.string } }
    public func bool(_ name: StaticString) -> Bool? { try? read { $0[name]?.bool } }
    public func object(_ name: StaticString) -> JSONText? {
        try? read { object in object[name].flatMap { $0.kind == .object ? JSONText($0.rawBytes) : nil } }
    }
    /// The strings of an array; empty if the field is absent or something else.
    public func strings(_ name: StaticString) -> [String] {
        (try? read { $0[name]?.elements?.compactMap(\.string) }) ?? []
    }
    /// The objects of an array; empty if the field is absent or something else.
    public func objects(_ name: StaticString) -> [JSONText] {
        (try? read { object in
            object[name]?.elements?.compactMap { $0.kind == .object ? JSONText($0.rawBytes) : nil }
        }) ?? []
    }
}

extension JSONObject {
    /// A field that must be there.
    func required<Value>(_ name: StaticString, _ kind: String, _ read: (JSONValue) -> Value?) throws(JSONError) -> Value
    {
        guard let value = self[name].flatMap(read) else { throw .field("\(name)", kind) }
        return value
    }

    func integer(_ name: StaticString) throws(JSONError) -> Int64 { try required(name, "an integer", \.integer) }
    func string(_ name: StaticString) throws(JSONError) -> String { try required(name, "a string", \.string) }
    func member(_ name: StaticString) throws(JSONError) -> MemberID { MemberID(try integer(name)) }
    func room(_ name: StaticString) throws(JSONError) -> RoomID { RoomID(try integer(name)) }
}
