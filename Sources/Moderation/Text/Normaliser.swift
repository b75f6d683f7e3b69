/// Turns a message into the views of ``NormalisedText``, in time linear in its bytes, whatever the bytes are.
///
/// Differences from NFKC_Casefold (UAX #15, UAX #44) in the folded view: marks are composed in the order in which they
/// stand, and a character keeps at most ``maximumMarks`` that do not compose, which is what bounds the time (UAX #15
/// section 13 bounds it at 30 by inserting joiners). Bytes that are not UTF-8 become U+FFFD, one for each.
public struct Normaliser: Sendable {
    let tables: UnicodeTables
    static let maximumMarks = 4

    /// The first one of a process builds the Unicode tables, which takes 0.2–0.3 s.
    public init() { tables = .shared }

    /// The toneless syllable with the number that ``Token/syllable`` gives, in ASCII.
    public func syllable(_ number: UInt16) -> [UInt8] { tables.syllables[Int(number)] }

    public func normalise(_ text: String, into result: inout NormalisedText, dense views: DenseViews = .all) {
        var text = text
        text.withUTF8 { normalise($0, into: &result, dense: views) }
    }

    /// - Parameter views: Which of the dense views somebody will read; the others stay empty.
    public func normalise(
        _ bytes: UnsafeBufferPointer<UInt8>, into result: inout NormalisedText, dense views: DenseViews = .all
    ) {
        result.prepare(byteCount: bytes.count)
        tables.withLookup { lookup in
            var reader = UnitReader(lookup: lookup, tables: tables, units: result.takeUnits())
            reader.read(bytes)
            result.adopt(&reader)
        }
        writeFolded(&result)
        findLinks(in: &result)
        findPieces(in: &result)
        writePlain(&result)
        if views.contains(.skeleton) { writeSkeleton(&result) }
        if views.contains(.pinyin) { writePinyin(&result) }
    }

    /// A value of its own for callers that look at one text at a time.
    public func normalised(_ text: String) -> NormalisedText {
        var result = NormalisedText()
        normalise(text, into: &result)
        return result
    }
}

/// The views that nothing but keywords is looked for in.
public struct DenseViews: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let skeleton = DenseViews(rawValue: 1 << 0)
    public static let pinyin = DenseViews(rawValue: 1 << 1)
    public static let all: DenseViews = [.skeleton, .pinyin]
}

extension NormalisedText {
    mutating func prepare(byteCount: Int) {
        self.byteCount = byteCount
        folded.removeAll()
        plain.removeAll()
        skeleton.removeAll()
        pinyin.removeAll()
        tokens.removeAll(keepingCapacity: true)
        links.removeAll(keepingCapacity: true)
        pieces.removeAll(keepingCapacity: true)
        scripts = []
    }

    /// Hands the array over so that it stays uniquely referenced while the reader appends.
    mutating func takeUnits() -> [Unit] {
        var taken: [Unit] = []
        swap(&taken, &units)
        taken.removeAll(keepingCapacity: true)
        return taken
    }

    mutating func adopt(_ reader: inout UnitReader) {
        swap(&units, &reader.units)
        changes = reader.changes
        shape = reader.shape
        scripts = Scripts(rawValue: UInt16(truncatingIfNeeded: reader.scriptBits >> 1))
        seen = reader.seen
        hasNumerals = reader.hasNumerals
    }
}

extension Normaliser {
    func writeFolded(_ result: inout NormalisedText) {
        let units = result.units
        result.folded.write(atMost: 4 * units.count, using: &result.workspace) { view in
            for index in units.indices where units[index].folded != 0 { view.append(units[index].folded, unit: index) }
        }
    }
}
