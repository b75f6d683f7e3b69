/// Writes the integers of snapshots and log records: little-endian words and LEB128 variable-length integers.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ text: String) {
        append(varint: UInt64(text.utf8.count))
        bytes += Array(text.utf8)
    }

    mutating func append(word value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Signed integers near 0 stay short: 0, −1, 1, −2 … become 0, 1, 2, 3 …
    mutating func append(signed value: Int64) { append(varint: UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func append(contentsOf more: [UInt8]) { bytes += more }

    /// Ends the bytes with a checksum over all of them.
    mutating func seal() { append(word: Checksum.of(bytes[...])) }
}

/// Reads what ``ByteWriter`` wrote, and refuses everything else without reading past the end.
struct ByteReader {
    struct Malformed: Error {}

    private var rest: ArraySlice<UInt8>
    var isAtEnd: Bool { rest.isEmpty }
    var remaining: Int { rest.count }

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Takes a checksum off the end of `bytes` and compares it.
    init(sealed bytes: ArraySlice<UInt8>) throws(Malformed) {
        let size = MemoryLayout<UInt64>.size
        guard bytes.count >= size else { throw Malformed() }
        var seal = ByteReader(bytes.suffix(size))
        guard try seal.word(UInt64.self) == Checksum.of(bytes.dropLast(size)) else { throw Malformed() }
        rest = bytes.dropLast(size)
    }

    mutating func byte() throws(Malformed) -> UInt8 {
        guard let byte = rest.popFirst() else { throw Malformed() }
        return byte
    }

    mutating func word<T: FixedWidthInteger>(_ type: T.Type) throws(Malformed) -> T {
        var value: T = 0
        for index in 0..<(T.bitWidth / 8) { value |= T(truncatingIfNeeded: try byte()) << T(index * 8) }
        return value
    }

    mutating func varint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte()
            let bits = UInt64(byte & 0x7F)
            guard (bits << shift) >> shift == bits else { throw Malformed() }
            value |= bits << shift
            guard byte < 0x80 else { continue }
            // Only the shortest form is ours: one value, one encoding.
            guard byte != 0 || shift == 0 else { throw Malformed() }
            return value
        }
        throw Malformed()
    }

    /// A count of things of at least one byte each: never more than the bytes that are left.
    mutating func count() throws(Malformed) -> Int {
        let value = try varint()
        guard value <= UInt64(rest.count) else { throw Malformed() }
        return Int(value)
    }

    mutating func signed() throws(Malformed) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func text() throws(Malformed) -> String {
        guard let text = String(validating: try take(try count()), as: UTF8.self) else { throw Malformed() }
        return text
    }

    mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw Malformed() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

/// 64-bit FNV-1a (Fowler, Noll, Vo): finds torn and damaged files. It is no signature.
enum Checksum {
    static func of(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
