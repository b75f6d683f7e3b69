import CLinux

/// What all heads have counted, by feature: a fixed number of slots, each chosen by a feature's hash alone.
///
/// There are no keys, no probing and no eviction: two features that meet in a slot share it (feature hashing, Weinberger
/// et al. 2009). That is what makes un-learning exact. The content is the sum of what the learned decisions added,
/// whatever their order, so subtracting one leaves what would be there had it never come; an evicting table has to
/// forget what it cannot give back. Sums wrap, so even an overflow is undone exactly.
///
/// Only slots that were ever counted in have a row of words, in the order in which they came; `rowOf` says which. Rows
/// are appended within room that is reserved at once and that the system backs by memory page by page, so the table
/// grows with what it has learned and never has to move. Two tables are equal if their slots are, whatever their rows.
///
/// On the labelled sets 2^20 slots are within 0.2 points of error of 2^22, either way; 2^18 lose up to 0.6. At 2^20 the
/// starter model takes 9 MiB and four heads never more than 52.
struct CountTable: Sendable {
    /// Words of one head in a slot: learned messages without and with the label that had the feature, and its weight.
    static let wordsPerHead = 3
    static let weightFractionBits = 16
    static let slotBitsRange = 8...22

    let slotBits: Int
    let headCount: Int
    /// The row of each slot. Row 0 is that of every slot without one: all zeros, and never written.
    private(set) var rowOf: [UInt32]
    private var words: [Int32]

    init(slotBits: Int, headCount: Int) {
        precondition(Self.slotBitsRange.contains(slotBits), "slot bits must be within \(Self.slotBitsRange)")
        self.slotBits = slotBits
        self.headCount = headCount
        rowOf = [UInt32](repeating: 0, count: 1 << slotBits)
        words = []
        words.reserveCapacity(mostWords)
        words.append(contentsOf: repeatElement(0, count: headCount * Self.wordsPerHead))
    }

    var slotCount: Int { 1 << slotBits }
    /// Whether no slot was ever counted in.
    var isBlank: Bool { words.count == stride }
    /// Of a slot.
    var stride: Int { headCount * Self.wordsPerHead }
    private var mostWords: Int { (slotCount + 1) * stride }
    /// What it takes now, in bytes.
    var byteCount: Int { (rowOf.count + words.count) * MemoryLayout<Int32>.stride }
    /// What it can come to take, in bytes.
    var mostBytes: Int { (rowOf.count + mostWords) * MemoryLayout<Int32>.stride }

    func slot(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> UInt64(64 - slotBits)) }

    /// The words of one slot.
    func words(ofSlot slot: Int) -> ArraySlice<Int32> {
        let first = Int(rowOf[slot]) * stride
        return words[first..<first + stride]
    }

    /// Calls `body` with all words and, for each feature that has a row, where the words begin that count for it.
    ///
    /// Each row is a cache miss or two, and they are most of what a score costs, so all are asked for before the first is
    /// needed.
    ///
    /// - Parameter soundsSpeak: Whether what a strange group of Han characters sounds like counts in its place.
    @inline(__always)
    func forEach(
        _ features: Features, soundsSpeak: Bool,
        _ body: (UnsafeBufferPointer<Int32>, _ first: Int, _ feature: Int) -> Void
    ) {
        let (stride, shift) = (stride, UInt64(64 - slotBits))
        withUnsafeTemporaryAllocation(of: Int.self, capacity: features.count) { firsts in
            words.withUnsafeBufferPointer { words in
                guard let start = words.baseAddress else { return }
                for (index, hash) in features.hashes.enumerated() {
                    firsts[index] = Int(rowOf[Int(truncatingIfNeeded: hash >> shift)]) &* stride
                    prefetch(start + firsts[index])
                    prefetch(start + firsts[index] + stride - 1)
                }
                if soundsSpeak, features.hanTokens > 0 { letSoundsSpeak(features, firsts, words) }
                for index in firsts.indices where firsts[index] != 0 { body(words, firsts[index], index) }
            }
        }
    }

    /// How many decisions of any head have counted a feature.
    @inline(__always)
    func decisions(on hash: UInt64) -> Int32 {
        words.withUnsafeBufferPointer { decisions(at: Int(rowOf[slot(of: hash)]) &* stride, $0) }
    }

    /// How many decisions of any head have counted in the row that begins at `first`.
    @inline(__always)
    func decisions(at first: Int, _ words: UnsafeBufferPointer<Int32>) -> Int32 {
        var (count, word) = (Int32(0), first)
        while word < first &+ stride {
            count = count &+ words[word] &+ words[word &+ 1]
            word = word &+ Self.wordsPerHead
        }
        return count
    }

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
        for hash in hashes { makeRow(forSlot: slot(of: hash)) }
        let offset = increment.head * Self.wordsPerHead
        let (counted, other) = (offset + (increment.isPositive ? 1 : 0), offset + (increment.isPositive ? 0 : 1))
        var growth = 0
        let (stride, shift, rowOf) = (stride, UInt64(64 - slotBits), rowOf)
        words.withUnsafeMutableBufferPointer { words in
            for hash in hashes {
                let base = Int(rowOf[Int(truncatingIfNeeded: hash >> shift)]) &* stride
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
        return Swift.stride(from: first, to: words.count, by: max(1, stride)).reduce(0) { total, word in
            total + (words[word] | words[word + 1] == 0 ? 0 : 1)
        }
    }

    /// The same table with one head more, which has counted nothing.
    func withAnotherHead() -> CountTable {
        var wider = CountTable(slotBits: slotBits, headCount: headCount + 1)
        wider.rowOf = rowOf
        for first in Swift.stride(from: stride, to: words.count, by: max(1, stride)) {
            wider.words.append(contentsOf: words[first..<first + stride])
            wider.words.append(contentsOf: repeatElement(0, count: Self.wordsPerHead))
        }
        return wider
    }

    /// Puts one word of a slot in place, as a snapshot lists them.
    mutating func set(slot: Int, word: Int, to value: Int32) {
        makeRow(forSlot: slot)
        words[Int(rowOf[slot]) * stride + word] = value
    }

    @inline(__always)
    private mutating func makeRow(forSlot slot: Int) {
        guard rowOf[slot] == 0 else { return }
        // A copy of a table has room for what it holds: it gets the rest when it is first added to.
        if words.capacity < mostWords { words.reserveCapacity(mostWords) }
        rowOf[slot] = UInt32(words.count / stride)
        words.append(contentsOf: repeatElement(0, count: stride))
    }
}

extension CountTable: Equatable {
    static func == (left: Self, right: Self) -> Bool {
        left.slotBits == right.slotBits && left.headCount == right.headCount
            && (0..<left.slotCount).allSatisfy { slot in
                left.words(ofSlot: slot).elementsEqual(right.words(ofSlot: slot))
            }
    }
}
