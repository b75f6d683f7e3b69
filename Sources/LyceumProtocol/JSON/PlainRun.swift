/// Finds what in a JSON string needs a closer look: quotes, backslashes and controls (RFC 8259 section 7).
enum PlainRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Where the first such byte at or after `start` stands; the end of `bytes` if there is none.
    ///
    /// Eight bytes at a time, by the zero-byte test of "Bit Twiddling Hacks" (Anderson): it may take the bytes above one
    /// that it finds for others, but never misses one and finds none where there is none.
    @inline(__always)
    static func end(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let controls = (word &- ones &* 0x20) & ~word
            let quotes = zeros(word ^ ones &* UInt64(UInt8(ascii: "\"")))
            let backslashes = zeros(word ^ ones &* UInt64(UInt8(ascii: "\\")))
            let found = (controls | quotes | backslashes) & highs
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, isPlain(bytes[index]) { index += 1 }
        return index
    }

    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
