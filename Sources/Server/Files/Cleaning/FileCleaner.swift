import LyceumProtocol

/// Reads one format as it streams by, and lets through only what the picture needs: nothing that tells who made it,
/// when, where and with what, and nothing that hides behind its end.
///
/// It never decodes: structure is all that is looked at, so a picture that would unpack to gigabytes costs no more than
/// its bytes.
protocol FileCleaner: Sendable {
    /// Once the header has been read.
    var size: PixelSize? { get }
    /// Bytes to put over some that have been written, at the end: a length that was not known before.
    var patch: (offset: Int, bytes: [UInt8])? { get }
    /// Reads what begins next.
    /// - Returns: False if more must come first.
    /// - Throws: ``DamagedFile`` if it is not what its first bytes promise.
    mutating func step(_ reader: inout SegmentReader) throws(DamagedFile) -> Bool
    /// Whether the file may end here.
    func isWhole(_ reader: SegmentReader) -> Bool
}

extension FileCleaner {
    var patch: (offset: Int, bytes: [UInt8])? { nil }
}

/// A file that does not keep to its format.
struct DamagedFile: Error {}

struct PixelSize: Hashable, Sendable {
    let width: Int
    let height: Int
}

/// What needs no cleaning, or is of a format that nobody is shown inline.
struct PlainCleaner: FileCleaner {
    var size: PixelSize? { nil }

    mutating func step(_ reader: inout SegmentReader) throws(DamagedFile) -> Bool {
        guard reader.available > 0 else { return false }
        reader.pass(reader.available, keeping: true)
        return true
    }

    func isWhole(_ reader: SegmentReader) -> Bool { true }
}
