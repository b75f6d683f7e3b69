/// One message in all the views that rules, the classifier and search look at, each mapped back to the original bytes.
///
/// A value is scratch: ``Normaliser/normalise(_:into:)`` refills it and keeps its capacity, so that a stage which reuses
/// one allocates hardly anything. All spans are UTF-8 byte offsets into the original text.
public struct NormalisedText: Sendable {
    /// NFKC case fold, default-ignorable characters gone; spaces and punctuation as written.
    public internal(set) var folded = TextView()
    /// What a reader sees: look-alikes as Latin, Han simplified, letters that were pulled apart put together, digits
    /// inside words read as letters, drawn-out letters once, ASCII white space; other punctuation as written.
    public internal(set) var plain = TextView()
    /// Letters, digits and Han only, runs once, look-alike letters and digits as one of them: what keywords meet.
    public internal(set) var skeleton = TextView()
    /// As the skeleton but with each Han character as its toneless syllable: what homophones share.
    public internal(set) var pinyin = TextView()

    public internal(set) var tokens: [Token] = []
    public internal(set) var links: [Link] = []
    public internal(set) var scripts: Scripts = []
    /// How often the normaliser did what; see ``NormaliserChange``.
    public internal(set) var changes = SIMD16<UInt32>()
    public internal(set) var shape = TextShape()
    /// Length of the original in bytes.
    public internal(set) var byteCount = 0

    /// One visible character each, in order; the views are written from them.
    var units: [Unit] = []
    var seen: CodePoint.Traits = []
    var hasNumerals = false
    var pieces: [Piece] = []
    var workspace = ViewWorkspace()

    public init() {}

    public func count(of change: NormaliserChange) -> Int { Int(changes[change.rawValue]) }

    /// Where a stretch of a view stands in the original, with the marks on its last character.
    public func span(of range: Range<Int>, in view: KeyPath<NormalisedText, TextView>) -> Range<Int> {
        let unitOf = self[keyPath: view].unitOf
        guard !range.isEmpty, range.upperBound <= unitOf.count else { return 0..<0 }
        var last = Int(unitOf[range.upperBound - 1])
        while last + 1 < units.count, units[last + 1].kind == .mark { last += 1 }
        return Int(units[Int(unitOf[range.lowerBound])].start)..<Int(units[last].end)
    }
}

/// UTF-8 of one view, and for each byte the unit that it shows.
public struct TextView: Sendable {
    public internal(set) var bytes: [UInt8] = []
    var unitOf: [UInt32] = []

    public var string: String { String(decoding: bytes, as: UTF8.self) }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        unitOf.removeAll(keepingCapacity: true)
    }
}

/// A Han character, a run of other letters and digits, or a symbol.
public struct Token: Sendable, Hashable {
    public enum Kind: UInt8, Sendable { case han, word, symbol }

    public let kind: Kind
    /// Whether it is a symbol that stands between the characters of one word: neighbours are neighbours without it.
    public let isInserted: Bool
    /// Index of the toneless syllable of a Han character, 0 for none; equal syllables have equal numbers in one process.
    public let syllable: UInt16
    /// The character, for Han and symbols; 0 for words.
    public let scalar: UInt32
    /// Its bytes in the plain view; empty if inserted.
    public let start: UInt32, end: UInt32
    /// Its place in the original, in bytes.
    public let originalStart: UInt32, originalEnd: UInt32

    public var range: Range<Int> { Int(start)..<Int(end) }
}

/// A web address in the text, also one that was written so that filters miss it.
public struct Link: Sendable, Hashable {
    /// The host in lower-case ASCII (punycode for other scripts).
    public let host: String
    /// The part of the host that somebody registered, such as `example.co.uk`.
    public let registeredDomain: String
    /// The rest after the host as written in the folded view, such as `/join?x=1`; may be empty.
    public let path: String
    /// Whether the host has characters outside ASCII, so that it may pass for another.
    public let isInternational: Bool
    /// Whether dots or the scheme were disguised, as in `example[.]com`.
    public let isDisguised: Bool
    public let span: Range<Int>
}

/// What the normaliser had to do; raw values index ``NormalisedText/changes``. Some of it is innocent: people write
/// traditional Han and accents.
public enum NormaliserChange: Int, CaseIterable, Sendable {
    /// Full-width, mathematical and other compatibility letters.
    case compatibility
    case confusable
    case invisible
    case bidirectional
    case mark
    case enclosed
    case leet
    /// Words whose letters stood apart.
    case separated
    case elongated
    case simplified
    /// Symbols between Han characters.
    case interrupted
    case digitForm
    case splitHan
    case invalidBytes
    /// Words that mix Latin letters with look-alikes of another script.
    case mixedWord
}

/// Counts over the original text.
public struct TextShape: Sendable, Hashable {
    /// Unicode scalars, invisible ones included.
    public var characters = 0
    public var letters = 0
    public var upperLetters = 0
    public var digits = 0
    public var han = 0
    public var emoji = 0
    /// All combining marks, whether their script needs them or not.
    public var marks = 0
    /// The longest run of marks on one character.
    public var longestMarkRun = 0
    public var symbols = 0
    public var lines = 1
    public var bidi = 0
    public var invisible = 0

    public init() {}
}

/// One visible character of the original, or one of several that a compatibility character stands for.
struct Unit {
    /// Bytes in the original; marks and invisible characters behind a character belong to it.
    var start: UInt32, end: UInt32
    /// 0: not in the folded view.
    var folded: UInt32
    /// What it looks like; 0: only in the folded view.
    var exact: UInt32
    var syllable: UInt16
    var traits: CodePoint.Traits
    var kind: CharacterKind
    var script: UInt8
    var standsFor: UInt8
    var flags: Flags

    struct Flags: OptionSet {
        let rawValue: UInt8
        static let inLink = Flags(rawValue: 1 << 0)
        /// A digit that the text shows as a numeral, circled digit or the like.
        static let digitForm = Flags(rawValue: 1 << 1)
        /// `standsFor` has been made `exact`: a leet sign between letters.
        static let leet = Flags(rawValue: 1 << 2)
        /// The gap before this unit was closed in the plain view.
        static let joined = Flags(rawValue: 1 << 3)
    }
}

/// A stretch of units between gaps: a word, or a run of Han characters.
struct Piece {
    var first: UInt32
    /// One past the last unit.
    var end: UInt32
    var isHan: Bool
    var hasLetters = false
    var hasDigits = false
    /// Whether the gap behind it is closed: it and the next piece are one word.
    var joinsNext = false
    var letters: UInt32 = 0
}
