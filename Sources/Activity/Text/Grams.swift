import LyceumProtocol

/// How often a word, two words in a row, or up to five characters in a row begin threads.
///
/// There are more of these than of anything else, and nearly all are seen once: twelve bytes each, and no name. A run of
/// characters is the run without its last one and that one; two words are two words.
struct Gram: Sendable {
    enum Kind: UInt8, Sendable { case word, words, characters }

    /// The run without its last character, or the first word; ``Member/none`` for one character or one word.
    let head: UInt32
    /// Two bits of kind, three of length; the last character, the second word, or the place of a word's name.
    private let packed: UInt32
    var count: UInt32 = 0

    private static let tailMask: UInt32 = 1 << 27 - 1

    init(_ kind: Kind, length: Int, head: UInt32, tail: UInt32) {
        self.head = head
        packed = UInt32(kind.rawValue) << 30 | UInt32(length) << 27 | tail & Self.tailMask
    }

    var kind: Kind { Kind(rawValue: UInt8(packed >> 30)) ?? .characters }
    var length: Int { Int(packed >> 27 & 7) }
    var tail: UInt32 { packed & Self.tailMask }
}

extension Gram: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(head)
        writer.write(packed)
        writer.write(count)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        (head, packed, count) = (try reader.integer(), try reader.integer(), try reader.integer())
    }
}

/// Counts of what titles are made of (and openings of first messages without a title).
///
/// Only whole numbers are kept. Association and neighbour entropy are worked out when asked: the neighbours of a phrase
/// are the counts of the phrases one character longer, so no table of neighbours is needed and forgetting is exact.
struct Phrases: Sendable {
    /// Characters counted from one text.
    static let window = 48
    /// The longest phrase; one more character is counted, for its neighbours.
    static let longest = 4

    private(set) var numbers: Interner
    private(set) var grams = PagedArray<Gram>()
    private var words = PagedArray<String>()

    // Of the text being read; kept between texts so that none of them allocates.
    private(set) var found: ContiguousArray<UInt32> = []
    private var run: ContiguousArray<(start: Int, end: Int, scalar: UInt32)> = []
    private var hashes: ContiguousArray<UInt64> = []
    /// What ``Interner/approach(_:)`` saw: kept, so that looking is not optimised away.
    private var approached: UInt32 = 0

    init(shardBits: Int) { numbers = Interner(shardBits: shardBits) }

    func name(_ number: UInt32) -> String {
        let gram = grams[number]
        switch gram.kind {
        case .word: return words[gram.tail]
        case .words: return "\(name(gram.head)) \(name(gram.tail))"
        case .characters:
            var name = gram.head == Member.none ? "" : self.name(gram.head)
            Unicode.Scalar(gram.tail).map { name.unicodeScalars.append($0) }
            return name
        }
    }

    @inline(__always) func approach(_ gram: UInt32) -> UInt32 { grams[gram].count }

    @inline(__always) mutating func count(_ gram: UInt32, _ sign: Sign) {
        if sign == .add { grams[gram].count += 1 } else { grams[gram].count -= 1 }
    }

    func count(of name: String) -> Int { numbers.find(TermScanner.wordHash(name)).map { Int(grams[$0].count) } ?? 0 }

    // MARK: Reading a text

    /// Finds the grams of `text`, with repetition; in ``found``.
    mutating func scan(_ text: String) {
        found.removeAll(keepingCapacity: true)
        var text = text
        text.withUTF8 { scan($0) }
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) {
        run.removeAll(keepingCapacity: true)
        var (position, scalars) = (0, 0)
        var previous: Word?
        while position < bytes.count, scalars < Self.window * 4 {
            let start = position
            if bytes[position] < 0x80 {
                countRun(bytes)
                while position < bytes.count, scalars < Self.window * 4, TermScanner.isWordByte(bytes[position]) {
                    position += 1
                    scalars += 1
                }
                if position > start { previous = countWord(bytes, start..<position, after: previous) }
                guard position < bytes.count, scalars < Self.window * 4 else { break }
                guard bytes[position] < 0x80 else { continue }
                if bytes[position] != UInt8(ascii: " ") { previous = nil }
                position += 1
            } else {
                let (scalar, length) = TermScanner.decode(bytes, position)
                position += length
                previous = nil
                if TermScanner.isWide(scalar), scalar >= 0x3400 {
                    if run.count < Self.window { run.append((start, position, scalar)) }
                } else {
                    countRun(bytes)
                }
            }
            scalars += 1
        }
        countRun(bytes)
    }

    private struct Word {
        let range: Range<Int>
        let number: UInt32
    }

    /// - Returns: What the next word stands beside.
    private mutating func countWord(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, after previous: Word?
    ) -> Word? {
        let start = TermScanner.wordSeed
        let hash = Interner.hash(TermScanner.fold(bytes, range, into: start))
        guard range.count >= 2, range.count <= 25, !StopWords.contains(hash) else { return nil }
        let (number, isNew) = numbers.intern(hash)
        if isNew {
            let name = String(decoding: bytes[range], as: UTF8.self).lowercased()
            grams.append(Gram(.word, length: 1, head: Member.none, tail: words.append(name)))
        }
        found.append(number)
        if let previous {
            // The hash of both with a space between them, as of a name.
            let first = TermScanner.fold(bytes, previous.range, into: start)
            let both = TermScanner.fold(bytes, range, into: TermScanner.fold(UInt8(ascii: " "), into: first))
            let (pair, isNew) = numbers.intern(Interner.hash(both))
            if isNew { grams.append(Gram(.words, length: 2, head: previous.number, tail: number)) }
            found.append(pair)
        }
        return Word(range: range, number: number)
    }

    private mutating func countRun(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !run.isEmpty else { return }
        hashes.removeAll(keepingCapacity: true)
        for start in run.indices {
            var state = TermScanner.wordSeed
            for end in start..<min(start + Self.longest + 1, run.endIndex) {
                state = TermScanner.fold(bytes, run[end].start..<run[end].end, into: state)
                let hash = Interner.hash(state)
                hashes.append(hash)
                approached ^= numbers.approach(hash)
            }
        }
        numberRun()
        run.removeAll(keepingCapacity: true)
    }

    /// Finds the numbers of the run's ``hashes``.
    private mutating func numberRun() {
        var index = 0
        for start in run.indices {
            var head = Member.none
            for end in start..<min(start + Self.longest + 1, run.endIndex) {
                let (number, isNew) = numbers.intern(hashes[index])
                if isNew {
                    grams.append(Gram(.characters, length: end - start + 1, head: head, tail: run[end].scalar))
                }
                found.append(number)
                head = number
                index += 1
            }
        }
    }
}

extension Phrases: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(numbers)
        writer.encode(grams)
        writer.encode(words)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        numbers = try reader.value()
        grams = try reader.value()
        words = try reader.value()
    }
}
