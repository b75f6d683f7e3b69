/// Decides whether a text that has a word's skeleton really shows the word.
///
/// The skeleton forgets how often a letter stands, which of several look-alikes it is, and what stands between letters.
/// Each of these is looked at again here: `kiill` is no `kill` and `kiiiill` is; `455` is no word and `a55` is one;
/// `as string` has no `ass` in it and `a s s` has.
struct KeywordVerifier {
    let units: [Unit]
    /// Of all words, as ``KeywordIndex/characters``.
    let characters: [UInt32]

    /// Words of at least this many letters may be written with one letter doubled, one gap, or l for i: the chance that
    /// this gives another word has become small.
    private static let longWord = 6
    private static let longestGap = 8

    /// A word of the index, by its place in `characters`.
    struct Word {
        let first: Int
        let count: Int
    }

    /// A character of a word, without the mark of a space before it.
    private func character(_ index: Int, of word: Word) -> UInt32 {
        characters[word.first + index] & ~KeywordIndex.gapBit
    }

    private func hasGap(before index: Int, in word: Word) -> Bool {
        characters[word.first + index] & KeywordIndex.gapBit != 0
    }

    /// More starts than this are not tried in one run of equal letters.
    private static let mostAttempts = 8

    /// The units that spell `word`, given the first of the run of units in which it may begin.
    func match(_ word: Word, _ mode: KeywordCondition.Match, runAt start: Int) -> Range<Int>? {
        if let found = attempt(word, mode, start) { return found }
        // The word may also begin where a word begins within the run, or so that just enough of the run is left.
        let shape = Normaliser.shapeClass(of: units[start].exact)
        var (at, attempts, last) = (start + 1, 0, start)
        while at < units.count, attempts < Self.mostAttempts {
            if units[at].kind.isWordly {
                guard Normaliser.shapeClass(of: units[at].exact) == shape else { break }
                last = at
                if startsWord(at) {
                    if let found = attempt(word, mode, at) { return found }
                    attempts += 1
                }
            }
            at += 1
        }
        return last == start ? nil : attempt(word, mode, beginning(of: word, before: last, notBefore: start))
    }

    /// The unit from which a run that ends at `last` has as many units as the word begins with equal characters.
    private func beginning(of word: Word, before last: Int, notBefore start: Int) -> Int {
        var (needed, at) = (1, last)
        while needed < word.count, character(needed, of: word) == character(0, of: word) { needed += 1 }
        while needed > 1, at > start {
            at -= 1
            if units[at].kind.isWordly { needed -= 1 }
        }
        return at
    }

    // MARK: One attempt

    /// What has been read so far of the run of equal letters in the word and in the text.
    private struct Progress {
        var wordRun = 1, textRun = 1
        var letters = 0, digitsForLetters = 0
        var usesGap = false, usesSplit = false
        var last: Int
    }

    private func attempt(_ word: Word, _ mode: KeywordCondition.Match, _ start: Int) -> Range<Int>? {
        // What nearly every find fails on comes first: the word is part of a longer one.
        if mode == .word || mode == .prefix, !startsWord(start) { return nil }
        guard let kind = resemblance(units[start], character(0, of: word), word.count) else { return nil }
        var progress = Progress(last: start)
        note(kind, &progress)
        var next = 1
        while next < word.count {
            guard let unit = nextWordly(from: progress.last + 1) else { return nil }
            let (wanted, before) = (character(next, of: word), character(next - 1, of: word))
            let repeats = wanted == before
            if let kind = resemblance(units[unit], wanted, word.count),
                passesGap(to: unit, isInWord: hasGap(before: next, in: word), word.count, &progress)
            {
                if !repeats, !runIsPlausible(progress, word.count) { return nil }
                progress.wordRun = repeats ? progress.wordRun + 1 : 1
                progress.textRun = repeats ? progress.textRun + 1 : 1
                note(kind, &progress)
                next += 1
            } else if units[unit].kind == .letter, resemblance(units[unit], before, word.count) != nil,
                passesGap(to: unit, isInWord: false, word.count, &progress)
            {
                progress.textRun += 1
            } else {
                return nil
            }
            progress.last = unit
        }
        return finish(word, mode, start, progress)
    }

    private func finish(_ word: Word, _ mode: KeywordCondition.Match, _ start: Int, _ reached: Progress) -> Range<Int>?
    {
        var progress = reached
        let needsEnd = mode == .word || mode == .suffix || progress.usesGap
        let lastIsHan = units[progress.last].kind == .han
        if needsEnd, !lastIsHan {
            while progress.last + 1 < units.count, units[progress.last + 1].kind == .letter,
                units[progress.last + 1].exact == units[progress.last].exact
            {
                progress.last += 1
                progress.textRun += 1
            }
        }
        guard runIsPlausible(progress, word.count) else { return nil }
        guard progress.digitsForLetters <= 2 * progress.letters else { return nil }
        if progress.usesGap, !startsWord(start) { return nil }
        if needsEnd, !endsWord(progress.last) { return nil }
        return start..<progress.last + 1
    }

    private func runIsPlausible(_ progress: Progress, _ length: Int) -> Bool {
        progress.textRun == progress.wordRun || progress.textRun >= 3 && progress.textRun > progress.wordRun
            || progress.textRun > progress.wordRun && length >= Self.longWord
    }

    // MARK: Characters

    private enum Resemblance { case same, look, digitForLetter }

    private func resemblance(_ unit: Unit, _ wanted: UInt32, _ length: Int) -> Resemblance? {
        if unit.exact == wanted { return .same }
        guard unit.exact < 0x80, wanted < 0x80,
            Normaliser.shapeClass(of: unit.exact) == Normaliser.shapeClass(of: wanted)
        else { return nil }
        let wantsDigit = wanted < 0x3A
        if unit.kind == .digit { return wantsDigit ? nil : .digitForLetter }
        if wantsDigit || unit.flags.contains(.leet) { return .look }
        // l, I and i: a capital I is an l to the eye, a small l for an i only in words long enough.
        let isCapital = unit.traits.contains(.upper)
        return isCapital && length >= 5 || length >= Self.longWord ? .look : nil
    }

    private func note(_ kind: Resemblance, _ progress: inout Progress) {
        if kind == .digitForLetter { progress.digitsForLetters += 1 } else { progress.letters += 1 }
    }

    // MARK: Gaps

    private func nextWordly(from start: Int) -> Int? {
        var (at, gap) = (start, 0)
        while at < units.count {
            let kind = units[at].kind
            if kind.isWordly { return at }
            if kind != .mark, kind != .invisible {
                gap += 1
                if gap > Self.longestGap { return nil }
            }
            at += 1
        }
        return nil
    }

    private func passesGap(to next: Int, isInWord: Bool, _ length: Int, _ progress: inout Progress) -> Bool {
        let last = progress.last
        if next == last + 1 { return true }
        let gap = Gap(units[last + 1..<next])
        if gap.count == 0 { return true }
        if isInWord { return gap.count <= 4 }
        if gap.hasNewline { return false }
        let (leftIsHan, rightIsHan) = (units[last].kind == .han, units[next].kind == .han)
        if leftIsHan, rightIsHan {
            if !gap.hasStop, !gap.hasPunctuation { return true }
            return gap.isUniform && gap.count <= 3 && (!isWordly(last - 1) || !isWordly(next + 1))
        }
        if leftIsHan || rightIsHan { return gap.count <= 4 && !gap.hasStop }
        progress.usesGap = true
        if gap.isApostrophe, Normaliser.isContraction(units, from: next, isNegationToo: true) { return false }
        if gap.count == 1, gap.hasSymbol || gap.first == 0x2E { return true }
        if isAlone(last), isAlone(next), gap.count <= 3 { return true }
        guard gap.isOneSpace, length >= Self.longWord, !progress.usesSplit else { return false }
        progress.usesSplit = true
        return true
    }

    private func isWordly(_ at: Int) -> Bool { units.indices.contains(at) && units[at].kind.isWordly }

    /// Whether a letter stands alone; Han beside it belongs to another word.
    private func isAlone(_ at: Int) -> Bool {
        [at - 1, at + 1].allSatisfy { !isWordly($0) || units[$0].kind == .han }
    }

    // MARK: Boundaries

    /// Whether a word can begin here: no letter or digit before, but for Han, or a number of three digits and more.
    func startsWord(_ at: Int) -> Bool {
        guard units[at].kind != .han, at > 0 else { return true }
        return isBoundary(at, neighbour: at - 1, step: -1)
    }

    func endsWord(_ at: Int) -> Bool {
        guard units[at].kind != .han, at + 1 < units.count else { return true }
        return isBoundary(at, neighbour: at + 1, step: 1)
    }

    private func isBoundary(_ at: Int, neighbour: Int, step: Int) -> Bool {
        var probe = neighbour
        while units.indices.contains(probe), units[probe].kind == .mark || units[probe].kind == .invisible {
            probe += step
        }
        guard units.indices.contains(probe) else { return true }
        if units[probe].kind == .letter { return false }
        guard units[probe].kind == .digit else { return true }
        guard units[at].kind == .letter else { return false }
        // "vx13800" names an account; "mp3" and "fre3" are one word.
        return (0..<3).allSatisfy {
            units.indices.contains(probe + $0 * step) && units[probe + $0 * step].kind == .digit
        }
    }
}
