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

        /// Different pairs of characters in order.
        func pairs() -> [UInt64] {
            var pairs: [UInt64] = []
            var previous: UInt64 = 0
            for scalar in String(decoding: skeleton, as: UTF8.self).unicodeScalars {
                if previous != 0 { pairs.append(previous << 32 | UInt64(scalar.value)) }
                previous = UInt64(scalar.value)
            }
            pairs.sort()
            var kept = 0
            for index in pairs.indices where index == 0 || pairs[index] != pairs[index - 1] {
                pairs[kept] = pairs[index]
                kept += 1
            }
            pairs.removeLast(pairs.count - kept)
            return pairs
        }
    }

    /// What most candidates are dismissed by; apart from the signatures, so that looking costs no reference.
    private struct Entry {
        var member: Int64
        var room: Int64
        var at: UnixMilliseconds
        var exact: UInt64
        /// Counts all texts from the start, so that a bucket can tell an entry from what replaced it.
        var number: Int32
    }

    private var entries: [Entry] = []
    private var minima: [SIMD16<UInt32>] = []
    private var skeletons: [[UInt8]] = []
    private var next: Int32 = 0
    /// The newest ``mostRepeats`` texts of each bucket of bands, -1 for none; strangers in a bucket are told apart later.
    private var buckets = [Int32](repeating: -1, count: bucketCount * mostRepeats)
    private static let bucketCount = 1 << 15

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

    /// Notes a text; call once a message, after ``repeats(_:_:_:)``.
    mutating func add(_ signature: Signature, _ context: RuleContext) {
        let entry = Entry(
            member: context.member.rawValue, room: context.room.rawValue, at: context.now, exact: signature.exact,
            number: next)
        let place = Int(next) % Self.capacity
        if entries.count < Self.capacity {
            entries.append(entry)
            minima.append(signature.minima)
            skeletons.append(signature.skeleton)
        } else {
            entries[place] = entry
            minima[place] = signature.minima
            skeletons[place] = signature.skeleton
        }
        for band in 0...8 {
            let first = Self.bucket(band, of: signature)
            // The oldest makes room: at most 16 numbers move.
            for slot in first..<first + Self.mostRepeats - 1 { buckets[slot] = buckets[slot + 1] }
            buckets[first + Self.mostRepeats - 1] = next
        }
        next = next == .max ? 0 : next + 1
    }

    /// Whether the text, were it posted now, would be the one too many for `condition`.
    func repeats(_ signature: Signature, _ condition: RepeatCondition, _ context: RuleContext) -> Bool {
        var (compared, equal): ([Int32], Int) = ([], 0)
        var members: [Int64] = [context.member.rawValue]
        var comparison = Comparison(signature: signature, least: condition.similarity)
        for band in 0...(condition.similarity == 1 ? 0 : 8) {
            let first = Self.bucket(band, of: signature)
            for slot in first..<first + Self.mostRepeats where buckets[slot] >= 0 {
                let place = Int(buckets[slot]) % Self.capacity
                let entry = entries[place]
                guard entry.number == buckets[slot], counts(entry, condition, context), !compared.contains(entry.number)
                else { continue }
                compared.append(entry.number)
                guard entry.exact == signature.exact || comparison.holds(minima[place], skeletons[place]) else {
                    continue
                }
                equal += 1
                if !members.contains(entry.member) { members.append(entry.member) }
                if equal + 1 >= condition.times, members.count >= condition.members { return true }
            }
        }
        return false
    }

    /// Compares one text with many others.
    private struct Comparison {
        let signature: Signature
        let least: Double
        /// The fewest equal minima that are worth counting pairs for. Each of 16 is equal with the probability of the
        /// index, so this is three standard deviations below what is wanted.
        private let fewestEqual: UInt32
        private var pairs: [UInt64]?
        /// Counting pairs takes microseconds, so a flood of texts that are all somewhat alike must not ask for many.
        private var left = 24

        init(signature: Signature, least: Double) {
            self.signature = signature
            self.least = least
            fewestEqual = UInt32(max(0, 16 * least - 3 * (16 * least * (1 - least)).squareRoot()))
        }

        mutating func holds(_ minima: SIMD16<UInt32>, _ skeleton: [UInt8]) -> Bool {
            let equal = SIMD16<UInt32>(repeating: 0).replacing(with: 1, where: minima .== signature.minima)
            guard least < 1, equal.wrappedSum() >= fewestEqual, left > 0 else { return false }
            left -= 1
            let mine = pairs ?? signature.pairs()
            pairs = mine
            let other = Signature(minima: minima, exact: 0, skeleton: skeleton).pairs()
            return RecentTexts.jaccard(mine, other) >= least
        }
    }

    /// Of two sets in order.
    private static func jaccard(_ left: [UInt64], _ right: [UInt64]) -> Double {
        var (common, at, beside) = (0, 0, 0)
        while at < left.count, beside < right.count {
            if left[at] == right[beside] {
                (common, at, beside) = (common + 1, at + 1, beside + 1)
            } else if left[at] < right[beside] {
                at += 1
            } else {
                beside += 1
            }
        }
        return Double(common) / Double(max(1, left.count + right.count - common))
    }

    /// The first slot of the bucket of a band: 0 is the whole skeleton, 1...8 are two minima each.
    private static func bucket(_ band: Int, of signature: Signature) -> Int {
        var key = signature.exact
        if band > 0 {
            key = UInt64(signature.minima[2 * band - 2]) << 32 | UInt64(signature.minima[2 * band - 1])
        }
        key = (key ^ UInt64(band) &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
        return Int(key >> 49) * mostRepeats
    }

    private func counts(_ entry: Entry, _ condition: RepeatCondition, _ context: RuleContext) -> Bool {
        guard entry.at > context.now - condition.window.milliseconds, entry.at <= context.now else { return false }
        return switch condition.by {
        case .member: entry.member == context.member.rawValue
        case .room: entry.room == context.room.rawValue
        case .community: true
        }
    }
}
