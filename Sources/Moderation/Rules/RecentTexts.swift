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

        /// Whether the Jaccard index of the pairs of characters is at least `least`.
        func isSimilar(to other: Signature, least: Double) -> Bool {
            if exact == other.exact { return true }
            if least == 1 { return false }
            // Each of 16 minima is equal with the probability of the index: five standard deviations less is hopeless.
            let equal = minima .== other.minima
            let count = (0..<16).reduce(0) { $0 + (equal[$1] ? 1 : 0) }
            if Double(count) < 16 * least - 5 * (16 * least * (1 - least)).squareRoot() { return false }
            return similarity(to: other) >= least
        }

        func similarity(to other: Signature) -> Double {
            let (left, right) = (pairs(), other.pairs())
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

        /// Different pairs of characters in order.
        private func pairs() -> [UInt64] {
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

    private struct Entry {
        var signature: Signature
        var member: Int64
        var room: Int64
        var at: UnixMilliseconds
        /// Counts all texts from the start, so that a bucket can tell an entry from what replaced it.
        var number: Int32
    }

    private var entries: [Entry] = []
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
            signature: signature, member: context.member.rawValue, room: context.room.rawValue, at: context.now,
            number: next)
        let place = Int(next) % Self.capacity
        if entries.count < Self.capacity { entries.append(entry) } else { entries[place] = entry }
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
        var seen: [Int32] = []
        var members: [Int64] = [context.member.rawValue]
        for band in 0...(condition.similarity == 1 ? 0 : 8) {
            let first = Self.bucket(band, of: signature)
            for number in buckets[first..<first + Self.mostRepeats] where number >= 0 && !seen.contains(number) {
                let entry = entries[Int(number) % Self.capacity]
                guard entry.number == number, counts(entry, condition, context),
                    entry.signature.isSimilar(to: signature, least: condition.similarity)
                else { continue }
                seen.append(number)
                if !members.contains(entry.member) { members.append(entry.member) }
                if seen.count + 1 >= condition.times, members.count >= condition.members { return true }
            }
        }
        return false
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
