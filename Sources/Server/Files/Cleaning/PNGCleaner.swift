/// PNG (W3C, third edition): keeps the chunks that a picture and its animation are made of, by a list of what may stay.
///
/// Texts, Exif, times and chunks that nobody knows are dropped, and everything behind the end.
struct PNGCleaner: FileCleaner {
    private enum State { case signature, header, chunks, end }

    private var state = State.signature
    private(set) var size: PixelSize?

    private static let kept: Set<String> = [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD",
        "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT",
    ]

    func isWhole(_ reader: SegmentReader) -> Bool { state == .end }

    mutating func step(_ reader: inout SegmentReader) throws(DamagedFile) -> Bool {
        switch state {
        case .signature:
            guard reader.peek(8) != nil else { return false }
            reader.pass(8, keeping: true)
            state = .header
        case .header:
            guard let bytes = reader.peek(16) else { return false }
            guard bytes.bigEndian(0, bytes: 4) == 13, bytes.has("IHDR", at: 4) else { throw DamagedFile() }
            size = PixelSize(width: bytes.bigEndian(8, bytes: 4), height: bytes.bigEndian(12, bytes: 4))
            reader.pass(25, keeping: true)
            state = .chunks
        case .chunks:
            guard let bytes = reader.peek(8) else { return false }
            let count = bytes.bigEndian(0, bytes: 4)
            guard count < 1 << 31 else { throw DamagedFile() }
            let name = String(decoding: bytes.dropFirst(4), as: UTF8.self)
            reader.pass(12 + count, keeping: Self.kept.contains(name))
            if name == "IEND" { state = .end }
        case .end:
            reader.pass(reader.available, keeping: false)
            return false
        }
        return true
    }
}
