/// What a text is compared with others by: the hashes of its pairs of neighbouring characters, each once.
///
/// Of a long text only the lowest hashes are kept, which is a uniform sample of its pairs (bottom-k sketch; Broder 1997);
/// a text of up to ``most`` pairs, which is nearly every chat message, is compared exactly. A value keeps its storage
/// from one text to the next.
struct TextSample: Sendable {
    /// The most hashes of one text.
    static let most = 128

    private(set) var hashes: [UInt32] = []
    /// Every pair of the text with a hash up to this is among `hashes`.
    private(set) var reach = UInt32.max
    /// Hash of all letters, digits and Han in order.
    private(set) var exact: UInt64 = 0
    /// The least hash of each sixteenth of the pairs: MinHash by one permutation (Li, Owen, Zhang 2012). An empty
    /// sixteenth takes the value of the next, so that short texts have all of them (Shrivastava, Li 2014).
    private(set) var minima = SIMD16<UInt32>(repeating: .max)
    /// `hashes`, open-addressed; 0 is free.
    private var table = [UInt32](repeating: 0, count: tableSize)
    private static let tableSize = 1 << 10

    mutating func read(_ units: [Unit]) {
        hashes.removeAll(keepingCapacity: true)
        clear()
        reach = .max
        exact = 0xCBF2_9CE4_8422_2325
        var previous: UInt32 = 0
        for unit in units where unit.kind.isWordly {
            let shape = Normaliser.shapeClass(of: unit.exact)
            exact = (exact ^ UInt64(shape)) &* 0x100_0000_01B3
            if previous != 0 { add(Self.hash(previous, shape)) }
            previous = shape
        }
        thin(to: Self.most)
        findMinima()
    }

    /// Never 0, which marks a free place.
    private static func hash(_ left: UInt32, _ right: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: FeatureHash.fold(UInt64(left), UInt64(right))) | 1 << 4
    }

    private mutating func add(_ hash: UInt32) {
        guard hash <= reach, insert(hash) else { return }
        hashes.append(hash)
        // The table is at most half full; each thinning halves what still gets in.
        if hashes.count >= Self.tableSize / 2 { thin(to: Self.most) }
    }

    private mutating func thin(to count: Int) {
        guard hashes.count > count else { return }
        hashes.sort()
        hashes.removeLast(hashes.count - count)
        reach = hashes[count - 1]
        clear()
        for hash in hashes { _ = insert(hash) }
    }

    private mutating func clear() { for place in table.indices { table[place] = 0 } }

    private mutating func insert(_ hash: UInt32) -> Bool {
        var place = Self.place(of: hash)
        while table[place] != 0 {
            if table[place] == hash { return false }
            place = (place + 1) & (Self.tableSize - 1)
        }
        table[place] = hash
        return true
    }

    private func contains(_ hash: UInt32) -> Bool {
        var place = Self.place(of: hash)
        while table[place] != 0 {
            if table[place] == hash { return true }
            place = (place + 1) & (Self.tableSize - 1)
        }
        return false
    }

    private static func place(of hash: UInt32) -> Int { Int(hash >> 5) & (tableSize - 1) }

    private mutating func findMinima() {
        minima = SIMD16(repeating: .max)
        for hash in hashes {
            // The bits from the middle: the lowest hashes of a long text have nothing but zeros at the top.
            let part = Int(hash & 15)
            if hash < minima[part] { minima[part] = hash }
        }
        guard !hashes.isEmpty else { return }
        for part in (0..<32).reversed() where minima[part & 15] == .max {
            minima[part & 15] = minima[(part + 1) & 15]
        }
    }

    /// The Jaccard similarity of the pairs of both texts, by those that both samples would have.
    ///
    /// - Parameters:
    ///   - others: The hashes of the other text, each once.
    ///   - othersReach: ``reach`` of the other text.
    func similarity(to others: UnsafeBufferPointer<UInt32>, reach othersReach: UInt32) -> Double {
        let limit = min(reach, othersReach)
        var (common, theirs) = (0, 0)
        for other in others where other <= limit {
            theirs += 1
            if contains(other) { common += 1 }
        }
        let mine = reach <= limit ? hashes.count : hashes.count { $0 <= limit }
        return Double(common) / Double(max(1, mine + theirs - common))
    }
}
