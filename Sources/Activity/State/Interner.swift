/// Numbers identities densely, in the order in which they are first seen.
///
/// The keys are spread over many small tables that grow one at a time: with one big table, its growth stops the tracker
/// for as long as a million entries take to move.
struct Interner: Sendable {
    private struct Shard: Sendable {
        var slots: ContiguousArray<Slot> = []
        var count: UInt32 = 0
        /// Beside the slots and not asked of them: a search then waits for its slot alone.
        var mask: UInt32 = 0
    }

    /// Key and number side by side, in twelve bytes: one miss of the cache and not two.
    private struct Slot: Sendable {
        private var low: UInt32 = 0
        private var high: UInt32 = 0
        let number: UInt32

        init() { number = Interner.empty }

        init(key: UInt64, number: UInt32) {
            low = UInt32(truncatingIfNeeded: key)
            high = UInt32(truncatingIfNeeded: key >> 32)
            self.number = number
        }

        var key: UInt64 { UInt64(high) << 32 | UInt64(low) }
    }

    private static let empty = UInt32.max
    let shardBits: Int
    private var shards: ContiguousArray<Shard>
    /// The keys by number, where they are asked for: a second copy of them is memory.
    private(set) var keys: PagedArray<UInt64>?
    private(set) var count = 0

    /// - Parameters:
    ///   - shardBits: log₂ of the number of tables; about one for every few hundred identities expected.
    ///   - remembersKeys: Whether ``keys`` is kept.
    init(shardBits: Int, remembersKeys: Bool = false) {
        self.shardBits = shardBits
        shards = ContiguousArray(repeating: Shard(), count: 1 << shardBits)
        if remembersKeys { keys = PagedArray() }
    }

    func key(_ number: UInt32) -> UInt64 {
        guard let keys else { preconditionFailure("Keys that are asked for are remembered.") }
        return keys[number]
    }

    /// The number of `key`, if it has been seen.
    func find(_ key: UInt64) -> UInt32? {
        let hash = Self.hash(key)
        return Self.find(key, hash, in: shards[shard(of: hash)])
    }

    /// The number of `key`, which is the next free one if it is new.
    @inline(__always) mutating func intern(_ key: UInt64) -> (number: UInt32, isNew: Bool) {
        let hash = Self.hash(key)
        let shard = shard(of: hash)
        if let number = Self.find(key, hash, in: shards[shard]) { return (number, false) }
        return (add(key, hash, to: shard), true)
    }

    private mutating func add(_ key: UInt64, _ hash: UInt64, to shard: Int) -> UInt32 {
        let number = UInt32(count)
        count += 1
        keys?.append(key)
        Self.insert(key, hash, number, in: &shards[shard])
        return number
    }

    /// Has the place where `key` is looked for come nearer. A caller with many keys asks for them all first, so that the
    /// processor waits for memory once and not for each.
    @inline(__always) func approach(_ key: UInt64) -> UInt32 {
        let hash = Self.hash(key)
        let shard = shard(of: hash)
        guard shards[shard].mask > 0 else { return 0 }
        let mask = Int(shards[shard].mask)
        return shards[shard].slots.withUnsafeBufferPointer { $0[Int(truncatingIfNeeded: hash) & mask].number }
    }

    @inline(__always) private func shard(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 40) & ((1 << shardBits) - 1)
    }

    @inline(__always) private static func find(_ key: UInt64, _ hash: UInt64, in shard: borrowing Shard) -> UInt32? {
        guard shard.mask > 0 else { return nil }
        let mask = Int(shard.mask)
        return shard.slots.withUnsafeBufferPointer { slots in
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot].number != empty {
                if slots[slot].key == key { return slots[slot].number }
                slot = (slot + 1) & mask
            }
            return nil
        }
    }

    private static func insert(_ key: UInt64, _ hash: UInt64, _ number: UInt32, in shard: inout Shard) {
        if (Int(shard.count) + 1) * 5 > shard.slots.count * 4 { grow(&shard) }
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
        shard.mask = UInt32(slots.count - 1)
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

extension Interner: ByteCodable {
    func write(to writer: inout ByteWriter) {
        var ordered = ContiguousArray<UInt64>(repeating: 0, count: count)
        for shard in shards {
            for slot in shard.slots where slot.number != Self.empty { ordered[Int(slot.number)] = slot.key }
        }
        writer.write(UInt8(shardBits))
        writer.write(keys != nil)
        writer.write(ordered) { $0.write($1) }
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        let bits = Int(try reader.integer(UInt8.self))
        guard bits <= 16 else { throw .damaged }
        self.init(shardBits: bits, remembersKeys: try reader.flag())
        for _ in 0..<(try reader.count()) {
            guard intern(try reader.integer()).isNew else { throw .damaged }
        }
    }
}
