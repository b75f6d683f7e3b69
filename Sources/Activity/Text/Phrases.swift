import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How often a word, two words in a row, or up to five characters in a row begin threads.
struct Gram: Sendable {
    enum Kind: UInt8, Sendable { case word, words, characters }
    let name: String
    let kind: Kind
    let length: UInt8
    var count: UInt32 = 0
}

/// Several words or characters that belong together.
public struct Phrase: Sendable, Equatable {
    public let text: String
    public let count: Int
    /// Normalised pointwise mutual information for English (−1...1), the weakest split's bits for Chinese.
    public let association: Double
    public let isChinese: Bool
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

    init(shardBits: Int) { numbers = Interner(shardBits: shardBits) }

    /// The grams of `text`, with repetition.
    mutating func scan(_ text: String) -> ContiguousArray<UInt32> {
        var found: ContiguousArray<UInt32> = []
        var run: [Unicode.Scalar] = []
        var word = ""
        var previous: String?
        func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "'")
        }
        for scalar in text.unicodeScalars.prefix(Self.window * 4) {
            if TermScanner.isWide(scalar.value), scalar.value >= 0x3400 {
                run.append(scalar)
            } else if !run.isEmpty {
                count(run, &found)
                run = []
            }
            if isWordPart(scalar) {
                word.unicodeScalars.append(scalar)
            } else {
                previous = count(word, after: previous, breaks: scalar != " ", &found)
                word = ""
            }
        }
        if !run.isEmpty { count(run, &found) }
        _ = count(word, after: previous, breaks: true, &found)
        return found
    }

    private mutating func count(
        _ word: String, after previous: String?, breaks: Bool, _ found: inout ContiguousArray<UInt32>
    ) -> String? {
        guard !word.isEmpty else { return breaks ? nil : previous }
        let word = word.lowercased()
        guard word.utf8.count >= 2, word.utf8.count <= 25, !StopWords.contains(TermScanner.wordHash(word)) else {
            return nil
        }
        found.append(number(word, .word, 1))
        if let previous { found.append(number("\(previous) \(word)", .words, 2)) }
        return breaks ? nil : word
    }

    private mutating func count(_ run: [Unicode.Scalar], _ found: inout ContiguousArray<UInt32>) {
        let run = run.prefix(Self.window)
        for start in run.indices {
            var name = ""
            for end in start..<min(start + Self.longest + 1, run.endIndex) {
                name.unicodeScalars.append(run[end])
                found.append(number(name, .characters, end - start + 1))
            }
        }
    }

    private mutating func number(_ name: String, _ kind: Gram.Kind, _ length: Int) -> UInt32 {
        let (number, isNew) = numbers.intern(TermScanner.wordHash(name))
        if isNew { grams.append(Gram(name: name, kind: kind, length: UInt8(length))) }
        return number
    }

    @inline(__always) mutating func count(_ gram: UInt32, _ sign: Sign) {
        if sign == .add { grams[gram].count += 1 } else { grams[gram].count -= 1 }
    }

    func count(of name: String) -> Int { numbers.find(TermScanner.wordHash(name)).map { Int(grams[$0].count) } ?? 0 }
}

extension Phrases {
    /// Phrases that pass the thresholds, most frequent first.
    ///
    /// English by normalised mutual information (Bouma, 2009); Chinese by the weakest split's mutual information and the
    /// entropy of both neighbours, a text's end counting as a neighbour of its own.
    func phrases(minimumCount: Int = 5, npmi: Double = 0.3, bits: Double = 5, entropy: Double = 1.5) -> [Phrase] {
        var words = 0.0
        var characters = 0.0
        var right = [Double](repeating: 0, count: grams.count)
        var left = right
        var rightSeen = right
        var leftSeen = right
        for number in grams.indices where grams[number].count > 0 {
            let gram = grams[number]
            if gram.kind == .word { words += Double(gram.count) }
            guard gram.kind == .characters else { continue }
            if gram.length == 1 { characters += Double(gram.count) }
            guard gram.length > 1 else { continue }
            let count = Double(gram.count)
            if let head = numbers.find(TermScanner.wordHash(String(gram.name.dropLast()))).map(Int.init) {
                right[head] -= count * log2(count)
                rightSeen[head] += count
            }
            if let tail = numbers.find(TermScanner.wordHash(String(gram.name.dropFirst()))).map(Int.init) {
                left[tail] -= count * log2(count)
                leftSeen[tail] += count
            }
        }
        var found: [Phrase] = []
        for number in grams.indices where grams[number].count >= UInt32(minimumCount) && grams[number].length > 1 {
            let gram = grams[number]
            let count = Double(gram.count)
            if gram.kind == .words {
                guard let value = self.npmi(gram, of: words), value >= npmi else { continue }
                found.append(Phrase(text: gram.name, count: Int(count), association: value, isChinese: false))
            } else if gram.length <= Self.longest {
                // Σ −p·log p over neighbours, with p = c/count; ends of texts are neighbours seen once each.
                let index = Int(number)
                guard (right[index] / count + log2(count)) >= entropy, (left[index] / count + log2(count)) >= entropy,
                    rightSeen[index] <= count, leftSeen[index] <= count
                else { continue }
                let weakest = weakestSplit(gram, of: characters)
                guard weakest >= bits else { continue }
                found.append(Phrase(text: gram.name, count: Int(count), association: weakest, isChinese: true))
            }
        }
        return found.sorted { $0.count != $1.count ? $0.count > $1.count : $0.text < $1.text }
    }

    /// Whether two characters stand together far more often than chance: a quick test for showing a topic.
    func isFirm(_ pair: String) -> Bool {
        guard let number = numbers.find(TermScanner.wordHash(pair)), grams[number].count >= 5 else { return false }
        let parts = pair.map(String.init)
        guard parts.count == 2 else { return false }
        let (first, second) = (Double(count(of: parts[0])), Double(count(of: parts[1])))
        // A pair that makes up much of what either character is ever used for.
        return Double(grams[number].count) * Double(grams[number].count) >= 0.02 * first * second
    }

    private func npmi(_ gram: Gram, of total: Double) -> Double? {
        let parts = gram.name.split(separator: " ")
        guard parts.count == 2, total > 0 else { return nil }
        let joint = Double(gram.count)
        let product = Double(count(of: String(parts[0]))) * Double(count(of: String(parts[1])))
        guard product > 0, joint < total else { return nil }
        return log(joint * total / product) / -log(joint / total)
    }

    private func weakestSplit(_ gram: Gram, of total: Double) -> Double {
        let scalars = Array(gram.name)
        var weakest = Double.infinity
        for cut in 1..<max(2, scalars.count) {
            let product = Double(count(of: String(scalars[..<cut]))) * Double(count(of: String(scalars[cut...])))
            guard product > 0 else { return -.infinity }
            weakest = min(weakest, log2(Double(gram.count) * total / product))
        }
        return weakest
    }
}

extension Phrases: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(numbers)
        writer.encode(grams)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        numbers = try reader.value()
        grams = try reader.value()
    }
}
