/// The second pass: which characters form words, which of them stand for others, and which gaps are no gaps.
extension Normaliser {
    func findPieces(in result: inout NormalisedText) {
        if result.hasNumerals { readNumerals(in: &result) }
        if result.seen.contains(.leet) { readLeetSigns(in: &result) }
        splitIntoPieces(&result)
        if !result.seen.isDisjoint(with: [.foreign, .loose, .native]) { resolveScripts(in: &result) }
        joinPieces(in: &result)
    }

    /// Han numerals in a row of at least three digits are digits; 壹 and its like always are.
    private func readNumerals(in result: inout NormalisedText) {
        var at = 0
        while at < result.units.count {
            guard result.units[at].isDigitLike else {
                at += 1
                continue
            }
            var (end, count, next) = (at, 0, at)
            while next < result.units.count, next <= end + 1 {
                if result.units[next].isDigitLike { (end, count) = (next + 1, count + 1) }
                next += 1
                if next < result.units.count, next == end, !result.units[next].isDigitLike,
                    !result.units[next].isThinGap
                {
                    break
                }
            }
            for index in at..<end { result.readNumeral(at: index, isInRow: count >= 3) }
            at = max(end, at + 1)
        }
    }

    /// `$` in `ca$h` is a letter, in `US$5` and `@name` it is not.
    private func readLeetSigns(in result: inout NormalisedText) {
        var index = 0
        while index < result.units.count {
            let unit = result.units[index]
            guard unit.traits.contains(.leet), unit.standsFor != 0, !unit.kind.isWordly, !unit.flags.contains(.inLink)
            else {
                index += 1
                continue
            }
            var end = index + 1
            while end < result.units.count, result.units[end].exact == unit.exact { end += 1 }
            if result.readsAsLetter(index..<end) {
                for sign in index..<end {
                    result.units[sign].exact = UInt32(unit.standsFor)
                    result.units[sign].kind = .letter
                    result.units[sign].flags.insert(.leet)
                    result.changes[NormaliserChange.leet.rawValue] += 1
                }
            }
            index = end
        }
    }

    private func splitIntoPieces(_ result: inout NormalisedText) {
        var pieces: [Piece] = []
        swap(&pieces, &result.pieces)
        let units = result.units
        var index = 0
        while index < units.count {
            let kind = units[index].kind
            guard kind.isWordly else {
                index += 1
                continue
            }
            let piece = Self.piece(at: index, units)
            pieces.append(piece)
            index = Int(piece.end)
        }
        swap(&pieces, &result.pieces)
    }

    /// The piece that begins at `start`. Marks belong to the character before and end nothing.
    @inline(__always)
    private static func piece(at start: Int, _ units: [Unit]) -> Piece {
        var piece = Piece(first: UInt32(start), end: UInt32(start), isHan: units[start].kind == .han)
        var index = start
        scan: while index < units.count {
            switch units[index].kind {
            case .letter where !piece.isHan: piece.hasLetters = true
            case .digit where !piece.isHan: piece.hasDigits = true
            case .han where piece.isHan: break
            case .mark, .invisible:
                index += 1
                continue scan
            default: break scan
            }
            index += 1
            piece.letters += 1
            piece.end = UInt32(index)
        }
        return piece
    }

    /// A word that mixes Latin with letters that look Latin is Latin; a word of a text that truly is Russian stays.
    private func resolveScripts(in result: inout NormalisedText) {
        var textIsNative = false
        for piece in result.pieces where !piece.isHan {
            let (hasLatin, traits) = result.lettering(of: piece)
            if !hasLatin, !traits.isDisjoint(with: [.loose, .native]) { textIsNative = true }
        }
        for piece in result.pieces where !piece.isHan {
            let (hasLatin, traits) = result.lettering(of: piece)
            guard !traits.isDisjoint(with: [.foreign, .loose]) else { continue }
            let isNative = !hasLatin && (textIsNative || !traits.isDisjoint(with: [.loose, .native]))
            if hasLatin { result.changes[NormaliserChange.mixedWord.rawValue] += 1 }
            result.settle(piece, asNative: isNative)
        }
    }
}

extension Unit {
    fileprivate var isDigitLike: Bool { kind == .digit || (kind == .han && standsFor != 0) }
    fileprivate var isThinGap: Bool { kind == .space || kind == .symbol }
}

extension NormalisedText {
    fileprivate mutating func readNumeral(at index: Int, isInRow: Bool) {
        let unit = units[index]
        guard unit.kind == .han, unit.standsFor != 0, isInRow || unit.traits.contains(.formalNumeral) else { return }
        units[index].exact = UInt32(unit.standsFor)
        units[index].kind = .digit
        units[index].syllable = 0
        units[index].flags.insert(.digitForm)
        changes[NormaliserChange.digitForm.rawValue] += 1
    }

    /// Whether a run of one sign such as `$` or `@` stands for letters, by what stands beside it.
    fileprivate func readsAsLetter(_ run: Range<Int>) -> Bool {
        let sign = units[run.lowerBound].exact
        let leads = hasLetter(before: run.lowerBound)
        let next = run.upperBound < units.count ? units[run.upperBound].kind : .space
        switch sign {
        case 0x24:  // `a$$` and `$ex`, but `US$5` and `$5k` are money.
            if next == .digit { return isLetterDigit(run.upperBound) }
            return leads || next == .letter
        case 0x40:  // `vi@gr@` ends in a letter; the @ of `@name` begins a word of another kind.
            return run.count == 1 && leads
        default:
            guard leads, next == .letter || next == .digit, run.count == 1 else { return false }
            return !separates(run.lowerBound)
        }
    }

    /// A letter, or at most three digits behind a letter.
    private func hasLetter(before index: Int) -> Bool {
        var at = index - 1
        while at >= 0, index - at <= 3, units[at].kind == .digit { at -= 1 }
        return at >= 0 && units[at].kind == .letter
    }

    /// One digit with a letter and one more character behind it, as in `$3xy`.
    private func isLetterDigit(_ at: Int) -> Bool {
        at + 2 < units.count && units[at + 1].kind == .letter
            && (units[at + 2].kind == .letter || units[at + 2].kind == .digit)
    }

    /// Whether the sign stands between all letters (`c|a|s`), between two words (`ringtone!reply`) or two sentences.
    private func separates(_ index: Int) -> Bool {
        let sign = units[index].exact
        if index >= 2, units[index - 2].exact == sign || units[index - 2].flags.contains(.leet) { return true }
        if index + 2 < units.count, units[index + 2].exact == sign { return true }
        let before = units[..<index].suffix(4), after = units[(index + 1)...].prefix(4)
        if let last = before.last, let first = after.first, first.traits.contains(.upper), !last.traits.contains(.upper)
        {
            return true
        }
        return before.count == 4 && after.count == 4 && (before + after).allSatisfy { $0.kind == .letter }
    }

    fileprivate func lettering(of piece: Piece) -> (hasLatin: Bool, traits: CodePoint.Traits) {
        var (hasLatin, traits) = (false, CodePoint.Traits())
        for index in Int(piece.first)..<Int(piece.end) where units[index].kind == .letter {
            traits.formUnion(units[index].traits)
            if units[index].script <= 1 { hasLatin = true }
        }
        return (hasLatin, traits)
    }

    fileprivate mutating func settle(_ piece: Piece, asNative isNative: Bool) {
        for index in Int(piece.first)..<Int(piece.end)
        where !units[index].traits.isDisjoint(with: [.foreign, .loose]) && units[index].kind.isWordly {
            if isNative, units[index].folded != 0 {
                units[index].exact = units[index].folded
                units[index].kind = .letter
            } else {
                changes[NormaliserChange.confusable.rawValue] += 1
            }
        }
    }
}
