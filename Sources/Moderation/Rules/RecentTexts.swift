import LyceumProtocol

/// The last few thousand texts of the community, for rules about repeats and near-repeats.
///
/// Candidates are found by locality-sensitive hashing (Broder 1997; Indyk and Motwani 1998): texts that share one of
/// eight bands of two MinHash values over pairs of characters, which two texts of Jaccard similarity 0.7 do with
/// probability 0.995. The similarity of candidates is then counted exactly.
struct RecentTexts {
    static let capacity = 8_192
    /// The most equal texts that a rule can ask for, since a band remembers so many.
    static let mostRepeats = 16
    /// How much of a text is compared, in bytes of its skeleton.
    static let comparedBytes = 512

    struct Signature: Equatable {
        var minima: SIMD16<UInt32>
        /// Hash of the whole skeleton.
        var exact: UInt64
        var skeleton: [UInt8]

        /// The Jaccard index of the pairs of characters; 1 only for equal skeletons.
        func similarity(to other: Signature) -> Double {
            if exact == other.exact { return 1 }
            let (left, right) = (pairs(), other.pairs())
            let common = Double(left.intersection(right).count)
            return min(common / max(1, Double(left.count + right.count) - common), 0.999)
        }

        private func pairs() -> Set<UInt64> {
            var pairs: Set<UInt64> = []
            var previous: UInt64 = 0
            for scalar in String(decoding: skeleton, as: UTF8.self).unicodeScalars {
                if previous != 0 { pairs.insert(previous << 32 | UInt64(scalar.value)) }
                previous = UInt64(scalar.value)
            }
            return pairs
        }
    }

    private struct Entry {
        var signature: Signature
        var member: Int64
        var room: Int64
        var at: UnixMilliseconds
        /// Counts all texts from the start, so that a band can tell an entry from what replaced it.
        var number: Int
    }

    private var entries: [Entry] = []
    private var next = 0
    /// Numbers of the newest texts of each band.
    private var bands = AgingMap<UInt64, [Int]>(capacity: 2 * 9 * capacity)

    /// Odd multipliers of the 16 hash functions; any fixed ones do.
    private static let multipliers: SIMD16<UInt32> = {
        var multipliers = SIMD16<UInt32>()
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for lane in 0..<16 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            multipliers[lane] = UInt32(truncatingIfNeeded: state >> 32) | 1
        }
        return multipliers
    }()

    static func signature(of text: NormalisedText) -> Signature {
        let multipliers = multipliers
        var minima = SIMD16<UInt32>(repeating: .max)
        var (previous, exact): (UInt32, UInt64) = (0, 0xCBF2_9CE4_8422_2325)
        for unit in text.units where unit.kind.isWordly {
            let shape = Normaliser.shapeClass(of: unit.exact)
            exact = (exact ^ UInt64(shape)) &* 0x100_0000_01B3
            if previous != 0 {
                var pair = (previous &* 0x9E37_79B1) ^ (shape &* 0x85EB_CA77)
                pair ^= pair >> 15
                var hashes = SIMD16<UInt32>(repeating: pair) &* multipliers
                hashes ^= hashes &>> 16
                minima = pointwiseMin(minima, hashes)
            }
            previous = shape
        }
        return Signature(minima: minima, exact: exact, skeleton: Array(text.skeleton.bytes.prefix(comparedBytes)))
    }

    /// Notes a text; call once a message, after ``repeats(of:_:_:)``.
    mutating func add(_ signature: Signature, _ context: RuleContext) {
        let entry = Entry(
            signature: signature, member: context.member.rawValue, room: context.room.rawValue, at: context.now,
            number: next)
        if entries.count < Self.capacity { entries.append(entry) } else { entries[next % Self.capacity] = entry }
        for band in Self.bandKeys(signature) {
            var numbers = bands[band] ?? []
            if numbers.count >= Self.mostRepeats { numbers.removeFirst() }
            numbers.append(next)
            bands.set(band, numbers)
        }
        next += 1
    }

    /// Whether the text, were it posted now, would be the one too many for `condition`.
    func repeats(_ signature: Signature, _ condition: RepeatCondition, _ context: RuleContext) -> Bool {
        var seen: Set<Int> = []
        var members: Set<Int64> = [context.member.rawValue]
        let keys = condition.similarity == 1 ? [signature.exact] : Self.bandKeys(signature)
        for key in keys {
            for number in bands[key] ?? [] where !seen.contains(number) {
                let entry = entries[number % Self.capacity]
                guard entry.number == number, counts(entry, condition, context) else { continue }
                guard entry.signature.similarity(to: signature) >= condition.similarity else { continue }
                seen.insert(number)
                members.insert(entry.member)
            }
        }
        return seen.count + 1 >= condition.times && members.count >= condition.members
    }

    private func counts(_ entry: Entry, _ condition: RepeatCondition, _ context: RuleContext) -> Bool {
        guard entry.at > context.now - condition.window.milliseconds, entry.at <= context.now else { return false }
        return switch condition.by {
        case .member: entry.member == context.member.rawValue
        case .room: entry.room == context.room.rawValue
        case .community: true
        }
    }

    private static func bandKeys(_ signature: Signature) -> [UInt64] {
        [signature.exact]
            + (0..<8).map { band in
                let pair = UInt64(signature.minima[2 * band]) << 32 | UInt64(signature.minima[2 * band + 1])
                return (pair ^ UInt64(band) &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
            }
    }
}
