/// What stands in for Han characters that were swapped for others of the same sound.
///
/// Groups that hardly anybody has written, of sounds that are well known, are what such swaps leave. They say nothing, or
/// something that is chance, while their sounds say what the group said that stood there before. It is the back-off of
/// n-gram models (Katz 1987), from characters to syllables, by a ratio instead of a discount.
extension CountTable {
    /// How many times as often as a group of characters its sounds must have come, to speak for it.
    private static let rarity: Int32 = 4

    /// What is found out about a token from the pairs that it is in.
    private enum Company {
        static let usual: UInt8 = 1
        static let strange: UInt8 = 2
    }

    /// Puts the row of a feature's sound in place of its own where the group is strange, or, for a single character, where
    /// it is in strange pairs only.
    func letSoundsSpeak(
        _ features: Features, _ firsts: UnsafeMutableBufferPointer<Int>, _ words: UnsafeBufferPointer<Int32>
    ) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: features.hanTokens) { company in
            company.initialize(repeating: 0)
            for index in firsts.indices where features.sounds[index] != 0 {
                let origin = features.origins[index]
                guard origin.kind != .word else { continue }
                let sound = first(of: features.sounds[index])
                let isStrange = decisions(at: firsts[index], words) &* Self.rarity < decisions(at: sound, words)
                if isStrange { firsts[index] = sound }
                guard origin.kind == .pair else { continue }
                let found = isStrange ? Company.strange : Company.usual
                company[Int(origin.first)] |= found
                company[Int(origin.last)] |= found
            }
            for index in firsts.indices where features.sounds[index] != 0 {
                let origin = features.origins[index]
                guard origin.kind == .word, company[Int(origin.first)] == Company.strange else { continue }
                firsts[index] = first(of: features.sounds[index])
            }
        }
    }

    @inline(__always)
    private func first(of hash: UInt64) -> Int { Int(rowOf[slot(of: hash)]) &* stride }
}
