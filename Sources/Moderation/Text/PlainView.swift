/// The third pass: writes the plain view and the tokens.
extension Normaliser {
    func writePlain(_ result: inout NormalisedText) {
        let (units, pieces) = (result.units, result.pieces)
        var tokens: [Token] = []
        swap(&tokens, &result.tokens)
        var changes = result.changes
        result.plain.write(atMost: 4 * units.count, using: &result.workspace) { view in
            var writer = PlainWriter(units: units, view: view, tokens: tokens, changes: changes)
            // One owner only, so that appending does not copy.
            tokens = []
            writer.write(pieces)
            swap(&tokens, &writer.tokens)
            (view, changes) = (writer.view, writer.changes)
        }
        swap(&tokens, &result.tokens)
        result.changes = changes
    }
}

private struct PlainWriter {
    let units: [Unit]
    var view: ViewCursor
    var tokens: [Token]
    var changes: SIMD16<UInt32>

    mutating func write(_ pieces: [Piece]) {
        var (index, written) = (0, 0)
        while index < pieces.count {
            let piece = pieces[index]
            var (last, hasLetters, hasDigits) = (index, piece.hasLetters, piece.hasDigits)
            while pieces[last].joinsNext {
                last += 1
                hasLetters = hasLetters || pieces[last].hasLetters
                hasDigits = hasDigits || pieces[last].hasDigits
            }
            writeGap(written..<Int(piece.first), mayDropSpace: index > 0 && pieces[index - 1].isHan != piece.isHan)
            written = Int(pieces[last].end)
            if piece.isHan {
                writeHan(Int(piece.first)..<written)
            } else {
                writeWord(Int(piece.first)..<written, mayHoldLeet: hasLetters && hasDigits)
            }
            index = last + 1
        }
        writeGap(written..<units.count, mayDropSpace: false)
    }

    mutating func writeHan(_ range: Range<Int>) {
        for index in range {
            let kind = units[index].kind
            if kind == .han {
                let start = view.count
                view.append(units[index].exact, unit: index)
                appendToken(.han, index, from: start)
            } else if kind != .space, units[index].exact != 0 {
                appendToken(.symbol, index, from: view.count, isInserted: true)
            }
        }
    }

    /// The letters and digits of one word, whatever stands between them; three and more of one letter become one.
    mutating func writeWord(_ range: Range<Int>, mayHoldLeet: Bool) {
        let start = view.count
        let isPlainWord = !units[range.lowerBound].flags.contains(.inLink)
        var index = range.lowerBound
        while index < range.upperBound {
            let unit = units[index]
            switch unit.kind {
            case .letter:
                let run = isPlainWord ? self.run(from: index, in: range) : (count: 1, end: index + 1)
                if run.count >= 3 {
                    changes[NormaliserChange.elongated.rawValue] += 1
                    view.append(unit.exact, unit: index)
                    index = run.end
                    continue
                }
                view.append(unit.exact, unit: index)
            case .digit:
                view.append(mayHoldLeet && isPlainWord ? letterOrDigit(at: index, in: range) : unit.exact, unit: index)
            case .mark, .invisible, .space: break
            default: appendToken(.symbol, index, from: view.count, isInserted: true)
            }
            index += 1
        }
        tokens.append(
            Token(
                kind: .word, isInserted: false, syllable: 0, scalar: 0, start: UInt32(start),
                end: UInt32(view.count), originalStart: units[range.lowerBound].start,
                originalEnd: units[range.upperBound - 1].end))
    }

    /// How many times the letter at `start` follows itself, and one past the last of them.
    @inline(__always)
    private func run(from start: Int, in range: Range<Int>) -> (count: Int, end: Int) {
        var (count, end) = (1, start + 1)
        var next = start + 1
        while next < range.upperBound {
            if units[next].kind == .letter || units[next].kind == .digit {
                guard units[next].exact == units[start].exact else { break }
                (count, end) = (count + 1, next + 1)
            }
            next += 1
        }
        return (count, end)
    }

    /// The letter that a digit stands for between letters, in at most two digits, or for a leading 0; else the digit.
    private mutating func letterOrDigit(at index: Int, in range: Range<Int>) -> UInt32 {
        let digit = units[index].exact
        guard (0x30...0x39).contains(digit), !units[index].flags.contains(.digitForm) else { return digit }
        let letter = LookAlikes.leetDigits[Int(digit - 0x30)]
        guard letter != 0 else { return digit }
        var (first, last) = (index, index)
        while first > range.lowerBound, index - first < 3, units[first - 1].kind != .letter { first -= 1 }
        while last + 1 < range.upperBound, last - index < 3, units[last + 1].kind != .letter { last += 1 }
        let isInside = first > range.lowerBound && last + 1 < range.upperBound && last - first < 3
        let isLeadingZero = digit == 0x30 && index == range.lowerBound && last == index && range.count > 3
        guard isInside || isLeadingZero else { return digit }
        changes[NormaliserChange.leet.rawValue] += 1
        return letter
    }

    /// Separators as written, but white space as one space or one line feed.
    mutating func writeGap(_ range: Range<Int>, mayDropSpace: Bool) {
        if range.isEmpty || (mayDropSpace && range.count == 1 && units[range.lowerBound].kind == .space) { return }
        var lastSpace: UInt8?
        for index in range {
            switch units[index].kind {
            case .mark, .invisible: break
            case .space, .newline:
                let isNewline = units[index].kind == .newline
                if lastSpace == nil { view.append(isNewline ? 0x0A : 0x20, unit: index) }
                if lastSpace == 0x20, isNewline { view.replaceLast(0x0A) }
                lastSpace = lastSpace == 0x0A || isNewline ? 0x0A : 0x20
            case .letter, .digit, .han, .stop, .punctuation, .symbol, .emoji:
                let start = view.count
                view.append(units[index].exact, unit: index)
                appendToken(.symbol, index, from: start)
                lastSpace = nil
            }
        }
    }

    @inline(__always)
    private mutating func appendToken(_ kind: Token.Kind, _ index: Int, from start: Int, isInserted: Bool = false) {
        let unit = units[index]
        tokens.append(
            Token(
                kind: kind, isInserted: isInserted, syllable: unit.syllable, scalar: unit.exact, start: UInt32(start),
                end: UInt32(view.count), originalStart: unit.start, originalEnd: unit.end))
    }
}
