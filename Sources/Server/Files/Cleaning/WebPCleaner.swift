/// WebP (RFC 9649): keeps pictures, transparency, animation and colour profile; Exif, XMP and unknown chunks are
/// dropped, with the flags that announce them, and everything behind the end.
struct WebPCleaner: FileCleaner {
    private static let announcing: UInt8 = 0x08 | 0x04

    /// Where the file says that it ends.
    private var end: Int?
    private(set) var size: PixelSize?
    private(set) var patch: (offset: Int, bytes: [UInt8])?

    func isWhole(_ reader: SegmentReader) -> Bool {
        guard let end, size != nil else { return false }
        return reader.position >= end
    }

    mutating func step(_ reader: inout SegmentReader) throws(DamagedFile) -> Bool {
        defer { patch = (4, Self.littleEndian(reader.keptCount - 8)) }
        guard let end else {
            guard let bytes = reader.peek(12) else { return false }
            self.end = 8 + bytes.littleEndian(4, bytes: 4)
            reader.pass(12, keeping: true)
            return true
        }
        guard reader.position + 8 <= end else {
            reader.pass(reader.available, keeping: false)
            return false
        }
        guard let head = reader.peek(8) else { return false }
        let count = head.littleEndian(4, bytes: 4)
        // The last chunk's padding is sometimes missing.
        let padded = min(8 + count + count & 1, max(8 + count, end - reader.position))
        guard reader.position + padded <= end else { throw DamagedFile() }
        switch String(decoding: head.prefix(4), as: UTF8.self) {
        case "VP8X": return try readExtended(&reader, count)
        case "VP8 ": return try readLossy(&reader, padded)
        case "VP8L": return try readLossless(&reader, padded)
        case "ALPH", "ANIM", "ANMF", "ICCP": reader.pass(padded, keeping: true)
        default: reader.pass(padded, keeping: false)
        }
        return true
    }

    private mutating func readExtended(_ reader: inout SegmentReader, _ count: Int) throws(DamagedFile) -> Bool {
        guard count == 10 else { throw DamagedFile() }
        guard let bytes = reader.peek(18) else { return false }
        size = PixelSize(width: 1 + bytes.littleEndian(12, bytes: 3), height: 1 + bytes.littleEndian(15, bytes: 3))
        var chunk = Array(bytes)
        chunk[8] &= ~Self.announcing
        reader.write(chunk)
        reader.pass(18, keeping: false)
        return true
    }

    private mutating func readLossy(_ reader: inout SegmentReader, _ count: Int) throws(DamagedFile) -> Bool {
        guard count >= 18 else { throw DamagedFile() }
        guard let bytes = reader.peek(18) else { return false }
        guard bytes.bigEndian(11, bytes: 3) == 0x9D012A else { throw DamagedFile() }
        try note(
            PixelSize(
                width: bytes.littleEndian(14, bytes: 2) & 0x3FFF, height: bytes.littleEndian(16, bytes: 2) & 0x3FFF))
        reader.pass(count, keeping: true)
        return true
    }

    private mutating func readLossless(_ reader: inout SegmentReader, _ count: Int) throws(DamagedFile) -> Bool {
        guard count >= 13 else { throw DamagedFile() }
        guard let bytes = reader.peek(13) else { return false }
        guard bytes.at(8) == 0x2F else { throw DamagedFile() }
        let packed = bytes.littleEndian(9, bytes: 4)
        try note(PixelSize(width: 1 + packed & 0x3FFF, height: 1 + packed >> 14 & 0x3FFF))
        reader.pass(count, keeping: true)
        return true
    }

    /// A picture must be as large as the canvas that was announced and checked.
    private mutating func note(_ picture: PixelSize) throws(DamagedFile) {
        guard size == nil || size == picture else { throw DamagedFile() }
        size = picture
    }

    private static func littleEndian(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
