/// The letters of one word as the features see them: one for all that look alike, between `<` and `>`.
///
/// A value is scratch, refilled for each word.
struct WordLetters: Sendable {
    private var letters: [UInt32] = []

    /// How many letters the word has.
    var count: Int { letters.count - 2 }
    /// The letters without `<` and `>`.
    var inside: ArraySlice<UInt32> { letters[1..<letters.count - 1] }

    /// The hash of the word.
    var hash: UInt64 { inside.reduce(1) { FeatureHash.fold($0, UInt64($1)) } }

    mutating func read(_ word: UnsafeBufferPointer<UInt8>) {
        letters.removeAll(keepingCapacity: true)
        letters.append(Self.start)
        for byte in word {
            if byte & 0xC0 == 0x80 {
                // The bytes of one letter, packed: as good as its scalar for telling it from others.
                letters[letters.count - 1] = letters[letters.count - 1] << 8 | UInt32(byte)
            } else {
                letters.append(Normaliser.shapeClass(of: UInt32(byte)))
            }
        }
        letters.append(Self.end)
    }

    /// Takes letters that were read before as a word of their own.
    mutating func take(_ word: ArraySlice<UInt32>) {
        letters.removeAll(keepingCapacity: true)
        letters.append(Self.start)
        letters += word
        letters.append(Self.end)
    }

    /// Calls `body` for what is inside the word, and leaves it without double letters.
    ///
    /// Whoever draws a letter out hides whether it was single or double, so a word with a double letter also counts in
    /// the form that a drawn-out one is left with.
    mutating func forEachPart(isDrawnOut: Bool, _ body: (Features.Origin.Kind, _ hash: UInt64) -> Void) {
        forEachFragment(body)
        let hadRuns = closeRuns()
        guard hadRuns || isDrawnOut else { return }
        body(.single, FeatureHash.of(.single, hash))
        if hadRuns { forEachFragment(body) }
    }

    /// Every four neighbours.
    private func forEachFragment(_ body: (Features.Origin.Kind, _ hash: UInt64) -> Void) {
        guard letters.count >= 5 else { return }
        for start in 0...(letters.count - 4) { body(.fragment, Self.fragment(letters[start..<start + 4])) }
    }

    /// Brings each run of one letter to one; tells whether there was any.
    @discardableResult
    mutating func closeRuns() -> Bool {
        var count = 1
        for index in 1..<letters.count where letters[index] != letters[index - 1] {
            letters[count] = letters[index]
            count += 1
        }
        defer { letters.removeLast(letters.count - count) }
        return count < letters.count
    }

    // MARK: Fragments

    private static let start: UInt32 = 0x3C
    private static let end: UInt32 = 0x3E

    private static func fragment(_ letters: ArraySlice<UInt32>) -> UInt64 {
        let at = letters.startIndex
        return fragment(letters[at], letters[at + 1], letters[at + 2], letters[at + 3])
    }

    @inline(__always)
    private static func fragment(_ first: UInt32, _ second: UInt32, _ third: UInt32, _ fourth: UInt32) -> UInt64 {
        FeatureHash.of(.fragment, UInt64(first) << 32 | UInt64(second), UInt64(third) << 32 | UInt64(fourth))
    }

    /// The fragment with which every word of three letters or more begins that begins like this.
    static func beginning(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> UInt64 {
        fragment(start, first, second, third)
    }

    /// The fragment with which every word of three letters or more ends that ends like this.
    static func ending(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> UInt64 {
        fragment(first, second, third, end)
    }
}
