/// Co-engagement of items: Σ over members of min(g_i, g_j), and Σ g_i (min/max collaborative filtering).
///
/// Every term is of degree 1 in g and similarity of degree 0, so between events nothing changes and no clock recomputes.
struct ItemPairs: Sendable {
    private(set) var masses = CellMap<DecayedSum>()
    /// Rows by the smaller item, each by the larger.
    private var rowNumbers = CellMap<UInt32>()
    private var rows: ContiguousArray<CellMap<DecayedSum>> = []
    /// What was seen when approaching: kept, so that looking is not optimised away.
    private var approached: UInt32 = 0

    init() {}

    /// Every pair with common members, the smaller item first.
    var pairs: some Sequence<(low: UInt32, high: UInt32, sum: DecayedSum)> {
        rowNumbers.entries.lazy.flatMap { row in
            rows[Int(row.value)].entries.lazy.map { (row.key, $0.key, $0.value) }
        }
    }

    mutating func insert(_ edge: ItemEdge, into edges: ContiguousArray<ItemEdge>) {
        masses[edge.item, default: DecayedSum()].add(edge.mantissa, at: edge.phase)
        for other in edges {
            let least = other.isBelow(edge) ? other : edge
            update(edge.item, other.item) { $0.add(least.mantissa, at: least.phase) }
        }
    }

    mutating func remove(_ edge: ItemEdge, from edges: ContiguousArray<ItemEdge>) {
        if let position = masses.position(of: edge.item) {
            masses.update(at: position) { $0.remove(edge.mantissa, at: edge.phase) }
            if masses.entries[position].value.isEmpty { masses.remove(edge.item) }
        }
        for other in edges where other.item != edge.item {
            let least = other.isBelow(edge) ? other : edge
            update(edge.item, other.item) { $0.remove(least.mantissa, at: least.phase) }
        }
    }

    mutating func raise(_ old: ItemEdge, to new: ItemEdge, among edges: ContiguousArray<ItemEdge>) {
        masses.change(old.item, DecayedSum()) {
            $0.adjust(by: -old.mantissa, at: old.phase)
            $0.adjust(by: new.mantissa, at: new.phase)
            return false
        }
        for other in edges {
            // Strongest first: those from here on were the weaker of their pair with the item, and still are.
            guard !other.isBelow(old) else { break }
            guard other.item != old.item else { continue }
            let after = other.isBelow(new) ? other : new
            update(old.item, other.item) {
                $0.adjust(by: -old.mantissa, at: old.phase)
                $0.adjust(by: after.mantissa, at: after.phase)
            }
        }
    }

    private mutating func update(_ a: UInt32, _ b: UInt32, _ body: (inout DecayedSum) -> Void) {
        let (low, high) = a < b ? (a, b) : (b, a)
        let row: Int
        if let known = rowNumbers[low] {
            row = Int(known)
        } else {
            row = rows.count
            rowNumbers.insert(low, UInt32(row))
            rows.append(CellMap())
        }
        rows[row].change(high, DecayedSum()) {
            body(&$0)
            return $0.isEmpty
        }
    }

    /// The pairs of `item` with larger items, by these.
    func row(_ item: UInt32) -> CellMap<DecayedSum> { rowNumbers[item].map { rows[Int($0)] } ?? CellMap() }

    func pair(_ a: UInt32, _ b: UInt32) -> DecayedSum? {
        let (low, high) = a < b ? (a, b) : (b, a)
        return rowNumbers[low].flatMap { rows[Int($0)][high] }
    }

    /// Has the pairs of `item` with `edges` come nearer; see ``CellMap/approach(_:)``.
    mutating func approach(_ item: UInt32, _ edges: ContiguousArray<ItemEdge>) {
        var near = approached
        edges.withUnsafeBufferPointer { edges in
            for index in 0..<edges.count {
                let other = edges[index].item
                if let row = rowNumbers[min(item, other)] { near ^= rows[Int(row)].approach(max(item, other)) }
            }
        }
        approached = near
    }

    /// How alike two items are, over those who have either; `nil` below `atLeast` common members.
    func similarity(_ a: UInt32, _ b: UInt32, atLeast: UInt32) -> Double? {
        guard let pair = pair(a, b), pair.count >= atLeast, let mass = masses[a], let other = masses[b] else {
            return nil
        }
        let reference = Phase(factor: 1, exponent: max(pair.landmark, mass.landmark, other.landmark))
        let product = mass.value(at: reference) * other.value(at: reference)
        return pair.value(at: reference) / max(product, .leastNormalMagnitude).squareRoot()
    }
}

extension ItemEdge {
    var phase: Phase { Phase(factor: 1, exponent: exponent) }
}

extension ItemPairs: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(masses)
        writer.encode(rowNumbers)
        writer.write(rows) { $0.encode($1) }
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        masses = try reader.value()
        rowNumbers = try reader.value()
        rows = try reader.list { reader throws(SnapshotError) in try reader.value() }
        let count = rows.count
        guard rowNumbers.entries.allSatisfy({ $0.value < count }) else { throw .damaged }
    }
}
