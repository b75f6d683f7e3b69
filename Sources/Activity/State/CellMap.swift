/// A small map from interned numbers to cells, in one allocation.
///
/// Entries keep the order of insertion (a removal moves the last one into the hole), so that encoding them as they lie
/// and reading them back gives the same bytes and the same order of iteration. Every map grows alone: there is no table
/// that stops the world to grow. A community's memory is mostly in these maps and its time mostly in waiting for them,
/// so the cells, the keys and the index over the keys lie in one block without padding between them.
///
/// `@unchecked Sendable`: the block is a value's own. Whoever changes it makes it unique first, as an array does.
struct CellMap<Value: BitwiseCopyable & Sendable>: @unchecked Sendable {
    struct Entry: Sendable {
        let key: UInt32
        let value: Value
    }

    private var block: CellBlock?

    init() {}

    /// With place for so many entries.
    init(minimumCapacity: Int) {
        if minimumCapacity > 0 {
            block = Parts.copy(nil, .holding(minimumCapacity, stride: MemoryLayout<Value>.stride))
        }
    }

    var count: Int { block?.count ?? 0 }
    var isEmpty: Bool { count == 0 }

    // MARK: Reading

    /// The position of `key` among the entries.
    @inline(__always) func position(of key: UInt32) -> Int? { block.flatMap { Parts($0).position(of: key) } }

    subscript(key: UInt32) -> Value? {
        @inline(__always) get {
            guard let block else { return nil }
            let parts = Parts(block)
            return parts.position(of: key).map { parts.values[$0] }
        }
    }

    func contains(_ key: UInt32) -> Bool { position(of: key) != nil }

    @inline(__always) func value(at position: Int) -> Value {
        guard let block, position < block.count else { preconditionFailure("A position has an entry.") }
        return Parts(block).values[position]
    }

    /// Has the cell of `key` come nearer. A caller with many cells to change asks for them all first, so that the
    /// processor waits for memory once and not for each.
    @inline(__always) func approach(_ key: UInt32) -> UInt32 {
        guard let block else { return 0 }
        let parts = Parts(block)
        guard let position = parts.position(of: key) else { return 0 }
        return UnsafeRawPointer(parts.values + position).load(as: UInt32.self)
    }

    /// Reads every cell in order, or the `last` ones, without counting references for each as ``entries`` does.
    @inline(__always) func forEach(last: Int = .max, _ body: (_ key: UInt32, _ value: Value) -> Void) {
        guard let block else { return }
        withExtendedLifetime(block) {
            let parts = Parts(block)
            for position in (parts.count - min(last, parts.count))..<parts.count {
                body(parts.keys[position], parts.values[position])
            }
        }
    }

    /// Reads the cells of those of `keys` that have one, in no order: every place is looked up before any is needed, so
    /// that the processor waits for memory once and not for each.
    @inline(__always) func forEach(
        of keys: ContiguousArray<UInt32>, _ body: (_ index: Int, _ value: Value) -> Void
    ) {
        guard let block else { return }
        withExtendedLifetime(block) {
            let parts = Parts(block)
            withUnsafeTemporaryAllocation(of: Int.self, capacity: keys.count) { guesses in
                for index in keys.indices { guesses[index] = parts.guess(keys[index]) }
                for index in keys.indices where guesses[index] >= 0 {
                    let isRight = guesses[index] < parts.count && parts.keys[guesses[index]] == keys[index]
                    guard let position = isRight ? guesses[index] : parts.position(of: keys[index]) else { continue }
                    body(index, parts.values[position])
                }
            }
        }
    }

    // MARK: Changing

    /// The cell of `key`, made with `initial` if there is none.
    subscript(key: UInt32, default initial: @autoclosure () -> Value) -> Value {
        @inline(__always) get { self[key] ?? initial() }
        @inline(__always) _modify {
            let position = position(of: key) ?? insert(key, initial())
            yield &unique().values[position]
        }
    }

    @inline(__always) mutating func update(at position: Int, _ body: (inout Value) -> Void) {
        body(&unique().values[position])
    }

    /// Changes the cell of `key`, made with `initial` if there is none; it goes if `body` says that nothing is left.
    @inline(__always) mutating func change(_ key: UInt32, _ initial: Value, _ body: (inout Value) -> Bool) {
        let position = position(of: key) ?? insert(key, initial)
        if body(&unique().values[position]) { remove(key) }
    }

    @discardableResult
    mutating func insert(_ key: UInt32, _ value: Value) -> Int {
        let position = count
        if position == block?.shape.capacity ?? 0 {
            let shape = CellShape.holding(position + 1, stride: MemoryLayout<Value>.stride)
            block = Parts.copy(block, shape)
        }
        let parts = unique()
        parts.values[position] = value
        parts.keys[position] = key
        parts.place(position)
        block?.count += 1
        return position
    }

    mutating func remove(_ key: UInt32) {
        guard let position = position(of: key) else { return }
        let last = count - 1
        let parts = unique()
        parts.unplace(position)
        if position != last {
            parts.unplace(last)
            parts.values[position] = parts.values[last]
            parts.keys[position] = parts.keys[last]
            parts.place(position)
        }
        block?.count -= 1
        if last == 0 { block = nil }
    }

    mutating func removeAll() { block = nil }

    @inline(__always) private mutating func unique() -> Parts {
        if !isKnownUniquelyReferenced(&block) { block = block.map { Parts.copy($0, $0.shape) } }
        guard let block else { preconditionFailure("A map without entries has none to change.") }
        return Parts(block)
    }
}

extension CellMap {
    /// What the map holds, in the order in which it lies.
    struct Entries: RandomAccessCollection, Sendable {
        fileprivate let map: CellMap
        var startIndex: Int { 0 }
        var endIndex: Int { map.count }
        subscript(position: Int) -> Entry {
            @inline(__always) get {
                guard let block = map.block, position < block.count else {
                    preconditionFailure("A position has an entry.")
                }
                let parts = Parts(block)
                return Entry(key: parts.keys[position], value: parts.values[position])
            }
        }
    }

    var entries: Entries { Entries(map: self) }
}

private typealias CellBlock = ManagedBuffer<CellHeader, UInt64>

private struct CellHeader {
    var count: UInt32
    let shape: CellShape
}

extension CellBlock {
    /// Through pointers: the runtime checks each access to a stored property of a class, which costs as much as a search.
    @inline(__always) fileprivate var shape: CellShape { withUnsafeMutablePointerToHeader { $0.pointee.shape } }

    @inline(__always) fileprivate var count: Int {
        get { withUnsafeMutablePointerToHeader { Int($0.pointee.count) } }
        set { withUnsafeMutablePointerToHeader { $0.pointee.count = UInt32(truncatingIfNeeded: newValue) } }
    }
}

/// How a block is divided: cells, keys, and for many keys an open-addressing index of positions plus one.
private struct CellShape {
    /// The capacity, and in the lowest five bits log₂ of the slots, worked out once.
    private let packed: UInt32

    @inline(__always) var capacity: Int { Int(packed >> 5) }
    @inline(__always) var slots: Int { packed & 31 == 0 ? 0 : 1 << Int(packed & 31) }

    /// Positions of a small map fit two bytes: the index is then half as large, and half as far from the cache.
    @inline(__always) var slotSize: Int { capacity < Int(UInt16.max) ? 2 : 4 }

    /// Up to here looking at every key is faster than an index: they are a few cache lines.
    private static let scanLimit = 24
    /// What the runtime and the allocator put before the cells of a block, in bytes.
    private static let overhead = MemoryLayout<CellHeader>.size + 16

    private init(capacity: Int) {
        let bits = capacity > Self.scanLimit ? Int.bitWidth - (capacity + capacity / 3).leadingZeroBitCount : 0
        packed = UInt32(capacity) << 5 | UInt32(bits)
    }

    /// The next shape that holds `count` cells: larger by half while small, by a quarter then, since most of the memory
    /// of a community is in these.
    static func holding(_ count: Int, stride: Int) -> CellShape {
        guard count > scanLimit else {
            let wanted = overhead + max(count, count + (count - 1) / 2) * (stride + 4)
            // The allocator hands out multiples of 16 bytes less its own 8; what it would waste holds cells.
            let usable = (wanted + 8 + 15) / 16 * 16 - 8 - overhead
            return CellShape(capacity: min(scanLimit, usable / (stride + 4)))
        }
        return CellShape(capacity: count + count / 4)
    }

    func bytes(stride: Int) -> Int { capacity * (stride + 4) + slots * slotSize }
}

extension CellMap {
    /// Where in a block what lies. Pointers into a block that the caller holds.
    private struct Parts {
        let values: UnsafeMutablePointer<Value>
        let keys: UnsafeMutablePointer<UInt32>
        let index: UnsafeMutableRawPointer
        let isNarrow: Bool
        let mask: Int
        let count: Int

        @inline(__always) init(_ block: CellBlock) {
            let (header, base) = block.withUnsafeMutablePointers { ($0.pointee, UnsafeMutableRawPointer($1)) }
            let shape = header.shape
            count = Int(header.count)
            mask = shape.slots - 1
            values = base.assumingMemoryBound(to: Value.self)
            let keyBase = base + shape.capacity * MemoryLayout<Value>.stride
            keys = keyBase.assumingMemoryBound(to: UInt32.self)
            index = UnsafeMutableRawPointer(keys + shape.capacity)
            isNarrow = shape.slotSize == 2
        }

        /// The position plus one that a slot holds; 0 if it is free.
        @inline(__always) private func slot(_ slot: Int) -> Int {
            isNarrow
                ? Int(index.load(fromByteOffset: slot * 2, as: UInt16.self))
                : Int(index.load(fromByteOffset: slot * 4, as: UInt32.self))
        }

        @inline(__always) private func set(_ slot: Int, _ position: Int) {
            if isNarrow {
                index.storeBytes(of: UInt16(truncatingIfNeeded: position), toByteOffset: slot * 2, as: UInt16.self)
            } else {
                index.storeBytes(of: UInt32(truncatingIfNeeded: position), toByteOffset: slot * 4, as: UInt32.self)
            }
        }

        private func clearIndex(_ shape: CellShape) {
            index.initializeMemory(as: UInt8.self, repeating: 0, count: shape.slots * shape.slotSize)
        }

        static func copy(_ old: CellBlock?, _ shape: CellShape) -> CellBlock {
            let words = (shape.bytes(stride: MemoryLayout<Value>.stride) + 7) / 8
            let block = CellBlock.create(minimumCapacity: words) { _ in
                CellHeader(count: UInt32(truncatingIfNeeded: old?.count ?? 0), shape: shape)
            }
            let new = Parts(block)
            guard let old else {
                new.clearIndex(shape)
                return block
            }
            let parts = Parts(old)
            new.values.initialize(from: parts.values, count: parts.count)
            new.keys.initialize(from: parts.keys, count: parts.count)
            if new.mask == parts.mask, new.isNarrow == parts.isNarrow {
                new.index.copyMemory(from: parts.index, byteCount: shape.slots * shape.slotSize)
            } else {
                new.clearIndex(shape)
                for position in 0..<parts.count { new.place(position) }
            }
            return block
        }

        @inline(__always) func position(of key: UInt32) -> Int? {
            guard mask > 0 else {
                for position in 0..<count where keys[position] == key { return position }
                return nil
            }
            var next = home(key)
            while true {
                let position = slot(next) - 1
                guard position >= 0 else { return nil }
                if keys[position] == key { return position }
                next = (next + 1) & mask
            }
        }

        /// Where `key` is unless another took its place; negative if it is nowhere.
        @inline(__always) func guess(_ key: UInt32) -> Int { mask > 0 ? slot(home(key)) - 1 : count }

        @inline(__always) func place(_ position: Int) {
            guard mask > 0 else { return }
            var free = home(keys[position])
            while slot(free) != 0 { free = (free + 1) & mask }
            set(free, position + 1)
        }

        /// Takes a position out of the index and closes the gap, so that no search ends early (Knuth, 6.4, algorithm R).
        func unplace(_ position: Int) {
            guard mask > 0 else { return }
            var hole = home(keys[position])
            while slot(hole) != position + 1 { hole = (hole + 1) & mask }
            var next = hole
            while true {
                next = (next + 1) & mask
                let occupant = slot(next)
                guard occupant != 0 else { break }
                let home = home(keys[occupant - 1])
                if (next - home) & mask >= (next - hole) & mask {
                    set(hole, occupant)
                    hole = next
                }
            }
            set(hole, 0)
        }

        @inline(__always) private func home(_ key: UInt32) -> Int {
            Int(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 7) & mask
        }
    }
}
