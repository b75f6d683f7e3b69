/// A term of a text: a 64-bit name to count it by, and where it stands.
public struct ScannedTerm: Sendable, Equatable {
    public enum Kind: UInt8, Sendable {
        /// A lower-cased word of 3 to 25 letters, digits, `_` or `'`.
        case word
        /// One Han, Kana or Hangul character.
        case character
        /// Two neighbouring such characters.
        case bigram
        /// `#tag`, without the sign.
        case tag
        /// CamelCase, snake_case, or anything between back-ticks.
        case code
    }

    public let hash: UInt64
    public let kind: Kind
    /// In UTF-8 bytes of the text.
    public let range: Range<Int>
}

/// Cuts English and Chinese text into index terms in one pass, with no dictionary.
///
/// Chinese needs no segmenter here: characters and bigrams do better than dictionary words.
public struct TermScanner: Sendable {
    /// The most terms taken from one text; the rest of a very long one adds nothing to a profile.
    public static let limit = 192

    private(set) var terms: ContiguousArray<ScannedTerm> = []

    public init() {}

    /// - Returns: ``terms``; whoever wants no copy reads them there.
    @discardableResult
    public mutating func scan(_ text: String) -> ContiguousArray<ScannedTerm> {
        terms.removeAll(keepingCapacity: true)
        var text = text
        text.withUTF8 { scan($0) }
        return terms
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) {
        var position = 0
        var previousWide: (range: Range<Int>, hash: UInt64)?
        while position < bytes.count, terms.count < Self.limit {
            let byte = bytes[position]
            if byte < 0x80 {
                previousWide = nil
                position = scanASCII(bytes, position)
                continue
            }
            let (scalar, length) = Self.decode(bytes, position)
            let range = position..<position + length
            position += length
            guard Self.isWide(scalar) else {
                previousWide = nil
                continue
            }
            let hash = Self.hash(bytes, range, seed: Self.wideSeed)
            terms.append(ScannedTerm(hash: hash, kind: .character, range: range))
            if let previous = previousWide {
                let pair = previous.range.lowerBound..<range.upperBound
                terms.append(
                    ScannedTerm(hash: Self.hash(bytes, pair, seed: Self.wideSeed), kind: .bigram, range: pair))
            }
            previousWide = (range, hash)
        }
    }

    /// Reads one word, tag, code span or separator at `start`; answers where it ends.
    private mutating func scanASCII(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        if bytes[start] == UInt8(ascii: "#") { return scanTag(bytes, start + 1) }
        guard Self.isLetter(bytes[start]) else { return start + 1 }
        var end = start
        var code = false
        while end < bytes.count, Self.isWordByte(bytes[end]) {
            let byte = bytes[end]
            if byte == UInt8(ascii: "_") { code = true }
            if end > start, Self.isUpper(byte), Self.isLower(bytes[end - 1]) { code = true }
            end += 1
        }
        let length = end - start
        guard length >= 3, length <= 25 else { return end }
        let hash = Self.hash(bytes, start..<end, seed: Self.wordSeed)
        guard !StopWords.contains(hash) else { return end }
        terms.append(ScannedTerm(hash: hash, kind: code ? .code : .word, range: start..<end))
        return end
    }

    private mutating func scanTag(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var end = start
        while end < bytes.count {
            if bytes[end] < 0x80 {
                guard Self.isWordByte(bytes[end]) || bytes[end] == UInt8(ascii: "-") else { break }
                end += 1
            } else {
                let (scalar, length) = Self.decode(bytes, end)
                guard Self.isWide(scalar) else { break }
                end += length
            }
        }
        guard end > start, end - start <= 64 else { return max(end, start) }
        terms.append(
            ScannedTerm(hash: Self.hash(bytes, start..<end, seed: Self.tagSeed), kind: .tag, range: start..<end))
        return end
    }

    static let wordSeed: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let wideSeed: UInt64 = 0x8442_2325_CBF2_9CE4
    private static let tagSeed: UInt64 = 0x1000_01B3_8422_2325

    /// FNV-1a over the lower-cased bytes, finished by the mixer of ``Interner``; kinds differ by their seed.
    @inline(__always)
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, seed: UInt64) -> UInt64 {
        Interner.hash(fold(bytes, range, into: seed))
    }

    /// FNV-1a carried on over more bytes, without the mixer.
    @inline(__always)
    static func fold(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into state: UInt64) -> UInt64 {
        var state = state
        for position in range { state = fold(bytes[position], into: state) }
        return state
    }

    @inline(__always) static func fold(_ byte: UInt8, into state: UInt64) -> UInt64 {
        (state ^ UInt64(isUpper(byte) ? byte | 0x20 : byte)) &* 0x0000_0100_0000_01B3
    }

    static func wordHash(_ word: String) -> UInt64 {
        var word = word
        return word.withUTF8 { hash($0, 0..<$0.count, seed: wordSeed) }
    }

    @inline(__always) private static func isUpper(_ byte: UInt8) -> Bool { byte >= 65 && byte <= 90 }
    @inline(__always) private static func isLower(_ byte: UInt8) -> Bool { byte >= 97 && byte <= 122 }
    @inline(__always) private static func isLetter(_ byte: UInt8) -> Bool { isUpper(byte) || isLower(byte) }
    @inline(__always) static func isWordByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (byte >= 48 && byte <= 57) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "'")
    }

    /// A `String` holds valid UTF-8, so the lead byte tells the length.
    @inline(__always)
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> (scalar: UInt32, length: Int) {
        let lead = UInt32(bytes[position])
        func tail(_ offset: Int) -> UInt32 { UInt32(bytes[position + offset] & 0x3F) }
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | tail(1), 2) }
        if lead < 0xF0 { return ((lead & 0x0F) << 12 | tail(1) << 6 | tail(2), 3) }
        return ((lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
    }

    /// Scripts written without spaces: Han with its extensions, Kana and Hangul.
    @inline(__always) static func isWide(_ scalar: UInt32) -> Bool {
        (0x4E00...0x9FFF).contains(scalar) || (0x3400...0x4DBF).contains(scalar) || (0x3040...0x30FF).contains(scalar)
            || (0xAC00...0xD7AF).contains(scalar) || (0x20000...0x323AF).contains(scalar)
    }
}

/// English words that say nothing about a topic.
enum StopWords {
    private static let words = """
        the and for that this with you are was not but have has had can will would could should from they them their \
        there then than what when where which who how why all any its it's just like get got use using one out about \
        into some more also only your our his her she him does did don't i'm been were being over very because too
        """
    private static let hashes = Set(
        words.split(whereSeparator: \.isWhitespace).map { TermScanner.wordHash(String($0)) })

    static func contains(_ hash: UInt64) -> Bool { hashes.contains(hash) }
}
