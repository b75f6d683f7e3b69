/// GIF (CompuServe, version 89a): keeps pictures, their timing and the loop; comments, texts, XMP and other applications'
/// blocks are dropped, and everything behind the trailer.
struct GIFCleaner: FileCleaner {
    private enum State: Equatable { case header, block, data(keeps: Bool), end }

    private var state = State.header
    private(set) var size: PixelSize?

    func isWhole(_ reader: SegmentReader) -> Bool { state == .end }

    mutating func step(_ reader: inout SegmentReader) throws(DamagedFile) -> Bool {
        switch state {
        case .header:
            guard let bytes = reader.peek(13) else { return false }
            size = PixelSize(width: bytes.littleEndian(6, bytes: 2), height: bytes.littleEndian(8, bytes: 2))
            reader.pass(13 + Self.tableBytes(bytes.at(10)), keeping: true)
            state = .block
            return true
        case .block: return try readBlock(&reader)
        case .data(let keeps):
            guard let bytes = reader.peek(1) else { return false }
            reader.pass(1 + bytes.at(0), keeping: keeps)
            if bytes.at(0) == 0 { state = .block }
            return true
        case .end:
            reader.pass(reader.available, keeping: false)
            return false
        }
    }

    private mutating func readBlock(_ reader: inout SegmentReader) throws(DamagedFile) -> Bool {
        guard let first = reader.peek(1) else { return false }
        switch first.at(0) {
        case 0x3B:
            reader.pass(1, keeping: true)
            state = .end
        case 0x2C:
            guard let bytes = reader.peek(10) else { return false }
            try checkPicture(bytes)
            // One more for the size of the first codes, which stands before the data.
            reader.pass(10 + Self.tableBytes(bytes.at(9)) + 1, keeping: true)
            state = .data(keeps: true)
        case 0x21:
            guard let bytes = reader.peek(2) else { return false }
            var keeps = bytes.at(1) == 0xF9
            if bytes.at(1) == 0xFF {
                guard let name = reader.peek(14) else { return false }
                keeps = name.has("\u{0B}NETSCAPE2.0", at: 2) || name.has("\u{0B}ANIMEXTS1.0", at: 2)
            }
            reader.pass(2, keeping: keeps)
            state = .data(keeps: keeps)
        default: throw DamagedFile()
        }
        return true
    }

    /// A picture must lie inside the screen whose size is the one that was checked.
    private func checkPicture(_ bytes: ArraySlice<UInt8>) throws(DamagedFile) {
        let right = bytes.littleEndian(1, bytes: 2) + bytes.littleEndian(5, bytes: 2)
        let bottom = bytes.littleEndian(3, bytes: 2) + bytes.littleEndian(7, bytes: 2)
        guard let size, right <= size.width, bottom <= size.height else { throw DamagedFile() }
    }

    /// The length of a colour table by the flags before it.
    private static func tableBytes(_ flags: Int) -> Int { flags & 0x80 == 0 ? 0 : 3 << (flags & 7 + 1) }
}
