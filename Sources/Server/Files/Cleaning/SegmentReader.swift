/// Bytes of a file on their way from its uploader to the disk, cut at whatever pieces the network brings them in.
///
/// A ``FileCleaner`` looks at what begins next, and has so many bytes passed on or dropped. Never more is held than one
/// piece of the network and the longest header that a cleaner asks to see.
struct SegmentReader {
    private var pending: [UInt8] = []
    private var start = 0
    private var passing = 0
    private var keeps = false
    /// What is to be written.
    private(set) var output: [UInt8] = []
    /// How many bytes were kept so far, over all outputs.
    private(set) var keptCount = 0
    /// How many bytes have been read so far, those that are being passed included.
    private(set) var position = 0

    var available: Int { pending.count - start }

    mutating func append(_ bytes: [UInt8]) {
        pending.removeFirst(start)
        start = 0
        pending += bytes
    }

    /// The next bytes without taking them; `nil` until so many are there.
    func peek(_ count: Int) -> ArraySlice<UInt8>? {
        available >= count ? pending[start..<start + count] : nil
    }

    /// All that is there.
    var rest: ArraySlice<UInt8> { pending[start...] }

    /// Has the next bytes kept or dropped, those included that have yet to come.
    mutating func pass(_ count: Int, keeping: Bool) {
        passing = count
        keeps = keeping
        position += count
    }

    /// Puts bytes of our own in the place of some that were dropped.
    mutating func write(_ bytes: some Sequence<UInt8>) {
        let before = output.count
        output.append(contentsOf: bytes)
        keptCount += output.count - before
    }

    /// Goes on passing; true once nothing is left to pass.
    mutating func advance() -> Bool {
        let count = min(passing, available)
        if keeps, count > 0 { write(pending[start..<start + count]) }
        start += count
        passing -= count
        return passing == 0
    }

    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }
}

extension ArraySlice<UInt8> {
    /// The byte so many after the first.
    func at(_ offset: Int) -> Int { Int(self[startIndex + offset]) }

    func bigEndian(_ offset: Int, bytes: Int) -> Int { (0..<bytes).reduce(0) { $0 << 8 | at(offset + $1) } }
    func littleEndian(_ offset: Int, bytes: Int) -> Int { (0..<bytes).reduce(0) { $0 | at(offset + $1) << (8 * $1) } }

    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        text.withUTF8Buffer { wanted in
            count >= offset + wanted.count && dropFirst(offset).prefix(wanted.count).elementsEqual(wanted)
        }
    }
}
