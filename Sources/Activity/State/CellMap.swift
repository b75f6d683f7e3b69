/// A small map from interned numbers to cells, in one allocation while it is small.
///
/// Entries keep the order of insertion (a removal moves the last one into the hole), so that encoding them as they lie
/// and reading them back gives the same bytes and the same order of iteration. Every map grows alone: there is no table
/// that stops the world to grow.
struct CellMap<Value: Sendable>: Sendable {
    struct Entry: Sendable {
        let key: UInt32
        var value: Value
    }

    private(set) var entries: ContiguousArray<Entry> = []
    /// Positions in `entries` plus one, open addressing; empty while a scan is faster.
    private var slots: ContiguousArray<UInt32> = []

    private static var scanLimit: Int { 12 }

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    /// The position of `key` in ``entries``.
    @inline(__always) func position(of key: UInt32) -> Int? {
        if slots.isEmpty {
            return entries.withUnsafeBufferPointer { entries in
                for position in 0..<entries.count where entries[position].key == key { return position }
                return nil
            }
        }
        let mask = slots.count - 1
        var slot = Self.home(key, mask)
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if entries[position].key == key { return position }
            slot = (slot + 1) & mask
        }
        return nil
    }

    subscript(key: UInt32) -> Value? {
        @inline(__always) get { position(of: key).map { entries[$0].value } }
    }

    func contains(_ key: UInt32) -> Bool { position(of: key) != nil }

    /// The cell of `key`, made with `initial` if there is none.
    subscript(key: UInt32, default initial: @autoclosure () -> Value) -> Value {
        @inline(__always) get { self[key] ?? initial() }
        @inline(__always) _modify {
            let position = position(of: key) ?? insert(key, initial())
            yield &entries[position].value
        }
    }

    mutating func update(at position: Int, _ body: (inout Value) -> Void) { body(&entries[position].value) }

    @discardableResult
    mutating func insert(_ key: UInt32, _ value: Value) -> Int {
        let position = entries.count
        // By half and not by doubling: most of the memory of a community is in these.
        if position == entries.capacity { entries.reserveCapacity(position + max(1, position / 2)) }
        entries.append(Entry(key: key, value: value))
        if !slots.isEmpty, entries.count * 4 < slots.count * 3 {
            place(key, position)
        } else if entries.count > Self.scanLimit {
            reindex()
        }
        return position
    }

    mutating func remove(_ key: UInt32) {
        guard let position = position(of: key) else { return }
        entries.swapAt(position, entries.count - 1)
        entries.removeLast()
        if !slots.isEmpty { reindex() }
    }

    mutating func removeAll() {
        entries = []
        slots = []
    }

    private mutating func reindex() {
        guard entries.count > Self.scanLimit else {
            slots = []
            return
        }
        var size = 32
        while size < entries.count * 2 { size *= 2 }
        slots = ContiguousArray(repeating: 0, count: size)
        for position in entries.indices { place(entries[position].key, position) }
    }

    private mutating func place(_ key: UInt32, _ position: Int) {
        let mask = slots.count - 1
        var slot = Self.home(key, mask)
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(position + 1)
    }

    private static func home(_ key: UInt32, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 7) & mask
    }
}
