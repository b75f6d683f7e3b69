import LyceumProtocol

/// The last few thousand texts of the community, for rules about repeats and near-repeats.
///
/// Texts that may be alike are found by locality-sensitive hashing (Indyk and Motwani 1998): they share one of eight bands
/// of two MinHash values, which two texts of Jaccard similarity 0.7 do with probability 0.995. What is found is compared
/// by ``TextSample``. However many alike texts there are, a bounded number is looked at, newest first.
///
/// Bounded: ``capacity`` texts, 5 MB when there are as many; nothing before the first.
struct RecentTexts {
    static let capacity = 8_192
    /// The most equal texts that a rule can ask for.
    static let mostRepeats = 16
    /// How far back equal texts, and each band, are followed, and how many texts are compared in all.
    private static let longestWalk = 64, longestBandWalk = 16, mostComparisons = 48
    private static let bands = 9
    private static let bucketBits = 12

    private struct Entry {
        var member: Int64
        var room: Int64
        var at: UnixMilliseconds
        var exact: UInt64
        var reach: UInt32
        var sampled: UInt32
        var minima: SIMD16<UInt32>
        /// The last search that came across it.
        var search: UInt32
    }

    /// A text that is alike.
    private struct Candidate {
        var place: Int
        var similarity: Double
    }

    private var entries: [Entry] = []
    /// ``TextSample/most`` hashes an entry.
    private var samples: [UInt32] = []
    /// The newest text in each bucket of each band, by its number, and for each entry and band the one before it.
    /// Numbers count all texts from 1, so that one can be told from what has replaced it; 0 is none.
    private var newest: [UInt32] = []
    private var before: [UInt32] = []
    private var next: UInt32 = 1

    private var candidates: [Candidate] = []
    private var search: UInt32 = 0

    /// Finds what is like the text of `sample`, for ``repeats(_:_:)``.
    ///
    /// - Parameter least: The similarity from which on a text is of interest; 1 for equal texts alone.
    mutating func look(for sample: TextSample, similarity least: Double) {
        let isExact = least >= 1
        candidates.removeAll(keepingCapacity: true)
        guard !entries.isEmpty else { return }
        search &+= 1
        // Each of 16 minima is equal with the probability `least`: four standard deviations below what is wanted.
        let fewest = UInt32(max(0, 16 * least - 4 * (16 * least * (1 - least)).squareRoot()))
        var comparisons = 0
        for band in 0..<(isExact ? 1 : Self.bands) {
            var number = newest[Self.bucket(band, of: sample)]
            for _ in 0..<(band == 0 ? Self.longestWalk : Self.longestBandWalk) where isHeld(number) {
                let place = place(of: number)
                number = before[place * Self.bands + band]
                guard entries[place].search != search else { continue }
                entries[place].search = search
                if entries[place].exact == sample.exact {
                    candidates.append(Candidate(place: place, similarity: 1))
                } else if !isExact, comparisons < Self.mostComparisons, equalMinima(place, sample) >= fewest {
                    comparisons += 1
                    candidates.append(Candidate(place: place, similarity: similarity(of: place, to: sample)))
                }
            }
        }
    }

    /// Whether the text that was looked for, were it posted now, would be the one too many for `condition`.
    func repeats(_ condition: RepeatCondition, _ context: RuleContext) -> Bool {
        var (equal, members) = (0, [context.member.rawValue])
        for candidate in candidates
        where candidate.similarity >= condition.similarity && counts(entries[candidate.place], condition, context) {
            equal += 1
            let member = entries[candidate.place].member
            if members.count < condition.members, !members.contains(member) { members.append(member) }
            if equal + 1 >= condition.times, members.count >= condition.members { return true }
        }
        return false
    }

    /// Notes the text of `sample`.
    mutating func add(_ sample: TextSample, _ context: RuleContext) {
        let number = next
        // After 2^32 texts the numbers begin anew; what was noted under the old ones is forgotten.
        next = next == .max ? 1 : next + 1
        if newest.isEmpty { newest = [UInt32](repeating: 0, count: Self.bands << Self.bucketBits) }
        let place = place(of: number)
        let entry = Entry(
            member: context.member.rawValue, room: context.room.rawValue, at: context.now, exact: sample.exact,
            reach: sample.reach, sampled: UInt32(sample.hashes.count), minima: sample.minima, search: search)
        if place == entries.count {
            entries.append(entry)
            samples.append(contentsOf: repeatElement(0, count: TextSample.most))
            before.append(contentsOf: repeatElement(0, count: Self.bands))
        } else {
            entries[place] = entry
        }
        for (index, hash) in sample.hashes.enumerated() { samples[place * TextSample.most + index] = hash }
        for band in 0..<Self.bands {
            let bucket = Self.bucket(band, of: sample)
            before[place * Self.bands + band] = newest[bucket]
            newest[bucket] = number
        }
    }

    private func place(of number: UInt32) -> Int { Int(number &- 1) % Self.capacity }

    /// Whether the text of that number has not been replaced.
    private func isHeld(_ number: UInt32) -> Bool { number != 0 && number < next && next - number <= Self.capacity }

    private func equalMinima(_ place: Int, _ sample: TextSample) -> UInt32 {
        SIMD16<UInt32>(repeating: 0).replacing(with: 1, where: entries[place].minima .== sample.minima).wrappedSum()
    }

    private func similarity(of place: Int, to sample: TextSample) -> Double {
        samples.withUnsafeBufferPointer { samples in
            let first = place * TextSample.most
            let others = UnsafeBufferPointer(rebasing: samples[first..<first + Int(entries[place].sampled)])
            return sample.similarity(to: others, reach: entries[place].reach)
        }
    }

    /// The place in `newest` of the bucket of a band: 0 is the whole text, 1...8 are two minima each.
    private static func bucket(_ band: Int, of sample: TextSample) -> Int {
        var key = sample.exact
        if band > 0 {
            key = UInt64(sample.minima[2 * band - 2]) << 32 | UInt64(sample.minima[2 * band - 1])
        }
        key = (key ^ UInt64(band) &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
        return band << bucketBits | Int(truncatingIfNeeded: key >> UInt64(64 - bucketBits))
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
