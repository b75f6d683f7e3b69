/// Cuts English words down to what their forms share, so that "installing" and "installed" are one.
///
/// Porter, "An algorithm for suffix stripping", Program 14 (1980), step by step; words of other scripts, of digits or of
/// two letters stay as they are.
struct PorterStemmer {
    private var word: [UInt8]

    static func stem(_ word: String) -> String {
        guard word.utf8.count > 2, word.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else { return word }
        var stemmer = PorterStemmer(word: Array(word.utf8))
        stemmer.removePluralsAndTenses()
        stemmer.replace(Self.second, whereMeasureExceeds: 0)
        stemmer.replace(Self.third, whereMeasureExceeds: 0)
        stemmer.replace(Self.fourth, whereMeasureExceeds: 1)
        stemmer.tidy()
        return String(decoding: stemmer.word, as: UTF8.self)
    }

    private typealias Rule = (suffix: [UInt8], replacement: [UInt8])

    /// Rules as `suffix>replacement`, the longest suffixes first, since only the longest that fits is tried.
    private static func rules(_ text: String) -> [Rule] {
        text.split(separator: " ").map { rule in
            let parts = rule.split(separator: ">", omittingEmptySubsequences: false)
            return (Array(parts[0].utf8), parts.count > 1 ? Array(parts[1].utf8) : [])
        }.sorted { $0.suffix.count > $1.suffix.count }
    }

    private static let second = rules(
        "ational>ate tional>tion enci>ence anci>ance izer>ize abli>able alli>al entli>ent eli>e ousli>ous ization>ize "
            + "ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble")
    private static let third = rules("icate>ic ative> alize>al iciti>ic ical>ic ful> ness>")
    private static let fourth = rules(
        "al ance ence er ic able ible ant ement ment ent sion>s tion>t ou ism ate iti ous ive ize")

    // MARK: Steps

    private mutating func removePluralsAndTenses() {
        if ends("sses") || ends("ies") {
            word.removeLast(2)
        } else if ends("s"), !ends("ss") {
            word.removeLast()
        }
        if ends("eed") {
            if measure(of: word.count - 3) > 0 { word.removeLast() }
        } else if ends("ed"), hasVowel(word.count - 2) {
            word.removeLast(2)
            mend()
        } else if ends("ing"), hasVowel(word.count - 3) {
            word.removeLast(3)
            mend()
        }
        if ends("y"), hasVowel(word.count - 1) { word[word.count - 1] = UInt8(ascii: "i") }
    }

    /// Gives back what the word had before "-ed" or "-ing": hoping, hopping, falling.
    private mutating func mend() {
        if ends("at") || ends("bl") || ends("iz") {
            word.append(UInt8(ascii: "e"))
        } else if endsInDouble, !ends("l"), !ends("s"), !ends("z") {
            word.removeLast()
        } else if measure(of: word.count) == 1, endsShort(word.count) {
            word.append(UInt8(ascii: "e"))
        }
    }

    private mutating func replace(_ rules: [Rule], whereMeasureExceeds least: Int) {
        guard
            let rule = rules.first(where: {
                word.count >= $0.suffix.count && word.suffix($0.suffix.count) == $0.suffix[...]
            })
        else { return }
        // "-ion" goes only after s or t, which belong to the stem.
        let length = word.count - rule.suffix.count + (rule.suffix.ends(in: "ion") && rule.suffix.count == 4 ? 1 : 0)
        guard measure(of: length) > least else { return }
        word.removeLast(rule.suffix.count)
        word += rule.replacement
    }

    private mutating func tidy() {
        if ends("e") {
            let measure = measure(of: word.count - 1)
            if measure > 1 || measure == 1 && !endsShort(word.count - 1) { word.removeLast() }
        }
        if ends("l"), endsInDouble, measure(of: word.count) > 1 { word.removeLast() }
    }

    // MARK: Conditions

    private func ends(_ suffix: StaticString) -> Bool { word.ends(in: suffix) }

    private func isConsonant(_ index: Int) -> Bool {
        switch word[index] {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"): false
        case UInt8(ascii: "y"): index == 0 || !isConsonant(index - 1)
        default: true
        }
    }

    /// How often a vowel is followed by a consonant in the first `length` letters: the paper's *m*.
    private func measure(of length: Int) -> Int {
        guard length > 1 else { return 0 }
        return (1..<length).count { isConsonant($0) && !isConsonant($0 - 1) }
    }

    private func hasVowel(_ length: Int) -> Bool { (0..<max(0, length)).contains { !isConsonant($0) } }

    private var endsInDouble: Bool {
        word.count > 1 && word[word.count - 1] == word[word.count - 2] && isConsonant(word.count - 1)
    }

    /// Consonant, vowel, consonant at the end, the last none of w, x and y: the paper's *\*o*.
    private func endsShort(_ length: Int) -> Bool {
        guard length > 2, isConsonant(length - 3), !isConsonant(length - 2), isConsonant(length - 1) else {
            return false
        }
        return ![UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "y")].contains(word[length - 1])
    }
}

extension [UInt8] {
    fileprivate func ends(in suffix: StaticString) -> Bool {
        let length = suffix.utf8CodeUnitCount
        return count >= length
            && self.suffix(length).elementsEqual(UnsafeBufferPointer(start: suffix.utf8Start, count: length))
    }
}
