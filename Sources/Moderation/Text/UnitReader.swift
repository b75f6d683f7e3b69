/// The first pass: UTF-8 in, one ``Unit`` a visible character out, with counts of what was seen on the way.
struct UnitReader {
    let lookup: UnicodeTables.Lookup
    let tables: UnicodeTables
    var units: [Unit]
    var changes = SIMD16<UInt32>()
    var shape = TextShape()
    /// Bit n: script number n was seen, as ``CodePoint/script`` counts.
    var scriptBits: UInt32 = 0
    var seen: CodePoint.Traits = []
    var hasNumerals = false

    private var invisibleSinceLetter: UInt32 = 0
    private var markRun = 0
    private var looseMarks = 0

    init(lookup: UnicodeTables.Lookup, tables: UnicodeTables, units: [Unit]) {
        self.lookup = lookup
        self.tables = tables
        self.units = units
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        units.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            let start = at
            let scalar = Self.decode(bytes, &at)
            if scalar == Self.invalid { changes[NormaliserChange.invalidBytes.rawValue] += 1 }
            add(scalar == Self.invalid ? 0xFFFD : scalar, start: UInt32(start), end: UInt32(at))
        }
    }

    private static let invalid = UInt32.max

    /// The scalar at `at`, moving past it; ``invalid`` and one byte for anything that is not well-formed (Unicode table 3-7).
    @inline(__always)
    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> UInt32 {
        let lead = bytes[at]
        if lead < 0x80 {
            at += 1
            return UInt32(lead)
        }
        return decodeWide(bytes, lead, &at)
    }

    private static func decodeWide(_ bytes: UnsafeBufferPointer<UInt8>, _ lead: UInt8, _ at: inout Int) -> UInt32 {
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead <= 0xF4, at + length <= bytes.count else {
            at += 1
            return invalid
        }
        var scalar = UInt32(lead) & (0xFF >> UInt32(length + 1))
        for offset in 1..<length {
            let next = bytes[at + offset]
            guard next & 0xC0 == 0x80 else {
                at += 1
                return invalid
            }
            scalar = scalar << 6 | UInt32(next & 0x3F)
        }
        let isOverlong = length == 3 ? scalar < 0x800 : length == 4 && scalar < 0x1_0000
        guard !isOverlong, scalar <= 0x10_FFFF, !(0xD800...0xDFFF).contains(scalar) else {
            at += 1
            return invalid
        }
        at += length
        return scalar
    }

    @inline(__always)
    private mutating func add(_ scalar: UInt32, start: UInt32, end: UInt32) {
        let point = lookup[scalar]
        shape.characters += 1
        seen.formUnion(point.traits)
        scriptBits |= 1 << UInt32(point.script)
        guard point.kind != .invisible, point.kind != .mark, point.folded.isSingle, point.exact.isSingle,
            !point.traits.contains(.unicodeMark)
        else { return addUnusual(scalar, point, start: start, end: end) }
        addPlain(scalar, point, start: start, end: end)
    }

    @inline(__always)
    private mutating func addPlain(_ scalar: UInt32, _ point: CodePoint, start: UInt32, end: UInt32) {
        count(point)
        let folded = point.folded == .itself ? scalar : point.folded.rawValue
        let exact = point.exact == .itself ? scalar : point.exact.rawValue
        if point.kind == .han, units.last?.traits.contains(.splitHalf) == true, closesSplitHan(exact, end: end) {
            return
        }
        if invisibleSinceLetter > 0 { noteInvisible(before: point.kind) }
        markRun = 0
        looseMarks = 0
        if point.script == CodePoint.hangul, (0x1161...0x11C2).contains(folded), composeLast(with: folded, end: end) {
            return
        }
        units.append(
            Unit(
                start: start, end: end, folded: folded, exact: exact, syllable: point.syllable, traits: point.traits,
                kind: point.kind, script: point.script, standsFor: point.standsFor, flags: []))
    }

    @inline(__always)
    private mutating func count(_ point: CodePoint) {
        switch point.kind {
        case .letter:
            shape.letters += 1
            if point.traits.contains(.upper) { shape.upperLetters += 1 }
        case .digit: shape.digits += 1
        case .han:
            shape.han += 1
            if point.standsFor != 0 { hasNumerals = true }
        case .newline: shape.lines += 1
        case .emoji: shape.emoji += 1
        case .symbol, .punctuation, .stop: shape.symbols += 1
        case .space, .invisible, .mark: break
        }
        guard !point.traits.isDisjoint(with: [.compatibility, .enclosed, .traditional]), point.kind.isWordly else {
            return
        }
        if point.traits.contains(.traditional) { changes[NormaliserChange.simplified.rawValue] += 1 }
        if point.traits.contains(.enclosed) {
            changes[NormaliserChange.enclosed.rawValue] += 1
        } else if point.traits.contains(.compatibility) {
            changes[NormaliserChange.compatibility.rawValue] += 1
        }
    }

    private mutating func noteInvisible(before kind: CharacterKind) {
        // A byte order mark at the end or a joiner inside an emoji is innocent; between letters it hides something.
        if kind.isWordly, units.last?.kind.isWordly == true {
            changes[NormaliserChange.invisible.rawValue] += invisibleSinceLetter
        }
        invisibleSinceLetter = 0
    }

    private mutating func addUnusual(_ scalar: UInt32, _ point: CodePoint, start: UInt32, end: UInt32) {
        if point.kind == .invisible { return addInvisible(point, end: end) }
        if point.traits.contains(.unicodeMark) {
            shape.marks += 1
            markRun += 1
            shape.longestMarkRun = max(shape.longestMarkRun, markRun)
        }
        if point.kind == .mark { return addMark(scalar, point, start: start, end: end) }
        if point.folded.isSingle, point.exact.isSingle {
            let run = markRun
            addPlain(scalar, point, start: start, end: end)
            markRun = run
            return
        }
        addExpansion(point, start: start, end: end)
    }

    private mutating func addInvisible(_ point: CodePoint, end: UInt32) {
        shape.invisible += 1
        invisibleSinceLetter += 1
        if point.traits.contains(.bidi) {
            shape.bidi += 1
            changes[NormaliserChange.bidirectional.rawValue] += 1
        }
        extendLast(to: end)
    }

    private mutating func addMark(_ scalar: UInt32, _ point: CodePoint, start: UInt32, end: UInt32) {
        let folded = point.folded == .itself ? scalar : point.folded.rawValue
        if looseMarks == 0, composeLast(with: folded, end: end) { return }
        changes[NormaliserChange.mark.rawValue] += 1
        looseMarks += 1
        guard looseMarks <= Normaliser.maximumMarks else { return extendLast(to: end) }
        units.append(
            Unit(
                start: start, end: end, folded: folded, exact: 0, syllable: 0, traits: point.traits, kind: .mark,
                script: 0, standsFor: 0, flags: []))
    }

    private mutating func extendLast(to end: UInt32) {
        guard !units.isEmpty else { return }
        units[units.count - 1].end = end
    }

    private mutating func composeLast(with mark: UInt32, end: UInt32) -> Bool {
        guard let last = units.last, let composite = tables.composite(last.folded, mark) else { return false }
        let point = lookup[composite]
        units[units.count - 1].folded = composite
        units[units.count - 1].end = end
        if point.exact.isSingle { units[units.count - 1].exact = point.exact.rawValue }
        return true
    }

    /// One unit for each scalar of the longer mapping; all have the span of the one original character.
    private mutating func addExpansion(_ point: CodePoint, start: UInt32, end: UInt32) {
        count(point)
        let folded = Array(tables.scalars(of: point.folded))
        let exact = Array(tables.scalars(of: point.exact))
        for index in 0..<max(folded.count, exact.count) {
            let shown = index < exact.count ? exact[index] : 0
            let of = shown == 0 ? nil : lookup[shown]
            units.append(
                Unit(
                    start: start, end: end, folded: index < folded.count ? folded[index] : 0, exact: shown,
                    syllable: of?.syllable ?? 0, traits: point.traits, kind: of?.kind ?? .invisible,
                    script: of?.script ?? 0, standsFor: of?.standsFor ?? 0, flags: []))
        }
    }

    /// Puts 亻言 together as 信 when the component before can be nothing but the left half of this one.
    private mutating func closesSplitHan(_ exact: UInt32, end: UInt32) -> Bool {
        guard let last = units.last, let whole = tables.splitHan[UInt64(last.folded) << 32 | UInt64(exact)]
        else { return false }
        let point = lookup[whole]
        units[units.count - 1].exact = whole
        units[units.count - 1].syllable = point.syllable
        units[units.count - 1].end = end
        changes[NormaliserChange.splitHan.rawValue] += 1
        return true
    }
}
