import Foundation
import LyceumProtocol

/// One way in which people write so that filters do not see it, while readers still do.
///
/// These tables are the attacker's and kept apart from the normaliser's on purpose: shared ones would only show that
/// the two agree.
struct Evasion: Sendable {
    let name: String
    /// Whether it changes Han characters only.
    let needsHan: Bool
    private let change: @Sendable (String, Double, inout SplitMix64) -> String

    /// - Parameter strength: The share of characters, or of words, that are changed.
    func apply(_ text: String, strength: Double, using random: inout SplitMix64) -> String {
        change(text, strength, &random)
    }

    static func isHan(_ scalar: Unicode.Scalar) -> Bool { (0x4E00...0x9FFF).contains(scalar.value) }

    static let all: [Evasion] = [
        characters("confusables") { character, _ in lookAlikes[character] },
        characters("full width") { character, _ in
            guard let ascii = character.asciiValue, (0x21...0x7E).contains(ascii) else { return nil }
            return Unicode.Scalar(UInt32(ascii) + 0xFEE0).map(String.init)
        },
        characters("mathematical letters") { character, _ in letter(character, lower: 0x1D41A, upper: 0x1D400) },
        characters("enclosed letters") { character, _ in letter(character, lower: 0x24D0, upper: 0x24B6) },
        characters("zero-width characters") { character, random in
            String(character) + (["\u{200B}", "\u{200C}", "\u{2060}", "\u{FEFF}"].randomElement(using: &random) ?? "")
        },
        characters("bidirectional controls") { character, random in
            String(character) + (["\u{202A}", "\u{202C}", "\u{200E}", "\u{2066}"].randomElement(using: &random) ?? "")
        },
        characters("combining marks") { character, random in
            guard character.isLetter, character.isASCII else { return nil }
            return String(character)
                + (["\u{301}", "\u{308}", "\u{335}", "\u{323}"].randomElement(using: &random) ?? "")
        },
        characters("leet") { character, _ in leet[Character(character.lowercased())] },
        words("spaced letters") { spread($0, by: " ") },
        words("dotted letters") { spread($0, by: ".") },
        characters("repeated letters") { character, random in
            guard character.isLetter, character.isASCII else { return nil }
            return String(repeating: character, count: Int.random(in: 3...5, using: &random))
        },
        characters("mixed case") { character, _ in
            character.isLowercase ? character.uppercased() : character.lowercased()
        },
        han("traditional characters") { character, _ in traditional(character) },
        han("symbols between characters") { character, random in
            String(character)
                + (["*", "·", "-", "_", "丨", "❤", ".", "~", "/", " "].randomElement(using: &random) ?? "")
        },
        characters("digit forms", needsHan: true) { character, random in
            digitForms[character].flatMap { $0.randomElement(using: &random) }
        },
        han("homophones") { character, random in Homophones.shared.other(for: character, using: &random) },
        han("split characters") { character, _ in splits[character] },
    ]

    // MARK: How to change

    private static func characters(
        _ name: String, needsHan: Bool = false,
        _ replace: @escaping @Sendable (Character, inout SplitMix64) -> String?
    ) -> Evasion {
        Evasion(name: name, needsHan: needsHan) { text, strength, random in
            var result = ""
            for character in text {
                let isChosen = Double.random(in: 0..<1, using: &random) < strength
                result += isChosen ? replace(character, &random) ?? String(character) : String(character)
            }
            return result
        }
    }

    private static func han(
        _ name: String, _ replace: @escaping @Sendable (Character, inout SplitMix64) -> String?
    ) -> Evasion {
        characters(name, needsHan: true) { character, random in
            character.unicodeScalars.allSatisfy(isHan) ? replace(character, &random) : nil
        }
    }

    private static func words(_ name: String, _ replace: @escaping @Sendable (Substring) -> String) -> Evasion {
        Evasion(name: name, needsHan: false) { text, strength, random in
            text.split(separator: " ", omittingEmptySubsequences: false).map { word in
                Double.random(in: 0..<1, using: &random) < strength ? replace(word) : String(word)
            }.joined(separator: " ")
        }
    }

    private static func spread(_ word: Substring, by separator: String) -> String {
        guard word.count > 2, word.allSatisfy({ $0.isLetter && $0.isASCII }) else { return String(word) }
        return word.map(String.init).joined(separator: separator)
    }

    private static func letter(_ character: Character, lower: UInt32, upper: UInt32) -> String? {
        guard let ascii = character.asciiValue else { return nil }
        switch ascii {
        case 0x61...0x7A: return Unicode.Scalar(lower + UInt32(ascii) - 0x61).map(String.init)
        case 0x41...0x5A: return Unicode.Scalar(upper + UInt32(ascii) - 0x41).map(String.init)
        default: return nil
        }
    }

    private static func traditional(_ character: Character) -> String? {
        String(character).applyingTransform(StringTransform("Hans-Hant"), reverse: false)
    }

    // MARK: What to write instead

    private static let lookAlikes: [Character: String] = [
        "a": "а", "c": "с", "e": "е", "i": "і", "j": "ј", "o": "о", "p": "р", "s": "ѕ", "x": "х", "y": "у", "h": "һ",
        "A": "Α", "B": "Β", "C": "С", "E": "Ε", "H": "Η", "I": "Ι", "K": "Κ", "M": "Μ", "N": "Ν", "O": "Ο", "P": "Ρ",
        "S": "Ѕ", "T": "Τ", "X": "Χ", "Y": "Υ", "Z": "Ζ",
    ]

    private static let leet: [Character: String] = [
        "a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7", "b": "8", "g": "9",
    ]

    private static let digitForms: [Character: [String]] = [
        "0": ["零", "〇", "⓪", "０"], "1": ["①", "壹", "一", "１", "Ⅰ"], "2": ["②", "贰", "二", "２", "Ⅱ"],
        "3": ["③", "叁", "三", "３", "Ⅲ"], "4": ["④", "肆", "四", "４", "Ⅳ"], "5": ["⑤", "伍", "五", "５", "Ⅴ"],
        "6": ["⑥", "陆", "六", "６", "Ⅵ"], "7": ["⑦", "柒", "七", "７", "Ⅶ"], "8": ["⑧", "捌", "八", "８", "Ⅷ"],
        "9": ["⑨", "玖", "九", "９", "Ⅸ"],
    ]

    private static let splits: [Character: String] = [
        "加": "力口", "好": "女子", "信": "亻言", "群": "君羊", "钱": "钅戋", "取": "耳又", "购": "贝勾", "找": "扌戈",
        "他": "亻也", "件": "亻牛", "请": "讠青", "话": "讠舌", "账": "贝长", "银": "钅艮", "的": "白勺", "行": "彳亍",
        "联": "耳关", "淘": "氵匋", "宝": "宀玉", "期": "其月", "收": "丩攵", "付": "亻寸", "利": "禾刂", "到": "至刂",
    ]
}

/// Characters that sound alike, from the Unicode project's Han–Latin transform over the commonest characters.
struct Homophones {
    static let shared = Homophones()

    private var syllables: [Character: String] = [:]
    private var characters: [String: [Character]] = [:]

    private init() {
        // GB 2312 level 1: the 3,755 commonest characters of simplified Chinese stand in rows 16 to 55.
        let transform = StringTransform("Han-Latin; Latin-ASCII")
        let encoding = String.Encoding(rawValue: 0x8000_0632)
        for row in UInt8(0xB0)...0xD7 {
            for cell in UInt8(0xA1)...0xFE {
                guard let text = String(data: Data([row, cell]), encoding: encoding), let character = text.first,
                    let syllable = text.applyingTransform(transform, reverse: false)
                else { continue }
                syllables[character] = syllable
                characters[syllable, default: []].append(character)
            }
        }
    }

    func other(for character: Character, using random: inout SplitMix64) -> String? {
        guard let syllable = syllables[character] else { return nil }
        return characters[syllable]?.filter { $0 != character }.randomElement(using: &random).map(String.init)
    }
}
