/// The frames of SQLite's write-ahead log, and which of them are as they were written.
///
/// https://sqlite.org/fileformat2.html#the_write_ahead_log: a header of 32 bytes, then frames of 24 bytes and a page. A
/// frame's checksum goes on from that of the frame before it, and its salts are those of the header.
struct LogFrames {
    static let headerBytes = 32
    private static let frameHeaderBytes = 24
    /// The magic number says in which order the checksum takes a word's bytes; the lowest bit is for big-endian.
    private static let magic: UInt32 = 0x377F_0682
    /// What Lyceum's databases have, for a log whose header does not say.
    private static let usualPageSize = 4096

    let bytes: UnsafeRawBufferPointer
    let pageSize: Int
    let count: Int
    private let isBigEndian: Bool
    private let salts: UInt64
    private var isSoundByIndex: [Bool] = []

    /// - Parameter bytes: The whole file; must outlive this value.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        let isHeaderSound = Self.isHeaderSound(bytes)
        isBigEndian = isHeaderSound && bytes[3] & 1 == 1
        let size = isHeaderSound ? Int(Self.word(bytes, 8)) : Self.usualPageSize
        pageSize = size
        count = max(0, bytes.count - Self.headerBytes) / (Self.frameHeaderBytes + size)
        // Without a header the first frame is taken at its word.
        salts = count == 0 ? 0 : Self.salts(bytes, isHeaderSound ? 16 : Self.headerBytes + 8)

        let seed = isHeaderSound ? LogChecksum(stored: bytes, at: 24) : nil
        isSoundByIndex = (0..<count).map { [self] index in
            let before = index == 0 ? seed : stored(index - 1)
            return isOurs(index) && before.map { checksum(index, after: $0) } == stored(index)
        }
    }

    /// Whether the frame is what was written after the frame before it.
    func isSound(_ index: Int) -> Bool { isSoundByIndex[index] }

    /// Whether the frame is the last of its transaction.
    func isCommit(_ index: Int) -> Bool { isOurs(index) && field(index, 4) != 0 }

    func page(_ index: Int) -> UInt32 { field(index, 0) }

    /// Frames before this one were synchronised: a sound frame that follows a commit was written after that commit had
    /// been. So what is not sound among them was damaged on the disk, and not torn by a crash.
    ///
    /// What a failed transaction left beyond the end of the log cannot pass for that: it ends with its own commit, and
    /// what an earlier one left there does not go on from that commit's checksum.
    var synchronised: Int {
        (1..<max(1, count)).last { isSound($0) && isCommit($0 - 1) } ?? 0
    }

    /// The frames that belong together from the first on, as SQLite finds them.
    var soundStart: Int { isSoundByIndex.firstIndex(of: false) ?? count }

    /// Whether `page`, in place of the one that the frame carries, has the frame's checksum.
    func fits(_ page: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        guard index > 0, page.count == pageSize else { return false }
        var sum = stored(index - 1)
        sum.add(slice(offset(index), 8), isBigEndian: isBigEndian)
        sum.add(page, isBigEndian: isBigEndian)
        return sum == stored(index)
    }

    /// A log of some of these frames, with checksums that go on from one to the next.
    func log(of frames: [Int]) -> [UInt8] {
        var log: [UInt8] = []
        log.reserveCapacity(Self.headerBytes + frames.count * (Self.frameHeaderBytes + pageSize))
        let magic = Self.magic | (isBigEndian ? 1 : 0)
        for word in [magic, 3_007_000, UInt32(pageSize), 0, UInt32(salts >> 32), UInt32(truncatingIfNeeded: salts)] {
            Self.append(word, to: &log)
        }
        var sum = LogChecksum()
        log.withUnsafeBytes { sum.add($0, isBigEndian: isBigEndian) }
        sum.append(to: &log)
        for index in frames {
            sum = checksum(index, after: sum)
            log += slice(offset(index), 8)
            Self.append(UInt32(salts >> 32), to: &log)
            Self.append(UInt32(truncatingIfNeeded: salts), to: &log)
            sum.append(to: &log)
            log += slice(offset(index) + Self.frameHeaderBytes, pageSize)
        }
        return log
    }

    // MARK: Where things stand

    private static func isHeaderSound(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= headerBytes, word(bytes, 0) & ~1 == magic else { return false }
        let size = Int(word(bytes, 8))
        guard size.nonzeroBitCount == 1, (512...65_536).contains(size) else { return false }
        var sum = LogChecksum()
        sum.add(UnsafeRawBufferPointer(rebasing: bytes[..<24]), isBigEndian: bytes[3] & 1 == 1)
        return sum == LogChecksum(stored: bytes, at: 24)
    }

    private func offset(_ index: Int) -> Int { Self.headerBytes + index * (Self.frameHeaderBytes + pageSize) }

    private func slice(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    private func isOurs(_ index: Int) -> Bool { Self.salts(bytes, offset(index) + 8) == salts }

    private func field(_ index: Int, _ place: Int) -> UInt32 { Self.word(bytes, offset(index) + place) }

    private func stored(_ index: Int) -> LogChecksum { LogChecksum(stored: bytes, at: offset(index) + 16) }

    private func checksum(_ index: Int, after before: LogChecksum) -> LogChecksum {
        var sum = before
        sum.add(slice(offset(index), 8), isBigEndian: isBigEndian)
        sum.add(slice(offset(index) + Self.frameHeaderBytes, pageSize), isBigEndian: isBigEndian)
        return sum
    }

    private static func salts(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    fileprivate static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    fileprivate static func append(_ word: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: word.bigEndian) { bytes += $0 }
    }
}

/// SQLite's two running sums over pairs of words; section 4.2 of the format.
struct LogChecksum: Equatable {
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    init() {}

    init(stored bytes: UnsafeRawBufferPointer, at offset: Int) {
        first = LogFrames.word(bytes, offset)
        second = LogFrames.word(bytes, offset + 4)
    }

    /// - Parameter bytes: A multiple of eight bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer, isBigEndian: Bool) {
        var offset = 0
        while offset < bytes.count {
            let pair = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let low = UInt32(truncatingIfNeeded: UInt64(littleEndian: pair))
            let high = UInt32(truncatingIfNeeded: UInt64(littleEndian: pair) >> 32)
            first &+= (isBigEndian ? low.byteSwapped : low) &+ second
            second &+= (isBigEndian ? high.byteSwapped : high) &+ first
            offset += 8
        }
    }

    func append(to bytes: inout [UInt8]) {
        LogFrames.append(first, to: &bytes)
        LogFrames.append(second, to: &bytes)
    }
}
