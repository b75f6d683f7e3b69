/// Verifies what the scans of one text found and drops what an exception covers.
struct KeywordMatches {
    typealias Hits = [(id: UInt32, start: Int, end: Int)]

    private let index: KeywordIndex
    private let verifier: KeywordVerifier
    private var found: [(rule: Int32, span: Range<Int>)] = []
    private var exceptions: [(rule: Int32, span: Range<Int>)] = []

    init(index: KeywordIndex, units: [Unit]) {
        self.index = index
        verifier = KeywordVerifier(units: units, characters: index.characters)
    }

    mutating func verifySkeleton(_ hits: Hits, in view: TextView) {
        let (literals, entries) = (index.skeleton, index.entries)
        for hit in hits {
            let id = Int(hit.id)
            let start = Int(view.unitOf[hit.end - Int(literals.lengths[id])])
            for position in literals.bounds[id]..<literals.bounds[id + 1] {
                let entry = entries[Int(literals.entries[Int(position)])]
                let word = KeywordVerifier.Word(first: Int(entry.first), count: Int(entry.count))
                if let units = verifier.match(word, entry.match, runAt: start) { note(entry, units) }
            }
        }
    }

    mutating func verifyFolded(_ hits: Hits, in view: TextView) {
        verifyLiterally(hits, index.folded, view) { [verifier] entry, first, last in
            let needsStart = entry.match == .word || entry.match == .prefix
            let needsEnd = entry.match == .word || entry.match == .suffix
            return (!needsStart || !verifier.units[first].kind.isWordly || verifier.startsWord(first))
                && (!needsEnd || !verifier.units[last].kind.isWordly || verifier.endsWord(last))
        }
    }

    /// Syllables run together in this view, so a match must begin and end with a character and not within one.
    mutating func verifyPinyin(_ hits: Hits, in view: TextView) {
        verifyLiterally(hits, index.pinyin, view) { [verifier] _, first, last in
            guard verifier.startsWord(first), verifier.endsWord(last) else { return false }
            return verifier.units[first...last].allSatisfy { $0.kind != .newline }
        }
    }

    private mutating func verifyLiterally(
        _ hits: Hits, _ literals: KeywordIndex.Literals, _ view: TextView,
        _ isWhole: (KeywordIndex.Entry, Int, Int) -> Bool
    ) {
        for hit in hits {
            let id = Int(hit.id)
            let start = hit.end - Int(literals.lengths[id])
            let (first, last) = (view.unitOf[start], view.unitOf[hit.end - 1])
            if start > 0, view.unitOf[start - 1] == first { continue }
            if hit.end < view.unitOf.count, view.unitOf[hit.end] == last { continue }
            for position in literals.bounds[id]..<literals.bounds[id + 1] {
                let entry = index.entries[Int(literals.entries[Int(position)])]
                if isWhole(entry, Int(first), Int(last)) { note(entry, Int(first)..<Int(last) + 1) }
            }
        }
    }

    private mutating func note(_ entry: KeywordIndex.Entry, _ units: Range<Int>) {
        var last = units.upperBound - 1
        while last + 1 < verifier.units.count, verifier.units[last + 1].kind == .mark { last += 1 }
        let span = Int(verifier.units[units.lowerBound].start)..<Int(verifier.units[last].end)
        if entry.isException { exceptions.append((entry.rule, span)) } else { found.append((entry.rule, span)) }
    }

    /// Adds what is left to the spans of each rule, overlapping ones merged.
    consuming func settle(into spans: inout [Int: [Range<Int>]]) {
        guard !exceptions.isEmpty else {
            for match in found { Self.add(match.span, to: &spans[Int(match.rule), default: []]) }
            return
        }
        let general = Exceptions(exceptions.filter { $0.rule == -1 }.map(\.span))
        let own = Dictionary(grouping: exceptions, by: \.rule).mapValues { Exceptions($0.map(\.span)) }
        for match in found where !general.cover(match.span) && own[match.rule]?.cover(match.span) != true {
            Self.add(match.span, to: &spans[Int(match.rule), default: []])
        }
    }

    /// Answers in logarithmic time whether one of many spans holds another, so that a text full of both stays cheap.
    private struct Exceptions {
        private let starts: [Int]
        /// The furthest end of the spans up to each one.
        private let ends: [Int]

        init(_ spans: [Range<Int>]) {
            let sorted = spans.sorted { $0.lowerBound < $1.lowerBound }
            starts = sorted.map(\.lowerBound)
            var furthest = 0
            ends = sorted.map { span in
                furthest = max(furthest, span.upperBound)
                return furthest
            }
        }

        func cover(_ span: Range<Int>) -> Bool {
            var (low, high) = (0, starts.count)
            while low < high {
                let middle = (low + high) / 2
                if starts[middle] <= span.lowerBound { low = middle + 1 } else { high = middle }
            }
            return low > 0 && ends[low - 1] >= span.upperBound
        }
    }

    private static func add(_ span: Range<Int>, to spans: inout [Range<Int>]) {
        for index in spans.indices where spans[index].overlaps(span) {
            let merged = spans[index]
            spans[index] = min(merged.lowerBound, span.lowerBound)..<max(merged.upperBound, span.upperBound)
            return
        }
        if spans.count < RuleSet.mostSpans { spans.append(span) }
    }
}
