/// A growing array whose elements never move: growth allocates one more page and copies nothing.
struct PagedArray<Element: Sendable>: Sendable {
    private static var shift: Int { 9 }
    private static var mask: Int { (1 << shift) - 1 }

    private var pages: ContiguousArray<ContiguousArray<Element>> = []
    private(set) var count = 0

    subscript(position: UInt32) -> Element {
        @inline(__always) _read { yield pages[Int(position) >> Self.shift][Int(position) & Self.mask] }
        @inline(__always) _modify { yield &pages[Int(position) >> Self.shift][Int(position) & Self.mask] }
    }

    var indices: Range<UInt32> { 0..<UInt32(count) }

    @discardableResult
    mutating func append(_ element: Element) -> UInt32 {
        if count & Self.mask == 0 {
            var page = ContiguousArray<Element>()
            // A small engine (one private room) should not pay for a whole page.
            if count > 0 { page.reserveCapacity(1 << Self.shift) }
            pages.append(page)
        }
        pages[pages.count - 1].append(element)
        count += 1
        return UInt32(count - 1)
    }
}

/// Numbers identities densely, in the order in which they are first seen.
///
/// The keys are spread over many small tables that grow one at a time: with one big table, its growth stops the tracker
/// for as long as a million entries take to move.
struct Interner: Sendable {
    private struct Shard: Sendable {
        var slots: ContiguousArray<Slot> = []
        var count = 0
    }

    /// Key and number side by side: one miss of the cache and not two.
    private struct Slot: Sendable {
        var key: UInt64 = 0
        var number = Interner.empty
    }

    private static let empty = UInt32.max
    let shardBits: Int
    private var shards: ContiguousArray<Shard>
    private(set) var keys = PagedArray<UInt64>()

    /// - Parameter shardBits: log₂ of the number of tables; about one for every few hundred identities expected.
    init(shardBits: Int) {
        self.shardBits = shardBits
        shards = ContiguousArray(repeating: Shard(), count: 1 << shardBits)
    }

    var count: Int { keys.count }

    /// The number of `key`, if it has been seen.
    func find(_ key: UInt64) -> UInt32? {
        let hash = Self.hash(key)
        return Self.find(key, hash, in: shards[Int(truncatingIfNeeded: hash >> 40) & (shards.count - 1)])
    }

    /// The number of `key`, which is the next free one if it is new.
    mutating func intern(_ key: UInt64) -> (number: UInt32, isNew: Bool) {
        let hash = Self.hash(key)
        let shard = Int(truncatingIfNeeded: hash >> 40) & (shards.count - 1)
        if let number = Self.find(key, hash, in: shards[shard]) { return (number, false) }
        let number = keys.append(key)
        Self.insert(key, hash, number, in: &shards[shard])
        return (number, true)
    }

    @inline(__always) private static func find(_ key: UInt64, _ hash: UInt64, in shard: borrowing Shard) -> UInt32? {
        shard.slots.withUnsafeBufferPointer { slots in
            guard !slots.isEmpty else { return nil }
            let mask = slots.count - 1
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot].number != empty {
                if slots[slot].key == key { return slots[slot].number }
                slot = (slot + 1) & mask
            }
            return nil
        }
    }

    private static func insert(_ key: UInt64, _ hash: UInt64, _ number: UInt32, in shard: inout Shard) {
        if (shard.count + 1) * 4 > shard.slots.count * 3 { grow(&shard) }
        place(key, hash, number, in: &shard.slots)
        shard.count += 1
    }

    private static func place(_ key: UInt64, _ hash: UInt64, _ number: UInt32, in slots: inout ContiguousArray<Slot>) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot].number != empty { slot = (slot + 1) & mask }
        slots[slot] = Slot(key: key, number: number)
    }

    private static func grow(_ shard: inout Shard) {
        var slots = ContiguousArray(repeating: Slot(), count: max(8, shard.slots.count * 2))
        for slot in shard.slots where slot.number != empty { place(slot.key, hash(slot.key), slot.number, in: &slots) }
        shard.slots = slots
    }

    /// Finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
    @inline(__always) static func hash(_ key: UInt64) -> UInt64 {
        var z = key &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
