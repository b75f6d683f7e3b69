/// Turns a normalised text into the features the classifier counts.
///
/// From the tokens of the plain view come words, neighbouring pairs, pairs and triples of Han characters (also across
/// one character, which survives a character put between two) and how each of these sounds without tones, four-letter
/// fragments of `<word>`, the length of numbers, and the shape of the text. Presence counts, not frequency.
///
/// Letters that look alike count as one. What the normaliser had to undo is no feature: whoever evades chooses it, and
/// it would speak for them wherever honest writers do the same.
///
/// A value keeps its buffers between texts, so each thread holds one. Work is linear in the text, and no text yields
/// more than ``maximumFeatures``: above that, features are kept by their hash and not by their place, so padding cannot
/// push the telling ones out.
public struct FeatureExtractor: Sendable {
    /// Changes whenever the same text would yield other hashes: a model from another version is refused.
    public static let version: UInt32 = 3
    public static let maximumFeatures = 4096

    /// A token as the features see it: symbols put inside a word are gone.
    private struct Part {
        var index: Int
        var kind: Token.Kind
        var hash: UInt64
        /// What neighbours know it by: a word without its double letters, which nobody can tell from drawn-out ones.
        var outline: UInt64
        var syllable: UInt64
        /// Which of ``Features/chains`` it is.
        var chain: Int?
    }

    private var parts: [Part] = []
    private var letters = WordLetters()
    private var set = HashSet()
    /// Whether the features of chains are left out, until all others stand in the set.
    private var leavesChains = true
    private let syllableHashes = SyllableHashes.shared

    public init() {}

    /// The features of `text`, in no particular order.
    public mutating func extract(_ text: NormalisedText) -> Features {
        var features = Features()
        extract(text, into: &features)
        return features
    }

    /// Replaces the content of `features`, keeping its storage.
    public mutating func extract(_ text: NormalisedText, into features: inout Features) {
        features.hashes.removeAll(keepingCapacity: true)
        features.sounds.removeAll(keepingCapacity: true)
        features.origins.removeAll(keepingCapacity: true)
        features.chains.removeAll(keepingCapacity: true)
        features.hanTokens = 0
        // A Han character of three bytes begins at most eight features; a letter three, and six more when pulled apart.
        set.reset(expecting: text.plain.bytes.count * (text.count(of: .separated) > 0 ? 9 : 3) + 64)
        addShape(of: text, into: &features)
        leavesChains = true
        addTokens(of: text, into: &features)
        features.outsideChains = features.count
        guard !features.chains.isEmpty else { return }
        leavesChains = false
        addTokens(of: text, into: &features)
    }

    private mutating func addTokens(of text: NormalisedText, into features: inout Features) {
        parts.removeAll(keepingCapacity: true)
        text.plain.bytes.withUnsafeBufferPointer { bytes in
            for (index, token) in text.tokens.enumerated() where !token.isInserted {
                appendPart(token, index, bytes, of: text, into: &features)
                addLast(into: &features)
            }
        }
    }

    // MARK: Tokens

    private mutating func appendPart(
        _ token: Token, _ index: Int, _ bytes: UnsafeBufferPointer<UInt8>, of text: NormalisedText,
        into features: inout Features
    ) {
        let hash = FeatureHash.fold(UInt64(token.scalar), 1)
        var part = Part(index: index, kind: token.kind, hash: hash, outline: hash, syllable: 0)
        switch token.kind {
        case .symbol: break
        case .han: part.syllable = syllableHashes[token.syllable]
        case .word:
            let word = UnsafeBufferPointer(rebasing: bytes[token.range])
            if word.allSatisfy({ (0x30...0x39).contains($0) }) {
                part.hash = FeatureHash.of(word)
                part.outline = part.hash
                add(FeatureHash.of(.digits, UInt64(word.count)), .init(.digits, index, index), to: &features)
            } else {
                letters.read(word)
                part.hash = letters.hash
                // Fewer letters are one word or none (`R.I.P`, `I'm a`): there is nothing to read in them.
                let isChain = letters.count >= 4 && text.isPulledApart(token)
                if isChain, leavesChains {
                    part.chain = features.chains.count
                    noteChain(index, isDrawnOut: text.isDrawnOut(token), in: &features)
                } else {
                    if isChain { addHiddenWords(index, into: &features) }
                    addWordParts(index, isDrawnOut: text.isDrawnOut(token), into: &features)
                }
                part.outline = letters.hash
            }
        }
        if let chain = parts.last?.chain { features.chains[chain].after = part.outline }
        parts.append(part)
    }

    /// What is inside the word in `letters`, which are left without double letters.
    private mutating func addWordParts(_ index: Int, isDrawnOut: Bool, into features: inout Features) {
        var letters = WordLetters()
        swap(&letters, &self.letters)
        letters.forEachPart(isDrawnOut: isDrawnOut) { kind, hash in
            add(hash, .init(kind, index, index), to: &features)
        }
        swap(&letters, &self.letters)
    }

    /// Leaves the letters of a chain, and what stands before it, to be read by what is known then.
    private mutating func noteChain(_ index: Int, isDrawnOut: Bool, in features: inout Features) {
        features.chains.append(
            Features.Chain(
                token: index, letters: Array(letters.inside), isDrawnOut: isDrawnOut, before: parts.last?.outline))
        letters.closeRuns()
    }

    /// The words that may hide in letters that stood apart, of which nobody can tell where one ends: `y o u r b a g`.
    ///
    /// Of four letters and more: nearly every three letters in a row are some word, and drown the one that is meant.
    private mutating func addHiddenWords(_ index: Int, into features: inout Features) {
        let inside = Array(letters.inside)
        for start in inside.indices {
            var hash: UInt64 = 1
            for last in start..<min(inside.count, start + 8) where last - start < inside.count - 1 {
                hash = FeatureHash.fold(hash, UInt64(inside[last]))
                guard last - start >= 3 else { continue }
                add(FeatureHash.of(.word, hash), .init(.word, index, index), to: &features)
            }
        }
    }

    // MARK: Features

    /// The features that end with the last part.
    private mutating func addLast(into features: inout Features) {
        let count = parts.count
        let part = parts[count - 1]
        guard part.chain == nil else { return }
        let sound = addSound(part, part, part.syllable, .max, into: &features)
        add(FeatureHash.of(.word, part.hash), .init(.word, part.index, part.index), sounding: sound, to: &features)
        guard count >= 2 else { return }
        let second = parts[count - 2]
        guard second.chain == nil else { return }
        let pair = addSound(second, part, second.syllable, part.syllable, into: &features)
        add(
            FeatureHash.of(.pair, second.outline, part.outline), .init(.pair, second.index, part.index),
            sounding: pair, to: &features)
        guard part.kind == .han else { return }
        features.hanTokens = part.index + 1
        guard count >= 3, parts[count - 3].chain == nil else { return }
        addTriple(parts[count - 3], second, part, into: &features)
    }

    /// The features that end with a Han character and began two parts before.
    private mutating func addTriple(_ first: Part, _ second: Part, _ third: Part, into features: inout Features) {
        let apart = addSound(
            first, third, first.syllable == 0 ? 0 : ~first.syllable, third.syllable, into: &features)
        add(
            FeatureHash.of(.skippingPair, first.hash, third.hash),
            .init(.skippingPair, first.index, third.index), sounding: apart, to: &features)
        guard first.kind == .han, second.kind == .han else { return }
        let two =
            first.syllable == 0 || second.syllable == 0 ? 0 : FeatureHash.fold(first.syllable, second.syllable)
        let whole = addSound(first, third, two, third.syllable, into: &features)
        add(
            FeatureHash.of(.triple, FeatureHash.fold(first.hash, second.hash), third.hash),
            .init(.triple, first.index, third.index), sounding: whole, to: &features)
    }

    /// Adds what a group of characters sounds like and returns the hash of that; 0 where a part has no sound, as told by
    /// a 0.
    private mutating func addSound(
        _ first: Part, _ last: Part, _ syllables: UInt64, _ lastSyllable: UInt64, into features: inout Features
    ) -> UInt64 {
        guard syllables != 0, lastSyllable != 0 else { return 0 }
        let hash = FeatureHash.of(.sound, syllables, lastSyllable)
        add(hash, .init(.sound, first.index, last.index), to: &features)
        return hash
    }

    private mutating func addShape(of text: NormalisedText, into features: inout Features) {
        var (length, digits) = (0, 0)
        for byte in text.plain.bytes {
            length += byte & 0xC0 != 0x80 ? 1 : 0
            digits += (0x30...0x39).contains(byte) ? 1 : 0
        }
        addShape(.length, Self.magnitude(length), to: &features)
        addShape(.digitCount, Self.magnitude(digits), to: &features)
        let (capitals, letters) = (text.shape.upperLetters, text.shape.letters)
        addShape(.capitals, letters == 0 ? 4 : min(3, capitals * 4 / letters), to: &features)
        if !text.links.isEmpty { addShape(.link, 1, to: &features) }
    }

    private mutating func addShape(_ kind: Features.Origin.Kind, _ value: Int, to features: inout Features) {
        add(FeatureHash.of(kind, UInt64(value)), .init(kind, value, value), to: &features)
    }

    /// How many bits `count` needs: a text counts as long as others up to twice its length.
    private static func magnitude(_ count: Int) -> Int { Int.bitWidth - count.leadingZeroBitCount }

    @inline(__always)
    private mutating func add(
        _ hash: UInt64, _ origin: Features.Origin, sounding sound: UInt64 = 0, to features: inout Features
    ) {
        guard set.insert(hash) else { return }
        features.hashes.append(hash)
        features.sounds.append(sound)
        features.origins.append(origin)
        if features.count > Self.maximumFeatures { thin(&features) }
    }

    private mutating func thin(_ features: inout Features) {
        set.thin(features.hashes)
        let kept = features.hashes.indices.filter { set.admits(features.hashes[$0]) }
        features.outsideChains = kept.count { $0 < features.outsideChains }
        features.origins = kept.map { features.origins[$0] }
        features.sounds = kept.map { features.sounds[$0] }
        features.hashes = kept.map { features.hashes[$0] }
    }
}

extension NormalisedText {
    /// Whether a letter of a word was drawn out in the original.
    fileprivate func isDrawnOut(_ token: Token) -> Bool {
        count(of: .elongated) > 0 && gaps(in: token) { $0 == .letter } > 0
    }

    /// Whether the letters of a word stood apart in the original, with something to see or a space between them.
    fileprivate func isPulledApart(_ token: Token) -> Bool {
        count(of: .separated) > 0 && gaps(in: token) { !$0.isWordly && $0 != .mark && $0 != .invisible } >= 2
    }

    /// Between how many neighbours of a word in the plain view the original has a character of some kinds.
    private func gaps(in token: Token, _ isGap: (CharacterKind) -> Bool) -> Int {
        token.range.dropFirst().count { byte in
            let (left, right) = (Int(plain.unitOf[byte - 1]), Int(plain.unitOf[byte]))
            return right > left + 1 && units[(left + 1)..<right].contains { isGap($0.kind) }
        }
    }
}

/// The hashes seen in one text: open-addressed, and of a size that a short text clears in no time.
private struct HashSet: Sendable {
    private var places: [UInt64] = []
    private var mask = 0
    /// Only hashes whose bits under this mask are 0 are taken. The lowest bits: slots are chosen by the highest.
    private var sampleMask: UInt64 = 0

    mutating func reset(expecting count: Int) {
        var capacity = 256
        while capacity < count * 2, capacity < FeatureExtractor.maximumFeatures * 4 { capacity *= 2 }
        if places.count < capacity { places = [UInt64](repeating: 0, count: capacity) }
        for place in 0..<capacity { places[place] = 0 }
        mask = capacity - 1
        sampleMask = 0
    }

    func admits(_ hash: UInt64) -> Bool { hash & sampleMask == 0 }

    /// Whether the hash is admitted and new. 0 marks a free place: that one hash of 2^64 is never taken.
    @inline(__always)
    mutating func insert(_ hash: UInt64) -> Bool {
        guard admits(hash), hash != 0 else { return false }
        var place = Int(truncatingIfNeeded: hash >> 20) & mask
        while places[place] != 0 {
            if places[place] == hash { return false }
            place = (place + 1) & mask
        }
        places[place] = hash
        return true
    }

    /// Admits half as many hashes from now on, and forgets those of `hashes` that no longer belong.
    mutating func thin(_ hashes: [UInt64]) {
        sampleMask = sampleMask << 1 | 1
        for place in places.indices { places[place] = 0 }
        for hash in hashes { _ = insert(hash) }
    }
}

/// A hash for each toneless syllable, from its letters: its number may differ in the next process.
private struct SyllableHashes: Sendable {
    static let shared = SyllableHashes()
    private let hashes: [UInt64]

    private init() {
        hashes = UnicodeTables.shared.syllables.map { $0.isEmpty ? 0 : FeatureHash.of($0) }
    }

    @inline(__always)
    subscript(number: UInt16) -> UInt64 { hashes[Int(number)] }
}
