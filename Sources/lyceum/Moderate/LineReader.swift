import Glibc

/// Reads lines from a descriptor, holding no more than one block and one line.
struct LineReader {
    enum Line: Equatable {
        case text(String)
        case notUTF8
        case tooLong
    }

    /// In bytes. Longer lines are passed over.
    static let longest = 1 << 20

    private let descriptor: Int32
    private var block = [UInt8](repeating: 0, count: 1 << 16)
    private var unread = 0..<0
    private var line: [UInt8] = []
    private var isTooLong = false

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Whether the next line, or a part of it, is here already.
    var hasMore: Bool { !unread.isEmpty }

    /// The next line without its end; `nil` behind the last.
    ///
    /// - Throws: The error number of a failed read.
    mutating func next() throws(ReadError) -> Line? {
        line.removeAll(keepingCapacity: true)
        isTooLong = false
        while try fill() {
            let rest = block[unread]
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            keep(rest[..<(end ?? rest.endIndex)])
            unread = (end.map { $0 + 1 } ?? rest.endIndex)..<unread.upperBound
            if end != nil { return finished }
        }
        return line.isEmpty && !isTooLong ? nil : finished
    }

    struct ReadError: Error {
        let number: Int32
    }

    /// Whether there is anything unread, after reading more if need be.
    private mutating func fill() throws(ReadError) -> Bool {
        guard unread.isEmpty else { return true }
        var count = 0
        repeat { count = read(descriptor, &block, block.count) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw ReadError(number: errno) }
        unread = 0..<count
        return count > 0
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        isTooLong = isTooLong || line.count + bytes.count > Self.longest
        if isTooLong { line.removeAll() } else { line += bytes }
    }

    private var finished: Line {
        if isTooLong { return .tooLong }
        let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
        return String(validating: bytes, as: UTF8.self).map(Line.text) ?? .notUTF8
    }
}
