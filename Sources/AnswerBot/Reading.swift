import Moderation

/// What kind of thing a question wants to know, where it says so: of two that say the same words, one that asks when is
/// not answered by the answer to one that asks where. Raw values stand in ``Wording``'s tables.
enum QuestionKind: String, Hashable {
    case time, duration, place, amount, person, reason
    /// How something is done: asked in many ways, so that it excludes none.
    case manner
}

/// What a text says for the bot, whether question or answer, so that two ways to ask the same meet.
///
/// Terms are those of ``SearchTokeniser``. Of them phrases that ask are taken out and kept as the question's kinds, words
/// that mean the same become one, words that say nothing go, and English words are cut to their stems. Han stays as runs
/// of characters, which are compared by pairs and, for less, by single ones: 重置密码 and 重设密码 share one pair of three
/// but three characters of four.
struct Reading {
    /// Stems of words.
    private(set) var words: Set<String> = []
    /// Han, Kana and Hangul that stand together.
    private(set) var runs: [[Character]] = []
    private(set) var kinds: Set<QuestionKind> = []

    private(set) var characters: Set<Character> = []
    private(set) var pairs: Set<Pair> = []

    struct Pair: Hashable {
        let first, second: Character
        init(_ first: Character, _ second: Character) { (self.first, self.second) = (first, second) }
    }

    /// The longest phrases that ``Wording`` has, in words and in characters.
    private static let longest = (words: 4, characters: 7)

    init(_ text: String) {
        var plain: [String] = []
        var run: [Character] = []
        for term in SearchTokeniser.terms(in: text) {
            let isPaired = term.text.unicodeScalars.first.map { $0.value >= 0x2E80 } ?? false
            guard isPaired, let first = term.text.first else {
                plain.append(term.text)
                continue
            }
            run.append(first)
            // A run ends with its last character alone.
            guard term.text.count == 1 else { continue }
            read(plain)
            plain = []
            read(run)
            run = []
        }
        read(plain)
    }

    /// The readings of a question: two of one that is asked in Chinese and again in another language, since no older
    /// question has the words of both.
    static func tongues(of text: String) -> [Reading] {
        let clauses = text.split { ",，。？?！!；;\n".contains($0) }.map(String.init)
        let chinese = Reading(clauses.filter(isChinese).joined(separator: "\n"))
        let other = Reading(clauses.filter { !isChinese($0) }.joined(separator: "\n"))
        // A word or two beside the question, as a name or a greeting, does not ask again.
        guard chinese.characters.count >= 2, other.words.count >= 2 else { return [Reading(text)] }
        return [chinese, other]
    }

    /// What an index is given: words, runs, and each character of them by itself.
    var indexed: String {
        let characters = runs.joined().map { String($0) }
        return (words.sorted() + runs.map { String($0) } + characters).joined(separator: " ")
    }

    /// Whether a text asks something: a question may stand before thanks or after a greeting, but a mark inside a word, as
    /// in an address, asks nothing.
    static func asks(_ text: String) -> Bool {
        text.contains("？") || text.split(whereSeparator: \.isWhitespace).contains { $0.last == "?" }
    }

    static func isChinese(_ text: String) -> Bool { text.unicodeScalars.contains { $0.properties.isIdeographic } }

    // MARK: How

    private mutating func read(_ plain: [String]) {
        if plain.first == "when" { kinds.insert(.time) }
        var index = 0
        while index < plain.count {
            let lengths = (1...min(Self.longest.words, plain.count - index)).reversed()
            let found = lengths.lazy.compactMap { length in
                Wording.english[plain[index..<index + length].joined(separator: " ")].map { (length, $0) }
            }.first
            guard let (length, meaning) = found else {
                count(plain[index])
                index += 1
                continue
            }
            take(meaning)
            index += length
        }
    }

    private mutating func read(_ run: [Character]) {
        var (index, rest) = (0, [Character]())
        while index < run.count {
            let lengths = (1...min(Self.longest.characters, run.count - index)).reversed()
            let found = lengths.lazy.compactMap { length in
                Wording.chinese[String(run[index..<index + length])].map { (length, $0) }
            }.first
            guard let (length, meaning) = found else {
                rest.append(run[index])
                index += 1
                continue
            }
            index += length
            if Self.isChinese(meaning.text) {
                rest += meaning.text
                if let kind = meaning.kind { kinds.insert(kind) }
            } else {
                close(&rest)
                take(meaning)
            }
        }
        close(&rest)
    }

    private mutating func close(_ rest: inout [Character]) {
        if !rest.isEmpty {
            runs.append(rest)
            characters.formUnion(rest)
            for (first, second) in zip(rest, rest.dropFirst()) { pairs.insert(Pair(first, second)) }
        }
        rest = []
    }

    private mutating func take(_ meaning: Wording.Meaning) {
        if let kind = meaning.kind { kinds.insert(kind) }
        for word in meaning.text.split(separator: " ") { count(String(word)) }
    }

    private mutating func count(_ word: String) {
        guard !Wording.stops.contains(word) else { return }
        let stem = PorterStemmer.stem(word)
        words.insert(Wording.synonyms[stem] ?? stem)
    }
}
