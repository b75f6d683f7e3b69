/// Why stored state cannot be read back; the caller rebuilds it from the record.
public enum SnapshotError: Error, Equatable, CustomStringConvertible {
    case truncated
    case damaged
    case unknownVersion(UInt32)

    public var description: String {
        switch self {
        case .truncated: "The activity snapshot ends too early."
        case .damaged: "The activity snapshot does not match its checksum."
        case .unknownVersion(let version): "The activity snapshot has version \(version), which is not known here."
        }
    }
}

/// State as bytes: little-endian, in the order in which it lies in memory, so that equal histories give equal bytes.
protocol ByteCodable {
    func write(to writer: inout ByteWriter)
    init(from reader: inout ByteReader) throws(SnapshotError)
}

struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ value: Double) { write(value.bitPattern) }
    mutating func write(_ value: Bool) { write(UInt8(value ? 1 : 0)) }
    mutating func encode(_ value: some ByteCodable) { value.write(to: &self) }

    mutating func write(_ text: String) {
        write(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func write<Element>(_ list: some Collection<Element>, _ body: (inout ByteWriter, Element) -> Void) {
        write(UInt32(list.count))
        for element in list { body(&self, element) }
    }

    mutating func encode<Value: ByteCodable>(optional value: Value?) {
        write(value != nil)
        if let value { encode(value) }
    }
}

struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(SnapshotError) -> Value {
        let size = MemoryLayout<Value>.size
        guard bytes.endIndex - position >= size else { throw .truncated }
        var value = Value.zero
        for offset in 0..<size { value |= Value(truncatingIfNeeded: bytes[position + offset]) << (8 * offset) }
        position += size
        return value
    }

    mutating func double() throws(SnapshotError) -> Double { Double(bitPattern: try integer()) }
    mutating func flag() throws(SnapshotError) -> Bool { try integer(UInt8.self) != 0 }
    mutating func value<Value: ByteCodable>(_ type: Value.Type = Value.self) throws(SnapshotError) -> Value {
        try Value(from: &self)
    }

    mutating func string() throws(SnapshotError) -> String {
        let count = Int(try integer(UInt32.self))
        guard bytes.endIndex - position >= count else { throw .truncated }
        defer { position += count }
        return String(decoding: bytes[position..<position + count], as: UTF8.self)
    }

    /// The number of elements that follow; no more than there are bytes left, so that a bad count cannot exhaust memory.
    mutating func count() throws(SnapshotError) -> Int {
        let count = Int(try integer(UInt32.self))
        guard count <= bytes.endIndex - position else { throw .truncated }
        return count
    }

    mutating func list<Element>(
        _ body: (inout ByteReader) throws(SnapshotError) -> Element
    ) throws(SnapshotError) -> ContiguousArray<Element> {
        let count = try count()
        var list = ContiguousArray<Element>()
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try body(&self)) }
        return list
    }

    mutating func optional<Value: ByteCodable>(_ type: Value.Type = Value.self) throws(SnapshotError) -> Value? {
        try flag() ? try value() : nil
    }
}

extension DecayedSum: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(sum)
        writer.write(landmark)
        writer.write(count)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(sum: try reader.double(), landmark: try reader.integer(), count: try reader.integer())
    }
}

extension UInt32: ByteCodable {
    func write(to writer: inout ByteWriter) { writer.write(self) }
    init(from reader: inout ByteReader) throws(SnapshotError) { self = try reader.integer() }
}

extension String: ByteCodable {
    func write(to writer: inout ByteWriter) { writer.write(self) }
    init(from reader: inout ByteReader) throws(SnapshotError) { self = try reader.string() }
}

extension CellMap: ByteCodable where Value: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(entries) { writer, entry in
            writer.write(entry.key)
            entry.value.write(to: &writer)
        }
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        for _ in 0..<(try reader.count()) {
            let key: UInt32 = try reader.integer()
            guard !contains(key) else { throw .damaged }
            insert(key, try reader.value())
        }
    }
}

extension PagedArray: ByteCodable where Element: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(UInt32(count))
        for index in indices { self[index].write(to: &writer) }
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        for _ in 0..<(try reader.count()) { append(try reader.value()) }
    }
}
