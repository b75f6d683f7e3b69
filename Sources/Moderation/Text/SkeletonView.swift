/// The fourth pass: the dense views in which keywords are looked for.
extension Normaliser {
    /// Letters and digits that pass for one another share a class in the skeleton: `l i 1`, `o 0`, `e 3`, `a 4`, `s 5`,
    /// `t 7`, `b 8`, `g 9 6`. Which of them a text may stand for is decided when a match is verified.
    @inline(__always)
    static func shapeClass(of exact: UInt32) -> UInt32 {
        if exact > 0x39 { return exact == 0x69 ? 0x6C : exact }
        return switch exact {
        case 0x30: 0x6F
        case 0x31: 0x6C
        case 0x33: 0x65
        case 0x34: 0x61
        case 0x35: 0x73
        case 0x37: 0x74
        case 0x38: 0x62
        case 0x36, 0x39: 0x67
        default: exact
        }
    }

    /// A run counts as one within a word, and over a gap only if the plain view closed it.
    func writeSkeleton(_ result: inout NormalisedText) {
        let (units, pieces) = (result.units, result.pieces)
        result.skeleton.write(atMost: 4 * units.count, using: &result.workspace) { view in
            var last: UInt32 = 0
            for piece in pieces {
                for index in Int(piece.first)..<Int(piece.end) where units[index].kind.isWordly {
                    let shape = Self.shapeClass(of: units[index].exact)
                    if shape != last { view.append(shape, unit: index) }
                    last = shape
                }
                if !piece.joinsNext { last = 0 }
            }
        }
    }

    func writePinyin(_ result: inout NormalisedText) {
        let (units, pieces) = (result.units, result.pieces)
        // The longest syllable, zhuang, has six letters.
        result.pinyin.write(atMost: 6 * units.count, using: &result.workspace) { view in
            for piece in pieces {
                for index in Int(piece.first)..<Int(piece.end) where units[index].kind.isWordly {
                    writePinyin(units[index], index, into: &view)
                }
            }
        }
    }

    @inline(__always)
    private func writePinyin(_ unit: Unit, _ index: Int, into view: inout ViewCursor) {
        guard unit.syllable != 0, unit.kind == .han else { return view.append(unit.exact, unit: index) }
        for letter in tables.syllables[Int(unit.syllable)] { view.append(UInt32(letter), unit: index) }
    }
}
