/// What a character is to the normaliser: coarser than Unicode's general categories, finer than "letter or not".
enum CharacterKind: UInt8, Sendable {
    /// Zero-width, bidirectional control, variation selector or any other default-ignorable code point.
    case invisible
    case letter, digit, han
    /// A combining mark that belongs to no script of its own, such as those that Zalgo text is made of.
    case mark
    case space, newline
    /// What ends a sentence or a clause: joining across it needs more evidence than across other symbols.
    case stop
    /// Brackets, quotation marks, slashes: ordinary between words even without a space.
    case punctuation
    /// Everything that people do not write between the letters of one word.
    case symbol
    case emoji

    var isWordly: Bool { self == .letter || self == .digit || self == .han }
}

/// Writing systems that rules and features tell apart.
public struct Scripts: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    init(index: UInt8) { rawValue = index == 0 ? 0 : 1 << UInt16(index - 1) }

    public static let latin = Scripts(rawValue: 1 << 0)
    public static let han = Scripts(rawValue: 1 << 1)
    public static let kana = Scripts(rawValue: 1 << 2)
    public static let hangul = Scripts(rawValue: 1 << 3)
    public static let cyrillic = Scripts(rawValue: 1 << 4)
    public static let greek = Scripts(rawValue: 1 << 5)
    public static let arabic = Scripts(rawValue: 1 << 6)
    public static let hebrew = Scripts(rawValue: 1 << 7)
    public static let thai = Scripts(rawValue: 1 << 8)
    public static let devanagari = Scripts(rawValue: 1 << 9)
    public static let other = Scripts(rawValue: 1 << 10)

    /// The names that rule packs use.
    public static let named: [(name: String, script: Scripts)] = [
        ("latin", .latin), ("han", .han), ("kana", .kana), ("hangul", .hangul), ("cyrillic", .cyrillic),
        ("greek", .greek), ("arabic", .arabic), ("hebrew", .hebrew), ("thai", .thai), ("devanagari", .devanagari),
        ("other", .other),
    ]

    public var count: Int { rawValue.nonzeroBitCount }
}

/// What the tables say of one code point.
struct CodePoint: Hashable {
    /// NFKC case fold: one scalar, 0 for nothing, or a reference into the pool of longer mappings.
    var folded: Mapped
    /// What a reader takes it for: confusables as Latin, marks gone, Han simplified; same coding.
    var exact: Mapped
    /// Index of the toneless syllable of a Han character; 0 for none.
    var syllable: UInt16 = 0
    var traits: Traits = []
    var kind: CharacterKind
    /// Position of the script among ``Scripts`` plus one; 0 for common.
    var script: UInt8 = 0
    /// The ASCII digit that a Han numeral, or the ASCII letter that a leet sign, may stand for; 0 for none.
    var standsFor: UInt8 = 0

    struct Traits: OptionSet, Hashable {
        let rawValue: UInt16
        static let upper = Traits(rawValue: 1 << 0)
        /// Full-width, mathematical, ligature: NFKC changed more than the case.
        static let compatibility = Traits(rawValue: 1 << 1)
        /// A letter of another script that looks just like a Latin letter or digit (UTS #39).
        static let foreign = Traits(rawValue: 1 << 2)
        /// A letter of another script that resembles a Latin one only among Latin letters.
        static let loose = Traits(rawValue: 1 << 3)
        /// A letter of another script with no Latin look: the word really is in that script.
        static let native = Traits(rawValue: 1 << 4)
        static let enclosed = Traits(rawValue: 1 << 5)
        static let traditional = Traits(rawValue: 1 << 6)
        static let bidi = Traits(rawValue: 1 << 7)
        /// `@ $ ! | € £ +` and the like, which stand for a letter between letters.
        static let leet = Traits(rawValue: 1 << 8)
        /// 1, I, l and | look alike, so do 0 and O.
        static let ambiguous = Traits(rawValue: 1 << 9)
        /// A Han numeral such as 壹 that is written for a digit even alone.
        static let formalNumeral = Traits(rawValue: 1 << 10)
        static let accent = Traits(rawValue: 1 << 11)
        /// Any character that Unicode calls a mark, whatever its kind here.
        static let unicodeMark = Traits(rawValue: 1 << 12)
        /// The left half of a character in ``LookAlikes/splitHan``.
        static let splitHalf = Traits(rawValue: 1 << 13)
    }

    /// ``script`` of Hangul.
    static let hangul = UInt8(Scripts.hangul.rawValue.trailingZeroBitCount + 1)
}

/// A mapping to one scalar, to nothing (0), or to a run of 2...18 scalars in ``UnicodeTables/pool``.
struct Mapped: Hashable {
    let rawValue: UInt32
    static let nothing = Mapped(scalar: 0)
    /// The code point itself: what lets all unassigned and private blocks share one page.
    static let itself = Mapped(scalar: 1 << 21)

    init(scalar: UInt32) { rawValue = scalar }
    init(poolOffset: Int, count: Int) { rawValue = 1 << 31 | UInt32(count) << 24 | UInt32(poolOffset) }

    var isSingle: Bool { rawValue < 1 << 31 }
    var poolOffset: Int { Int(rawValue & 0xFF_FFFF) }
    var count: Int { isSingle ? (rawValue == 0 ? 0 : 1) : Int(rawValue >> 24 & 0x7F) }
}
