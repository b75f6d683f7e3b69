/// The ways in which people write a word so that filters miss it: each makes one variant, by a seed.
enum Disguise: CaseIterable {
    case fullWidth, mathematical, circled, homoglyphs, zeroWidth, bidi, combining, accents, leet, spaced, dotted
    case dashed, starred, emoji, elongated, capitals
    case traditional, interrupted, spacedHan, sentence, markedHan, zeroWidthHan

    static let forLatin: [Disguise] = [
        .fullWidth, .mathematical, .circled, .homoglyphs, .zeroWidth, .bidi, .combining, .accents, .leet, .spaced,
        .dotted,
        .dashed, .starred, .emoji, .elongated, .capitals,
    ]
    static let forHan: [Disguise] = [
        .traditional, .interrupted, .spacedHan, .sentence, .markedHan, .zeroWidthHan, .emoji,
    ]

    func apply(to word: String, _ random: inout SplitMix64) -> String {
        switch self {
        case .fullWidth: return mapped(word) { $0.value - 0x61 + 0xFF41 }
        case .mathematical:
            return mapped(word) { $0.value - 0x61 + [0x1D41A, 0x1D482, 0x1D5EE, 0x1D68A].pick(&random) }
        case .circled: return mapped(word) { $0.value - 0x61 + 0x24D0 }
        case .homoglyphs:
            return replaced(
                word, ["a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "i": "і", "x": "х", "s": "ѕ", "y": "у"])
        case .accents:
            return replaced(word, ["a": "á", "e": "ê", "i": "ï", "o": "ö", "u": "ü", "c": "ç", "n": "ñ", "s": "š"])
        case .leet: return replaced(word, ["a": "4", "e": "3", "i": "1", "o": "0", "s": "$", "t": "7"])
        case .zeroWidth, .zeroWidthHan:
            return separated(word, by: ["\u{200B}", "\u{200C}", "\u{2060}", "\u{FEFF}"].pick(&random))
        case .bidi: return "\u{202E}\(word)\u{202C}"
        case .combining, .markedHan: return word.map { "\($0)\u{0336}" }.joined()
        case .spaced, .spacedHan: return separated(word, by: " ")
        case .dotted: return separated(word, by: ".")
        case .dashed: return separated(word, by: "-")
        case .starred, .interrupted: return separated(word, by: ["*", "~", "_", "^", "|", "·"].pick(&random))
        case .sentence: return separated(word, by: ["。", "，", "、", "！"].pick(&random))
        case .emoji: return separated(word, by: ["🌹", "😀", "✨"].pick(&random))
        case .elongated:
            let at = Int(random.next() % UInt64(word.count))
            return word.enumerated().map { $0 == at && $1.isLetter ? String(repeating: $1, count: 4) : String($1) }
                .joined()
        case .capitals: return word.map { random.next() % 2 == 0 ? $0.uppercased() : String($0) }.joined()
        case .traditional:
            return replaced(
                word,
                ["红": "紅", "发": "發", "赌": "賭", "场": "場", "约": "約", "乐": "樂", "写": "寫", "号": "號", "资": "資", "开": "開"])
        }
    }

    private func separated(_ word: String, by sign: String) -> String {
        word.map(String.init).joined(separator: sign)
    }

    private func replaced(_ word: String, _ table: [Character: String]) -> String {
        word.map { table[$0] ?? String($0) }.joined()
    }

    private func mapped(_ word: String, _ transform: (Unicode.Scalar) -> UInt32) -> String {
        var view = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            let isLetter = (0x61...0x7A).contains(scalar.value)
            if let changed = Unicode.Scalar(isLetter ? transform(scalar) : scalar.value) { view.append(changed) }
        }
        return String(view)
    }
}

extension Array {
    /// One of the elements; the array must not be empty.
    func pick(_ random: inout SplitMix64) -> Element { self[Int(random.next() % UInt64(count))] }
}
