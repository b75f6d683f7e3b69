/// All keywords of a rule set, found with one scan a view and verified one by one.
///
/// Literals are looked for in the skeleton, where what looks alike is alike; whether the text really shows the word is
/// then decided on its characters (``KeywordVerifier``). So the number of words hardly matters to the time.
///
/// A class, so that handing it on for each message costs one reference and not one for each array.
final class KeywordIndex: Sendable {
    struct Entry: Sendable {
        /// Index of the rule that owns it.
        var rule: Int32
        /// Whether it is an exception: matches of the rule inside its span do not count. Rule -1 is all rules.
        var isException: Bool
        var match: KeywordCondition.Match
        /// Its characters in `characters`.
        var first: UInt32
        var count: UInt32
    }

    /// The literals of one view; `entries[bounds[id]..<bounds[id + 1]]` are those with literal `id`.
    struct Literals: Sendable {
        var database: HyperscanDatabase?
        var lengths: [UInt32] = []
        var bounds: [UInt32] = [0]
        var entries: [UInt32] = []
        var isEmpty: Bool { database == nil }
    }

    let skeleton: Literals
    let folded: Literals
    let pinyin: Literals
    let entries: [Entry]
    /// The characters of all entries; ``gapBit`` marks one with a space before it.
    let characters: [UInt32]

    init(
        skeleton: Literals = Literals(), folded: Literals = Literals(), pinyin: Literals = Literals(),
        entries: [Entry] = [], characters: [UInt32] = []
    ) {
        self.skeleton = skeleton
        self.folded = folded
        self.pinyin = pinyin
        self.entries = entries
        self.characters = characters
    }

    static let gapBit: UInt32 = 1 << 31
    /// The longest word, in characters.
    static let longestWord = 100

    /// Gathers words before they are compiled.
    struct Builder {
        private var entries: [Entry] = []
        private var characters: [UInt32] = []
        private var literals: [[[UInt8]: [UInt32]]] = [[:], [:], [:]]
        private let normaliser: Normaliser
        private var text = NormalisedText()
        private(set) var errors: [RuleError] = []

        init(normaliser: Normaliser) { self.normaliser = normaliser }

        /// Adds one word of a rule; `rule` is -1 for the exceptions of all rules.
        mutating func add(
            _ word: (text: String, line: Int), rule: Int, isException: Bool, condition: KeywordCondition?, file: String
        ) {
            normaliser.normalise(word.text, into: &text)
            let match = isException ? .substring : condition?.match ?? .substring
            let characters = spelling()
            let place = RulePlace(file: file, line: word.line)
            guard characters.count <= KeywordIndex.longestWord else {
                errors.append(RuleError(place, "the word is longer than \(KeywordIndex.longestWord) characters"))
                return
            }
            let needsSymbols = text.units.contains { unit in
                !unit.kind.isWordly && unit.kind != .space && !KeywordIndex.droppable.contains(unit.folded)
            }
            let entry = UInt32(entries.count)
            entries.append(
                Entry(
                    rule: Int32(rule), isException: isException, match: match, first: UInt32(self.characters.count),
                    count: UInt32(characters.count)))
            self.characters += characters
            let variants = KeywordIndex.skeletons(of: characters)
            if needsSymbols || variants[0].count < 2 {
                let bytes = Array(text.folded.string.trimmed.utf8)
                guard bytes.count > 1 else {
                    errors.append(RuleError(place, "\"\(word.text)\" is too short to look for"))
                    return
                }
                literals[1][bytes, default: []].append(entry)
            } else {
                for variant in Set(variants) { literals[0][variant, default: []].append(entry) }
            }
            if condition?.matchesHomophones == true, !isException { addHomophones(word, entry, place) }
        }

        private mutating func addHomophones(_ word: (text: String, line: Int), _ entry: UInt32, _ place: RulePlace) {
            let han = text.units.count { $0.kind == .han && $0.syllable != 0 }
            guard han >= 2 else {
                errors.append(
                    RuleError(place, "\"\(word.text)\" has too little Han to match by sound; at least two characters"))
                return
            }
            literals[2][text.pinyin.bytes, default: []].append(entry)
        }

        private func spelling() -> [UInt32] {
            var characters: [UInt32] = []
            var gap: UInt32 = 0
            for unit in text.units {
                if unit.kind.isWordly {
                    characters.append(unit.exact | gap)
                    gap = 0
                } else if unit.kind == .space, !characters.isEmpty {
                    gap = KeywordIndex.gapBit
                }
            }
            return characters
        }

        /// Compiles what was added.
        ///
        /// - Parameter cache: Where compiled databases are kept between starts.
        mutating func build(cache: RuleCache?) throws(RuleErrors) -> KeywordIndex {
            if !errors.isEmpty { throw RuleErrors(errors: errors) }
            return KeywordIndex(
                skeleton: try Self.compile(literals[0], cache), folded: try Self.compile(literals[1], cache),
                pinyin: try Self.compile(literals[2], cache), entries: entries, characters: characters)
        }

        private static func compile(_ words: [[UInt8]: [UInt32]], _ cache: RuleCache?) throws(RuleErrors) -> Literals {
            var literals = Literals()
            guard !words.isEmpty else { return literals }
            // Sorted, so that the same words give the same database, whatever the hash seed of the process.
            let sorted = words.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            for (bytes, entries) in sorted {
                literals.lengths.append(UInt32(bytes.count))
                literals.entries += entries
                literals.bounds.append(UInt32(literals.entries.count))
            }
            do {
                literals.database = try RuleCache.database(cache, for: sorted.map(\.key), kind: "literals") {
                    () throws(HyperscanDatabase.Failure) in try HyperscanDatabase(literals: sorted.map(\.key))
                }
            } catch {
                throw RuleErrors(errors: [
                    RuleError(RulePlace(file: "", line: 0), "the keywords do not compile: \(error.message)")
                ])
            }
            return literals
        }
    }

    /// Signs inside a word that a reader would not miss: apostrophes and hyphens.
    private static let droppable: Set<UInt32> = [0x27, 0x2019, 0x2D, 0x2010]

    /// The skeleton of a word as it stands, and with the spaces between its parts gone.
    private static func skeletons(of characters: [UInt32]) -> [[UInt8]] {
        [true, false].map { keepsGaps in
            var skeleton = String.UnicodeScalarView()
            var last: UInt32 = 0
            for character in characters {
                let shape = Normaliser.shapeClass(of: character & ~gapBit)
                let isShown = shape != last || (keepsGaps && character & gapBit != 0)
                if isShown, let scalar = Unicode.Scalar(shape) { skeleton.append(scalar) }
                last = shape
            }
            return Array(String(skeleton).utf8)
        }
    }
}

extension String {
    fileprivate var trimmed: Substring {
        let start = self.drop { $0 == " " }
        return start[..<(start.lastIndex { $0 != " " }.map { start.index(after: $0) } ?? start.startIndex)]
    }
}

/// Keeps compiled databases between starts, since compiling 500 expressions takes seconds. Both functions may be called
/// from any thread; `load` may return anything, since Hyperscan checks what it is given.
public struct RuleCache: Sendable {
    public let load: @Sendable (_ key: String) -> [UInt8]?
    public let store: @Sendable (_ key: String, _ database: [UInt8]) -> Void

    public init(
        load: @escaping @Sendable (_ key: String) -> [UInt8]?,
        store: @escaping @Sendable (_ key: String, _ database: [UInt8]) -> Void
    ) {
        self.load = load
        self.store = store
    }

    static func database(
        _ cache: RuleCache?, for sources: [[UInt8]], kind: String,
        compile: () throws(HyperscanDatabase.Failure) -> HyperscanDatabase
    ) throws(HyperscanDatabase.Failure) -> HyperscanDatabase {
        guard let cache else { return try compile() }
        var hash = StableHash()
        hash.combine(Array(kind.utf8))
        for source in sources { hash.combine(source) }
        let key = "\(kind)-\(hash.hexadecimal)"
        if let known = cache.load(key).flatMap({ HyperscanDatabase(serialised: $0) }) { return known }
        let database = try compile()
        if let bytes = database.serialised() { cache.store(key, bytes) }
        return database
    }
}

/// Two lanes of FNV-1a (Fowler, Noll, Vo), 128 bits: equal in every process and version, unlike `Hasher`.
struct StableHash {
    private var first: UInt64 = 0xCBF2_9CE4_8422_2325
    private var second: UInt64 = 0x6C62_272E_07BB_0142

    mutating func combine(_ bytes: [UInt8]) {
        for byte in bytes { mix(byte) }
        // The length sets "ab", "c" apart from "a", "bc".
        for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: bytes.count >> shift)) }
    }

    private mutating func mix(_ byte: UInt8) {
        first = (first ^ UInt64(byte)) &* 0x100_0000_01B3
        second = (second ^ UInt64(byte) ^ first >> 32) &* 0x100_0000_01B3
    }

    var hexadecimal: String {
        [first, second].map { value in
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
