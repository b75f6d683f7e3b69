import CICU

/// Asks ICU about every assigned code point and lays the answers out for ``UnicodeTables``.
struct UnicodeTablesBuilder {
    private(set) var pageOf = [UInt16](repeating: 0, count: 0x1100)
    private(set) var records: [CodePoint] = []
    private(set) var pool: [UInt32] = []
    private(set) var syllables: [[UInt8]] = [[]]
    private(set) var composites: [UInt64: UInt32] = [:]
    private static let splitHalves = Set(LookAlikes.splitHan.map(\.0))
    private var syllableIndex: [[UInt8]: UInt16] = [:]
    private var pageNumbers: [[CodePoint]: UInt16] = [:]

    /// What is assigned, but for the private planes; what lies outside is a symbol that stays as it is.
    private static let assigned: [Range<UInt32>] = [0..<0xD800, 0xF900..<0x32400, 0xE0000..<0xE1000]
    /// Characters in use for Chinese; the rest of the 97,000 would only make the start slower.
    private static let romanised: ClosedRange<UInt32> = 0x4E00...0x9FFF
    private static let simplified: ClosedRange<UInt32> = 0x3400...0x9FFF

    /// Nil only if ICU was built without its transliterators; then that conversion is missing, as `self` says nothing of it.
    private let simplifier = cicu_transliterator_open("Traditional-Simplified")
    private let romaniser = cicu_transliterator_open("Han-Latin; Latin-ASCII")

    mutating func build() {
        records = Array(repeating: CodePoint(folded: .itself, exact: .itself, kind: .symbol), count: 256)
        for block in 0..<UInt32(0x1100) {
            let first = block << 8
            guard Self.assigned.contains(where: { $0.contains(first) }) else { continue }
            addPage((first..<first + 256).map { record(of: $0) }, of: block)
        }
        cicu_transliterator_close(simplifier)
        cicu_transliterator_close(romaniser)
    }

    /// Blocks of which the same is to be said, such as most of Hangul and of the rarer Han, share one page.
    private mutating func addPage(_ page: [CodePoint], of block: UInt32) {
        let number = pageNumbers[page] ?? UInt16(records.count >> 8)
        pageOf[Int(block)] = number
        guard pageNumbers.updateValue(number, forKey: page) == nil else { return }
        records += page
    }

    private mutating func record(of scalar: UInt32) -> CodePoint {
        guard cicu_is_defined(scalar) else { return CodePoint(folded: .itself, exact: .itself, kind: .symbol) }
        let kind = Self.kind(of: scalar)
        if kind == .invisible { return invisible(scalar) }
        let folded = Self.scalars { cicu_nfkc_casefold(scalar, $0, $1) }
        var point = CodePoint(folded: mapped(folded), exact: .nothing, kind: kind)
        point.script = Self.script(of: scalar)
        point.traits = Self.traits(of: scalar)
        if kind == .mark { return noteComposites(of: scalar, point) }
        describeLooks(of: scalar, folded: folded, in: &point)
        return noteComposites(of: scalar, point)
    }

    private func invisible(_ scalar: UInt32) -> CodePoint {
        var point = CodePoint(folded: .nothing, exact: .nothing, kind: .invisible)
        let isBidi =
            [0x061C, 0x200E, 0x200F].contains(scalar)
            || (0x202A...0x202E).contains(scalar) || (0x2066...0x2069).contains(scalar)
        if isBidi { point.traits.insert(.bidi) }
        return point
    }

    /// Fills in `exact`, the kind of what it looks like, and the traits that say why.
    private mutating func describeLooks(of scalar: UInt32, folded: [UInt32], in point: inout CodePoint) {
        if scalar < 0x80 { return describeASCII(scalar, in: &point) }
        if let digits = Self.digits(of: scalar, kind: point.kind) {
            point.exact = mapped(digits)
            point.kind = .digit
            point.traits.insert(.enclosed)
            return
        }
        if let sign = Unicode.Scalar(scalar).flatMap({ LookAlikes.leetSymbols[$0] }) {
            point.exact = mapped(folded)
            point.standsFor = sign.asciiValue ?? 0
            point.traits.insert(.leet)
            return
        }
        if point.kind == .han || Self.isHan(folded) { return describeHan(folded, in: &point) }
        describeLetterOrSign(scalar, folded: folded, in: &point)
    }

    private mutating func describeASCII(_ scalar: UInt32, in point: inout CodePoint) {
        point.exact = point.folded
        let character = Unicode.Scalar(UInt8(scalar))
        if let sign = LookAlikes.leetSymbols[character] {
            point.standsFor = sign.asciiValue ?? 0
            point.traits.insert(.leet)
        }
        if "01IlO".unicodeScalars.contains(character) { point.traits.insert(.ambiguous) }
    }

    private mutating func describeHan(_ folded: [UInt32], in point: inout CodePoint) {
        point.kind = .han
        point.script = Self.index(of: .han)
        let plain = Self.withoutEnclosure(folded)
        let simple = plain.map { simplify($0) }
        if simple != plain { point.traits.insert(.traditional) }
        point.exact = mapped(simple)
        if let half = Unicode.Scalar(folded[0]), Self.splitHalves.contains(half) { point.traits.insert(.splitHalf) }
        guard let only = simple.first, simple.count == 1, let character = Unicode.Scalar(only) else { return }
        point.syllable = syllable(of: only)
        // The original decides: simplification may already have turned a formal numeral into something else.
        let numerals = [plain[0], only].compactMap { Unicode.Scalar($0).flatMap { LookAlikes.numerals[$0] } }
        if let value = numerals.first {
            point.standsFor = UInt8(ascii: "0") + value
            if LookAlikes.formalNumerals.contains(character) { point.traits.insert(.formalNumeral) }
        }
    }

    private mutating func describeLetterOrSign(_ scalar: UInt32, folded: [UInt32], in point: inout CodePoint) {
        let bare = Self.withoutMarks(Self.withoutEnclosure(folded), keepMarks: point.script == Self.index(of: .kana))
        if bare != folded { point.traits.insert(.accent) }
        point.exact = mapped(bare.isEmpty ? folded : bare)
        guard let latin = Self.latinLook(of: scalar, bare: bare) else { return describeNative(bare, in: &point) }
        let isLetterLike =
            point.kind == .letter || point.kind == .digit || cicu_decomposition_type(scalar) > 1
            || latin.isFromName
        if isLetterLike {
            point.exact = mapped(latin.scalars)
            point.kind = latin.scalars.allSatisfy { Self.kind(of: $0) == .digit } ? .digit : .letter
            if point.script != Self.index(of: .latin), point.script != 0 { point.traits.insert(.foreign) }
        } else if latin.scalars.count == 1, let letter = UInt8(exactly: latin.scalars[0]) {
            point.standsFor = letter
            point.traits.insert(.leet)
        }
    }

    /// A letter with no Latin look of its own, unless hand-written data gives it one among Latin letters.
    private mutating func describeNative(_ bare: [UInt32], in point: inout CodePoint) {
        if let first = bare.first { point.kind = Self.kind(of: first) }
        guard point.kind == .letter, point.script != Self.index(of: .latin) else { return }
        let loose = bare.count == 1 ? Unicode.Scalar(bare[0]).flatMap { LookAlikes.loose[$0] } : nil
        if let letter = loose?.asciiValue {
            point.exact = mapped([UInt32(letter)])
            point.traits.insert(.loose)
        } else {
            point.traits.insert(.native)
        }
    }
}

// MARK: - Mappings

extension UnicodeTablesBuilder {
    private mutating func mapped(_ scalars: [UInt32]) -> Mapped {
        switch scalars.count {
        case 0: return .nothing
        case 1: return Mapped(scalar: scalars[0])
        default:
            pool.append(contentsOf: scalars)
            return Mapped(poolOffset: pool.count - scalars.count, count: scalars.count)
        }
    }

    private func simplify(_ scalar: UInt32) -> UInt32 {
        var simple = scalar
        if let simplifier, Self.simplified.contains(scalar) {
            let result = Self.scalars { cicu_transliterate(simplifier, scalar, $0, $1) }
            if result.count == 1 { simple = result[0] }
        }
        return Unicode.Scalar(simple).flatMap { LookAlikes.han[$0] }?.value ?? simple
    }

    private mutating func syllable(of scalar: UInt32) -> UInt16 {
        guard let romaniser, Self.romanised.contains(scalar) else { return 0 }
        let spelled = Self.scalars { cicu_transliterate(romaniser, scalar, $0, $1) }
        let letters = spelled.filter { (0x61...0x7A).contains($0) }.map { UInt8($0) }
        guard !letters.isEmpty, letters.count == spelled.count else { return 0 }
        if let known = syllableIndex[letters] { return known }
        syllables.append(letters)
        syllableIndex[letters] = UInt16(syllables.count - 1)
        return UInt16(syllables.count - 1)
    }

    private mutating func noteComposites(of scalar: UInt32, _ point: CodePoint) -> CodePoint {
        // Hangul composes by arithmetic; upper-case composites never arise, since folding comes first.
        guard cicu_decomposition_type(scalar) == 1, !(0xAC00...0xD7A3).contains(scalar) else { return point }
        let parts = Self.scalars { cicu_nfd(scalar, $0, $1) }
        guard let mark = parts.last, parts.count > 1 else { return point }
        var first = parts[0]
        for part in parts[1..<(parts.count - 1)] { first = cicu_compose(first, part) }
        if first != 0, cicu_compose(first, mark) == scalar { composites[UInt64(first) << 32 | UInt64(mark)] = scalar }
        return point
    }
}

// MARK: - Questions to ICU

extension UnicodeTablesBuilder {
    private static func scalars(_ ask: (UnsafeMutablePointer<UInt32>, Int32) -> Int32) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: 64) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            count = max(0, Int(ask(base, 64)))
        }
    }

    private static func traits(of scalar: UInt32) -> CodePoint.Traits {
        var traits: CodePoint.Traits = []
        if cicu_is_uppercase(scalar) { traits.insert(.upper) }
        if cicu_decomposition_type(scalar) > 1 { traits.insert(.compatibility) }
        if (6...8).contains(cicu_general_category(scalar)) { traits.insert(.unicodeMark) }
        return traits
    }

    /// General categories in ICU's order (uchar.h, UCharCategory).
    private static func kind(of scalar: UInt32) -> CharacterKind {
        if cicu_is_ignorable(scalar) { return .invisible }
        if scalar == 0x2800 { return .space }  // Braille blank
        if scalar >= 0x80, cicu_is_pictographic(scalar) { return .emoji }
        let character = Unicode.Scalar(scalar)
        switch cicu_general_category(scalar) {
        case 1...5: return cicu_script(scalar) == code("Hani") ? .han : .letter
        case 6...8: return [code("Zinh"), code("Zyyy")].contains(cicu_script(scalar)) ? .mark : .letter
        case 9: return .digit
        case 10, 11: return cicu_script(scalar) == code("Hani") ? .han : .letter
        case 12: return .space
        case 13, 14: return .newline
        case 15: return scalar == 9 ? .space : (10...13).contains(scalar) || scalar == 0x85 ? .newline : .invisible
        default: break
        }
        guard let character else { return .symbol }
        if cicu_is_sentence_end(scalar) || LookAlikes.clauseEnds.contains(character) { return .stop }
        return LookAlikes.ordinaryBetweenWords.contains(character) ? .punctuation : .symbol
    }

    private static func code(_ name: StaticString) -> UInt32 {
        name.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    private static let scriptCodes: [UInt32: Scripts] = [
        code("Latn"): .latin, code("Hani"): .han, code("Hira"): .kana, code("Kana"): .kana, code("Hang"): .hangul,
        code("Cyrl"): .cyrillic, code("Grek"): .greek, code("Arab"): .arabic, code("Hebr"): .hebrew,
        code("Thai"): .thai, code("Deva"): .devanagari,
    ]

    private static func script(of scalar: UInt32) -> UInt8 {
        let code = cicu_script(scalar)
        if code == Self.code("Zyyy") || code == Self.code("Zinh") || code == Self.code("Zzzz") { return 0 }
        return index(of: scriptCodes[code] ?? .other)
    }

    private static func index(of script: Scripts) -> UInt8 { UInt8(script.rawValue.trailingZeroBitCount + 1) }

    private static func isHan(_ scalars: [UInt32]) -> Bool {
        let bare = withoutEnclosure(scalars)
        return !bare.isEmpty && bare.allSatisfy { cicu_script($0) == code("Hani") }
    }

    /// ASCII digits for a digit of any script, and for numbers in a circle or in Roman numerals.
    private static func digits(of scalar: UInt32, kind: CharacterKind) -> [UInt32]? {
        let isRoman = (0x2160...0x216B).contains(scalar) || (0x2170...0x217B).contains(scalar)
        let isNumber = cicu_general_category(scalar) == 11 && kind != .han
        let value = cicu_numeric_value(scalar)
        guard isRoman || isNumber || kind == .digit, (0...20).contains(value) else { return nil }
        return String(value).unicodeScalars.map(\.value)
    }

    /// `(a)` and `a.` of enclosed alphanumerics without what encloses them.
    private static func withoutEnclosure(_ scalars: [UInt32]) -> [UInt32] {
        guard scalars.count > 1 else { return scalars }
        let inner = scalars.filter { ![0x28, 0x29, 0x2E, 0x3014, 0x3015].contains($0) }
        return inner.isEmpty ? scalars : inner
    }

    private static func withoutMarks(_ scalars: [UInt32], keepMarks: Bool) -> [UInt32] {
        if keepMarks { return scalars }
        return scalars.flatMap { scalar -> [UInt32] in
            if (0xAC00...0xD7A3).contains(scalar) { return [scalar] }
            return Self.scalars { cicu_nfd(scalar, $0, $1) }.filter { kind(of: $0) != .mark }
        }
    }

    /// The ASCII letters or digits that a reader sees in a character of another block.
    private static func latinLook(of scalar: UInt32, bare: [UInt32]) -> (scalars: [UInt32], isFromName: Bool)? {
        if isASCIIWord(bare) { return (bare, false) }
        if let letter = letterInName(of: scalar) { return ([letter], true) }
        guard bare.allSatisfy({ ![code("Hira"), code("Kana"), code("Hang")].contains(cicu_script($0)) }) else {
            return nil
        }
        for candidate in [[scalar], bare] where candidate.count == 1 {
            let look = Self.scalars { cicu_confusable_skeleton(candidate[0], $0, $1) }
            let folded = withoutMarks(
                look.flatMap { part in Self.scalars { cicu_nfkc_casefold(part, $0, $1) } }, keepMarks: false)
            if isASCIIWord(folded) { return (joinedShapes(folded), false) }
        }
        return nil
    }

    private static func isASCIIWord(_ scalars: [UInt32]) -> Bool {
        !scalars.isEmpty
            && scalars.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }

    /// UTS #39 spells m as rn and w as vv, since it wants one prototype; here the letter itself is wanted.
    private static func joinedShapes(_ scalars: [UInt32]) -> [UInt32] {
        switch scalars {
        case [0x72, 0x6E]: [0x6D]
        case [0x76, 0x76]: [0x77]
        default: scalars
        }
    }

    /// The letter in names such as LATIN LETTER SMALL CAPITAL B or NEGATIVE SQUARED LATIN CAPITAL LETTER A.
    private static func letterInName(of scalar: UInt32) -> UInt32? {
        var buffer = [CChar](repeating: 0, count: 128)
        let length = Int(cicu_name(scalar, &buffer, 128))
        guard length > 0 else { return nil }
        let name = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard name.contains("LATIN "), name.contains("LETTER ") else { return nil }
        let words = name.split(separator: " ").drop { $0 != "LETTER" }.dropFirst().prefix { $0 != "WITH" }
        let qualifiers: Set<Substring> = [
            "SMALL", "CAPITAL", "TURNED", "REVERSED", "OPEN", "SCRIPT", "DOTLESS", "SIDEWAYS", "INSULAR", "LONG",
            "BARRED",
        ]
        let rest = words.filter { !qualifiers.contains($0) }
        guard rest.count == 1, let letter = rest.first?.utf8.first, rest[rest.startIndex].utf8.count == 1 else {
            return nil
        }
        return UInt32(letter | 0x20)
    }
}
