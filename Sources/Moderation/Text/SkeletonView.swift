/// The fourth pass: the dense views in which keywords are looked for.
extension Normaliser {
    /// Letters and digits that pass for one another share a class in the skeleton: `l i 1`, `o 0`, `e 3`, `a 4`, `s 5`,
    /// `t 7`, `b 8`, `g 9 6`. Which of them a text may stand for is decided when a match is verified.
    static let classOf: [UInt8] = {
        var classes = (0...127).map { UInt8($0) }
        for (letters, shared) in [
            ("i1", "l"), ("0", "o"), ("3", "e"), ("4", "a"), ("5", "s"), ("7", "t"), ("8", "b"), ("96", "g"),
        ] {
            for letter in letters.utf8 { classes[Int(letter)] = UInt8(ascii: Unicode.Scalar(shared) ?? "?") }
        }
        return classes
    }()

    static func shapeClass(of exact: UInt32) -> UInt32 { exact < 0x80 ? UInt32(classOf[Int(exact)]) : exact }

    /// A run counts as one within a word, and over a gap only if the plain view closed it.
    func writeSkeleton(_ result: inout NormalisedText) {
        var (skeleton, pinyin) = (TextView(), TextView())
        swap(&skeleton, &result.skeleton)
        swap(&pinyin, &result.pinyin)
        skeleton.bytes.reserveCapacity(result.byteCount)
        skeleton.unitOf.reserveCapacity(result.byteCount)
        pinyin.bytes.reserveCapacity(result.byteCount * 2)
        pinyin.unitOf.reserveCapacity(result.byteCount * 2)
        var last: UInt32 = 0
        for piece in result.pieces {
            for index in Int(piece.first)..<Int(piece.end) {
                let unit = result.units[index]
                guard unit.kind.isWordly else { continue }
                writePinyin(unit, index, into: &pinyin)
                let shape = Self.shapeClass(of: unit.exact)
                if shape != last { skeleton.append(shape, unit: index) }
                last = shape
            }
            if !piece.joinsNext { last = 0 }
        }
        swap(&skeleton, &result.skeleton)
        swap(&pinyin, &result.pinyin)
    }

    @inline(__always)
    private func writePinyin(_ unit: Unit, _ index: Int, into view: inout TextView) {
        guard unit.syllable != 0, unit.kind == .han else { return view.append(unit.exact, unit: index) }
        for letter in tables.syllables[Int(unit.syllable)] { view.append(UInt32(letter), unit: index) }
    }
}
