/// What stands between two pieces.
struct Gap {
    var count = 0
    var first: UInt32 = 0
    var isUniform = true
    var hasSpace = false, hasNewline = false, hasStop = false, hasPunctuation = false, hasSymbol = false

    init(_ units: ArraySlice<Unit>) {
        for unit in units where unit.kind != .mark && unit.kind != .invisible {
            if count == 0 { first = unit.folded } else if unit.folded != first { isUniform = false }
            count += 1
            switch unit.kind {
            case .space: hasSpace = true
            case .newline: hasNewline = true
            case .stop: hasStop = true
            case .punctuation: hasPunctuation = true
            case .symbol, .emoji: hasSymbol = true
            case .letter, .digit, .han, .mark, .invisible: break
            }
        }
    }

    /// Nothing but what people do not write between the letters of a word: `*`, `_`, `~`, an emoji.
    var isDecoration: Bool { hasSymbol && !hasSpace && !hasNewline && !hasStop && !hasPunctuation }
    var isApostrophe: Bool { count == 1 && (first == 0x27 || first == 0x2019) }
    var isOneSpace: Bool { count == 1 && hasSpace }
}

/// Which gaps the plain view closes. Each rule wants evidence that somebody pulled a word apart.
extension Normaliser {
    /// The longest gap between two Han characters that is taken for an insertion.
    static let longestHanGap = 8

    func joinPieces(in result: inout NormalisedText) {
        guard result.pieces.count > 1 else { return }
        var pieces: [Piece] = []
        swap(&pieces, &result.pieces)
        for index in 0..<pieces.count - 1 where pieces[index].isHan == pieces[index + 1].isHan {
            let gap = Gap(result.units[Int(pieces[index].end)..<Int(pieces[index + 1].first)])
            let joins =
                pieces[index].isHan
                ? joinsHan(pieces[index], gap, pieces[index + 1])
                : joinsWords(pieces[index], gap, pieces[index + 1], in: result)
            pieces[index].joinsNext = joins
            // Spaces between phrases are a way of writing; between single characters, or with signs, they are not.
            let isOdd =
                !pieces[index].isHan || gap.hasSymbol || pieces[index].letters == 1 && pieces[index + 1].letters == 1
            if joins, isOdd, gap.count > 0 {
                result.changes[pieces[index].isHan ? Self.interrupted : Self.separated] += 1
            }
        }
        joinChains(of: &pieces, in: &result)
        swap(&pieces, &result.pieces)
    }

    private static let interrupted = NormaliserChange.interrupted.rawValue
    private static let separated = NormaliserChange.separated.rawValue

    /// `免-费` and `加 微 信` are joined; a comma only between two characters that stand alone.
    private func joinsHan(_ left: Piece, _ gap: Gap, _ right: Piece) -> Bool {
        guard gap.count <= Self.longestHanGap, !gap.hasNewline else { return false }
        if !gap.hasStop, !gap.hasPunctuation { return true }
        return gap.count == 1 && left.letters == 1 && right.letters == 1
    }

    /// `fr*ee`: one sign that joins no two words, between letters.
    private func joinsWords(_ left: Piece, _ gap: Gap, _ right: Piece, in result: NormalisedText) -> Bool {
        guard gap.count == 1, gap.isDecoration, left.hasLetters, right.hasLetters else { return false }
        // A hyphen or plus joins words in honest writing; chains of letters are looked at below.
        guard gap.first != 0x2D, gap.first != 0x2B else { return false }
        if gap.isApostrophe, Self.isContraction(result.units, from: Int(right.first), isNegationToo: false) {
            return false
        }
        return !result.units[Int(left.first)].flags.contains(.inLink)
    }

    /// Whether the word that begins here is the `ll` of `he'll` or its like: an apostrophe before it hides nothing.
    static func isContraction(_ units: [Unit], from start: Int, isNegationToo: Bool) -> Bool {
        var end = start
        while end < units.count, end - start < 3, units[end].kind == .letter { end += 1 }
        let letters = units[start..<end].map(\.exact)
        switch letters {
        case [0x73], [0x64], [0x6D], [0x6C, 0x6C], [0x72, 0x65], [0x76, 0x65]: return true
        case [0x74]: return isNegationToo
        default: return false
        }
    }

    /// `f r e e`, `v-i-a-g-r-a`, `vi-ag-ra`, `1 3 8 0 0`.
    private func joinChains(of pieces: inout [Piece], in result: inout NormalisedText) {
        var index = 0
        while index < pieces.count {
            let end = max(
                chainEnd(from: index, longest: 1, pieces, result.units),
                chainEnd(from: index, longest: 2, pieces, result.units))
            if end - index > 1 {
                for joined in index..<end - 1 where !pieces[joined].joinsNext {
                    pieces[joined].joinsNext = true
                    result.changes[Self.separated] += 1
                }
            }
            index = max(end, index + 1)
        }
    }

    /// One past the last piece of the chain that begins at `start`, or `start` if there is none.
    private func chainEnd(from start: Int, longest: Int, _ pieces: [Piece], _ units: [Unit]) -> Int {
        func isLink(_ piece: Piece) -> Bool {
            !piece.isHan && Int(piece.letters) <= longest && !units[Int(piece.first)].flags.contains(.inLink)
        }
        guard isLink(pieces[start]) else { return start }
        var (end, letters) = (start + 1, pieces[start].hasLetters ? 1 : 0)
        var widest = 3
        var sign: UInt32?
        while end < pieces.count, isLink(pieces[end]) {
            let gap = Gap(units[Int(pieces[end - 1].end)..<Int(pieces[end].first)])
            guard gap.count > 0, gap.count <= widest, !gap.hasNewline else { break }
            // Pairs of letters are words as well ("go to my"), so they need one and the same sign and no space.
            if longest > 1, gap.count != 1 || gap.hasSpace || (sign ?? gap.first) != gap.first { break }
            (widest, sign) = (gap.count, gap.first)
            if pieces[end].hasLetters { letters += 1 }
            end += 1
        }
        let count = end - start
        if letters == 0 {
            // Numerals in a row are an evasion sooner than plain digits, which also stand apart in lists and versions.
            let isNumeral = units[Int(pieces[start].first)].flags.contains(.digitForm)
            return longest == 1 && count >= (isNumeral ? 3 : 5) && sign != 0x2E && sign != 0x2C ? end : start
        }
        return count >= 3 && letters >= 2 ? end : start
    }
}
