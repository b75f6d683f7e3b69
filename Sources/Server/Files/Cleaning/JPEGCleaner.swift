/// JPEG (ITU-T T.81 annex B): keeps what decoding needs, the JFIF header, colour profiles and Adobe's colour transform.
///
/// Exif, XMP, IPTC, comments, thumbnails and everything behind the end are dropped. Of Exif the orientation alone
/// stays, in a segment made anew, and only if it turns the picture: without it phones' pictures would lie on their side.
struct JPEGCleaner: FileCleaner {
    private enum State { case start, marker, scan, end }

    private var state = State.start
    private var stored: PixelSize?
    private var orientation = 1

    /// As it is shown: orientations from 5 on turn it by a quarter.
    var size: PixelSize? {
        guard let stored else { return nil }
        return orientation >= 5 ? PixelSize(width: stored.height, height: stored.width) : stored
    }

    func isWhole(_ reader: SegmentReader) -> Bool { state == .end }

    mutating func step(_ reader: inout SegmentReader) throws(DamagedFile) -> Bool {
        switch state {
        case .start:
            guard let bytes = reader.peek(2) else { return false }
            guard bytes.bigEndian(0, bytes: 2) == 0xFFD8 else { throw DamagedFile() }
            reader.pass(2, keeping: true)
            state = .marker
            return true
        case .marker: return try readMarker(&reader)
        case .scan: return scan(&reader)
        case .end:
            reader.pass(reader.available, keeping: false)
            return false
        }
    }

    private mutating func readMarker(_ reader: inout SegmentReader) throws(DamagedFile) -> Bool {
        guard let bytes = reader.peek(2) else { return false }
        guard bytes.at(0) == 0xFF else { throw DamagedFile() }
        switch bytes.at(1) {
        case 0xFF: reader.pass(1, keeping: false)
        case 0xD9:
            guard stored != nil else { throw DamagedFile() }
            reader.pass(2, keeping: true)
            state = .end
        case 0x01, 0xD0...0xD7: reader.pass(2, keeping: true)
        default: return try readSegment(&reader, marker: bytes.at(1))
        }
        return true
    }

    private mutating func readSegment(_ reader: inout SegmentReader, marker: Int) throws(DamagedFile) -> Bool {
        guard let head = reader.peek(4) else { return false }
        let count = 2 + head.bigEndian(2, bytes: 2)
        guard count >= 4 else { throw DamagedFile() }
        // All that is judged by its content is at most 64 KiB long.
        let seen = (0xE0...0xEF).contains(marker) ? count : min(count, 9)
        guard let bytes = reader.peek(seen) else { return false }
        switch marker {
        case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
            guard count >= 9 else { throw DamagedFile() }
            stored = PixelSize(width: bytes.bigEndian(7, bytes: 2), height: bytes.bigEndian(5, bytes: 2))
            reader.pass(count, keeping: true)
        case 0xDA:
            guard stored != nil else { throw DamagedFile() }
            reader.pass(count, keeping: true)
            state = .scan
        case 0xE0: reader.pass(count, keeping: bytes.has("JFIF\0", at: 4))
        case 0xE1: dropApplicationData(bytes, &reader)
        case 0xE2: reader.pass(count, keeping: bytes.has("ICC_PROFILE\0", at: 4))
        case 0xEE: reader.pass(count, keeping: bytes.has("Adobe", at: 4))
        case 0xC4, 0xCC, 0xDB, 0xDC, 0xDD: reader.pass(count, keeping: true)
        case 0xE3...0xED, 0xEF, 0xF0...0xFE: reader.pass(count, keeping: false)
        default: throw DamagedFile()
        }
        return true
    }

    private mutating func dropApplicationData(_ bytes: ArraySlice<UInt8>, _ reader: inout SegmentReader) {
        if orientation == 1, bytes.has("Exif\0\0", at: 4), let found = ExifOrientation.read(bytes.dropFirst(10)) {
            orientation = found
            reader.write(ExifOrientation.segment(found))
        }
        reader.pass(bytes.count, keeping: false)
    }

    /// Compressed data goes on until a marker that is neither a restart nor a stuffed 0xFF (section B.1.1.5).
    private mutating func scan(_ reader: inout SegmentReader) -> Bool {
        let rest = reader.rest
        var index = rest.startIndex
        while let mark = rest[index...].firstIndex(of: 0xFF), mark + 1 < rest.endIndex {
            let next = rest[mark + 1]
            if next == 0 || (0xD0...0xD7).contains(next) {
                index = mark + 2
            } else {
                reader.pass(mark - rest.startIndex, keeping: true)
                state = .marker
                return true
            }
        }
        // A mark at the very end cannot be told yet.
        let count = rest.last == 0xFF && index < rest.endIndex ? rest.count - 1 : rest.count
        reader.pass(count, keeping: true)
        return count > 0
    }
}

/// The one thing in Exif that a picture needs (CIPA DC-008, tag 0x0112).
enum ExifOrientation {
    /// - Parameter tiff: What follows `Exif\0\0`.
    /// - Returns: 2 to 8; `nil` for an upright picture and for what cannot be read.
    static func read(_ tiff: ArraySlice<UInt8>) -> Int? {
        guard tiff.count >= 14, tiff.has("II*\0") || tiff.has("MM\0*") else { return nil }
        let isLittle = tiff.has("II")
        func number(_ offset: Int, _ bytes: Int) -> Int {
            isLittle ? tiff.littleEndian(offset, bytes: bytes) : tiff.bigEndian(offset, bytes: bytes)
        }
        let directory = number(4, 4)
        guard directory >= 8, directory + 2 <= tiff.count else { return nil }
        for entry in 0..<number(directory, 2) {
            let offset = directory + 2 + 12 * entry
            guard offset + 12 <= tiff.count else { return nil }
            guard number(offset, 2) == 0x0112 else { continue }
            let value = number(offset + 8, 2)
            return (2...8).contains(value) ? value : nil
        }
        return nil
    }

    /// A whole Exif segment that says nothing else.
    static func segment(_ orientation: Int) -> [UInt8] {
        [0xFF, 0xE1, 0x00, 0x22] + Array("Exif\0\0MM\0*".utf8) + [0, 0, 0, 8, 0, 1]
            + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(truncatingIfNeeded: orientation), 0, 0] + [0, 0, 0, 0]
    }
}
