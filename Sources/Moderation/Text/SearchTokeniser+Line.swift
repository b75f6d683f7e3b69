extension SearchTokeniser {
    /// The ``terms(in:)`` of a text with spaces between, which suit any tokeniser that cuts at spaces only, such as
    /// `ascii` of FTS5.
    public static func line(of text: String) -> String {
        var text = text
        return text.withUTF8(asciiLine) ?? terms(in: text).map(\.text).joined(separator: " ")
    }

    /// For a text of ASCII alone, which needs no more than a look at each byte; `nil` for any other.
    private static func asciiLine(of text: UnsafeBufferPointer<UInt8>) -> String? {
        guard text.allSatisfy({ $0 < 0x80 }) else { return nil }
        return String(unsafeUninitializedCapacity: text.count + 1) { line in
            var (length, word) = (0, 0)
            for byte in text {
                switch ascii[Int(byte)] {
                case .skipped: break
                case .gap: word = 0
                case .part(let folded):
                    // A gap is told only by the next word: none stands at the end.
                    if word == 0, length > 0 {
                        line[length] = UInt8(ascii: " ")
                        length += 1
                    }
                    word += 1
                    guard word <= longestWord else { continue }
                    line[length] = folded
                    length += 1
                }
            }
            return length
        }
    }

    private enum ASCII {
        /// Part of a word, as it is written in a term.
        case part(UInt8)
        /// Between words.
        case gap
        /// No more there than if it were not.
        case skipped
    }

    /// What each ASCII character is to ``terms(in:)``.
    private static let ascii: [ASCII] = (UInt8(0)..<0x80).map { byte in
        guard let unit = units(of: String(UnicodeScalar(byte))).first else { return .skipped }
        if unit.kind == .mark || unit.kind == .invisible { return .skipped }
        return unit.kind.isWordly ? .part(UInt8(truncatingIfNeeded: unit.searched)) : .gap
    }
}
