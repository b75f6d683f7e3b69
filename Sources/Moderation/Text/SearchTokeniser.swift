/// A word that search indexes: letters and digits, folded, without spaces or punctuation.
public struct Term: Hashable, Sendable {
    public let text: String
    /// UTF-8 byte offsets in the original text.
    public let span: Range<Int>

    public init(text: String, span: Range<Int>) {
        self.text = text
        self.span = span
    }
}

/// Terms that must follow one another in a text for it to match one part of a query.
public struct SearchPhrase: Hashable, Sendable {
    public let terms: [String]
    /// Whether the last term only has to be the beginning of one in the text, as for a query of one Han character.
    public let endsInPrefix: Bool
}

/// Cuts texts and queries into the terms that every store indexes, so that all find the same.
///
/// Han, Kana and Hangul have no spaces between words: a run of them becomes its overlapping pairs of characters and, at
/// its end, the last character alone, so that every character begins a term. Other words are whole, Latin ones without
/// accents. Traditional Han equals simplified, full-width equals ASCII.
public enum SearchTokeniser {
    /// The most scalars of a word that become its term; whoever pastes longer ones does not search for their ends.
    static let longestWord = 64

    /// What to index of a text, in order.
    public static func terms(in text: String) -> [Term] {
        runs(in: text).flatMap { $0.terms(closing: true) }
    }

    /// What a query asks for: all the phrases, one for each part between spaces.
    public static func phrases(in query: String) -> [SearchPhrase] {
        let runs = runs(in: query)
        var phrases: [SearchPhrase] = []
        var terms: [String] = []
        for (index, run) in runs.enumerated() {
            let endsPhrase = index + 1 == runs.count || runs[index + 1].followsSpace
            terms += run.terms(closing: !endsPhrase || run.characters.count == 1).map(\.text)
            guard endsPhrase else { continue }
            phrases.append(SearchPhrase(terms: terms, endsInPrefix: run.isPaired && run.characters.count == 1))
            terms = []
        }
        return phrases
    }

    /// Where the phrases of a query stand in a text, in UTF-8 byte offsets, in order and without overlaps.
    public static func highlights(of phrases: [SearchPhrase], in text: String) -> [Range<Int>] {
        let terms = terms(in: text)
        var found: [Range<Int>] = []
        for phrase in phrases where !phrase.terms.isEmpty && phrase.terms.count <= terms.count {
            for start in 0...(terms.count - phrase.terms.count) where phrase.matches(terms[start...]) {
                let last = terms[start + phrase.terms.count - 1]
                // A prefix of a pair is its first character: the pair's span would mark one too many.
                let end =
                    phrase.endsInPrefix
                    ? last.span.lowerBound + firstCharacterLength(text, last.span) : last.span.upperBound
                found.append(terms[start].span.lowerBound..<end)
            }
        }
        return merged(found)
    }

    private static func firstCharacterLength(_ text: String, _ span: Range<Int>) -> Int {
        let start = text.utf8.index(text.startIndex, offsetBy: span.lowerBound)
        return text.unicodeScalars[start].utf8.count
    }

    private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}

extension SearchPhrase {
    fileprivate func matches(_ text: ArraySlice<Term>) -> Bool {
        zip(terms.indices, text).allSatisfy { index, term in
            endsInPrefix && index == terms.count - 1 ? term.text.hasPrefix(terms[index]) : term.text == terms[index]
        }
    }
}

// MARK: - Runs

extension SearchTokeniser {
    /// Characters that stand together and are cut in the same way.
    fileprivate struct Run {
        var characters: [(scalar: UInt32, start: UInt32, end: UInt32)] = []
        var isPaired: Bool
        var followsSpace: Bool

        /// - Parameter closing: whether the last character of a paired run becomes a term of its own.
        func terms(closing: Bool) -> [Term] {
            guard isPaired else { return [term(0..<characters.count)] }
            let pairs = characters.indices.dropLast().map { term($0..<$0 + 2) }
            return closing ? pairs + [term(characters.count - 1..<characters.count)] : pairs
        }

        private func term(_ range: Range<Int>) -> Term {
            var view = String.UnicodeScalarView()
            for character in characters[range].prefix(longestWord) {
                if let scalar = Unicode.Scalar(character.scalar) { view.append(scalar) }
            }
            let span = Int(characters[range.lowerBound].start)..<Int(characters[range.upperBound - 1].end)
            return Term(text: String(view), span: span)
        }
    }

    fileprivate static func runs(in text: String) -> [Run] {
        var runs: [Run] = []
        var (isOpen, sawSpace) = (false, false)
        for unit in units(of: text) where unit.kind != .mark && unit.kind != .invisible {
            guard unit.kind.isWordly else {
                isOpen = false
                sawSpace = sawSpace || unit.kind == .space || unit.kind == .newline
                continue
            }
            let isPaired = unit.isPairedInSearch
            if !isOpen || runs[runs.count - 1].isPaired != isPaired {
                runs.append(Run(isPaired: isPaired, followsSpace: sawSpace))
            }
            runs[runs.count - 1].characters.append((unit.searched, unit.start, unit.end))
            (isOpen, sawSpace) = (true, false)
        }
        return runs
    }

    static func units(of text: String) -> [Unit] {
        var text = text
        var units: [Unit] = []
        UnicodeTables.shared.withLookup { lookup in
            var reader = UnitReader(lookup: lookup, tables: .shared, units: [])
            text.withUTF8 { reader.read($0) }
            units = reader.units
        }
        return units
    }
}

extension Unit {
    fileprivate var isPairedInSearch: Bool {
        // The mark that lengthens a vowel belongs to both kana, so Unicode gives it no script.
        kind == .han || Scripts(index: script) == .kana || Scripts(index: script) == .hangul || exact == 0x30FC
    }

    /// Latin without accents, Han simplified; other scripts keep their marks, which tell words apart.
    var searched: UInt32 { script <= 2 || folded == 0 ? exact : folded }
}
