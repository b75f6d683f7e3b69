/// How a name that has Han characters is read, for those who type it with Latin letters.
public struct Pinyin: Sendable {
    /// The first letter of each syllable; other letters and digits as they stand.
    public private(set) var initials: [UInt8] = []
    /// All syllables without tones; other letters and digits as they stand.
    public private(set) var whole: [UInt8] = []

    /// - Returns: `nil` for a text without Han characters.
    public init?(_ text: String) {
        var hasHan = false
        let tables = UnicodeTables.shared
        for scalar in text.unicodeScalars {
            let syllable = tables.syllables[Int(tables[scalar.value].syllable)]
            if let first = syllable.first {
                hasHan = true
                initials.append(first)
                whole += syllable
            } else if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                initials.append(UInt8(scalar.value))
                whole.append(UInt8(scalar.value))
            }
        }
        guard hasHan else { return nil }
    }

    /// The text in lower case, full-width letters as ASCII, traditional Han as simplified.
    public static func folded(_ text: String) -> String {
        let tables = UnicodeTables.shared
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let point = tables[scalar.value]
            let mapped = point.kind == .han ? point.exact : point.folded
            if mapped == .itself {
                folded.append(scalar)
            } else {
                folded.append(contentsOf: tables.scalars(of: mapped).compactMap { Unicode.Scalar($0) })
            }
        }
        return String(folded)
    }
}
