/// What a member or room may be called, such that `@name` in a text is never ambiguous.
public enum NameRules {
    /// In characters.
    public static let length = 2...32

    /// As in "Field x must be …".
    public static let description = "2 to 32 letters and digits, with - _ . only inside"

    /// Whether every character is a letter or digit of any script, or one of `_ - .` inside.
    public static func isValid(_ name: String) -> Bool {
        length.contains(name.count) && name.utf8.count <= 128
            && name.unicodeScalars.allSatisfy(isNameScalar)
            && name.unicodeScalars.first.map(isSeparator) == false
            && name.unicodeScalars.last.map(isSeparator) == false
    }

    /// Whether a member, bot or webhook may be called so: `@room` calls everybody in a room, and nobody by that name.
    public static func isValidForMember(_ name: String) -> Bool { isValid(name) && key(of: name) != "room" }

    /// Two names with one key are the same name.
    public static func key(of name: String) -> String { name.lowercased() }

    /// Letters and digits, and marks only as they belong to letters (no stacking of combining marks on one).
    static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return isSeparator(scalar) || scalar.properties.isAlphabetic || isDigit(scalar) }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter, .decimalNumber:
            return !scalar.properties.isDefaultIgnorableCodePoint
        default: return false
        }
    }

    static func isSeparator(_ scalar: Unicode.Scalar) -> Bool { scalar == "_" || scalar == "-" || scalar == "." }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
