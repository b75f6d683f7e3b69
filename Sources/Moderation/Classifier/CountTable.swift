/// What all heads have counted, by feature: a fixed number of slots, each chosen by a feature's hash alone.
///
/// There are no keys, no probing and no eviction: two features that meet in a slot share it (feature hashing, Weinberger
/// et al. 2009). That is what makes un-learning exact. The content is the sum of what the learned decisions added,
/// whatever their order, so subtracting one leaves what would be there had it never come; an evicting table has to
/// forget what it cannot give back. Sums wrap, so even an overflow is undone exactly.
///
/// On the labelled sets 2^20 slots are within 0.2 points of error of 2^22, either way; 2^18 lose up to 0.6. Four heads
/// take 48 MiB at 2^20, and that is all they ever take.
struct CountTable: Sendable, Equatable {
    /// Words of one head in a slot: learned messages without and with the label that had the feature, and its weight.
    static let wordsPerHead = 3
    static let weightFractionBits = 16
    static let slotBitsRange = 8...22

    let slotBits: Int
    private(set) var headCount: Int
    private(set) var words: [Int32]

    init(slotBits: Int, headCount: Int) {
        precondition(Self.slotBitsRange.contains(slotBits), "slot bits must be within \(Self.slotBitsRange)")
        self.slotBits = slotBits
        self.headCount = headCount
        words = [Int32](repeating: 0, count: (1 << slotBits) * headCount * Self.wordsPerHead)
    }

    var slotCount: Int { 1 << slotBits }
    var byteCount: Int { words.count * MemoryLayout<Int32>.stride }
    var stride: Int { headCount * Self.wordsPerHead }

    /// The first word of the slot of `hash`.
    @inline(__always)
    func base(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> UInt64(64 - slotBits)) &* stride }

    /// What one decision adds to a head for each of its features.
    struct Increment {
        var head: Int
        var isPositive: Bool
        /// 1 to learn, −1 to un-learn, 0 to move the weight alone.
        var count: Int32
        /// In units of 2^−``weightFractionBits``.
        var weight: Int32
    }

    /// Adds `increment` for each feature; returns by how much the number of slots in use by that head grew.
    mutating func add(_ increment: Increment, to hashes: [UInt64]) -> Int {
        let offset = increment.head * Self.wordsPerHead
        let (counted, other) = (offset + (increment.isPositive ? 1 : 0), offset + (increment.isPositive ? 0 : 1))
        var growth = 0
        let (stride, shift) = (stride, UInt64(64 - slotBits))
        words.withUnsafeMutableBufferPointer { words in
            for hash in hashes {
                let base = Int(truncatingIfNeeded: hash >> shift) &* stride
                let before = words[base + counted]
                let after = before &+ increment.count
                words[base + counted] = after
                words[base + offset + 2] &+= increment.weight
                let isAlone = words[base + other] == 0
                growth += (after != 0 || !isAlone ? 1 : 0) - (before != 0 || !isAlone ? 1 : 0)
            }
        }
        return growth
    }

    /// The slots that hold a count of a head.
    func vocabulary(ofHead head: Int) -> Int64 {
        let first = head * Self.wordsPerHead
        return (0..<slotCount).reduce(0) { total, slot in
            total + (words[slot * stride + first] | words[slot * stride + first + 1] == 0 ? 0 : 1)
        }
    }

    /// Widens every slot by one head that has counted nothing.
    mutating func appendHead() {
        var wider = CountTable(slotBits: slotBits, headCount: headCount + 1)
        for slot in 0..<slotCount {
            for word in 0..<stride { wider.words[slot * wider.stride + word] = words[slot * stride + word] }
        }
        self = wider
    }

    /// Puts the words of one slot in place, as a snapshot lists them.
    mutating func set(slot: Int, word: Int, to value: Int32) { words[slot * stride + word] = value }
}
