/// Co-engagement of items: Σ over members of min(g_i, g_j), and Σ g_i (min/max collaborative filtering).
///
/// Every term is of degree 1 in g and similarity of degree 0, so between events nothing changes and no clock recomputes.
struct ItemPairs: Sendable {
    private(set) var masses = CellMap<DecayedSum>()
    /// By the smaller item, then the larger.
    private(set) var cells = CellMap<CellMap<DecayedSum>>()

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
        masses[old.item, default: DecayedSum()].adjust(by: -old.mantissa, at: old.phase)
        masses[old.item, default: DecayedSum()].adjust(by: new.mantissa, at: new.phase)
        for other in edges where other.item != old.item {
            let before = other.isBelow(old) ? other : old
            let after = other.isBelow(new) ? other : new
            guard before != after else { continue }
            update(old.item, other.item) {
                $0.adjust(by: -before.mantissa, at: before.phase)
                $0.adjust(by: after.mantissa, at: after.phase)
            }
        }
    }

    private mutating func update(_ a: UInt32, _ b: UInt32, _ body: (inout DecayedSum) -> Void) {
        let (low, high) = a < b ? (a, b) : (b, a)
        let row = cells.position(of: low) ?? cells.insert(low, CellMap())
        var isEmptyRow = false
        cells.update(at: row) {
            let position = $0.position(of: high) ?? $0.insert(high, DecayedSum())
            $0.update(at: position, body)
            if $0.entries[position].value.isEmpty { $0.remove(high) }
            isEmptyRow = $0.isEmpty
        }
        if isEmptyRow { cells.remove(low) }
    }

    func pair(_ a: UInt32, _ b: UInt32) -> DecayedSum? {
        let (low, high) = a < b ? (a, b) : (b, a)
        return cells.position(of: low).flatMap { cells.entries[$0].value[high] }
    }

    func members(of item: UInt32) -> UInt32 { masses[item]?.count ?? 0 }

    /// How alike two items are, over those who have either; `nil` below `atLeast` common members.
    ///
    /// - Parameter byTarget: Whether a popular target is divided down; for rooms it is better not to be.
    func similarity(of target: UInt32, to source: UInt32, byTarget: Bool, atLeast: UInt32) -> Double? {
        guard let pair = pair(target, source), pair.count >= atLeast, let mass = masses[source],
            let targetMass = masses[target]
        else { return nil }
        let exponent = max(pair.landmark, mass.landmark, targetMass.landmark)
        let reference = Phase(factor: 1, exponent: exponent)
        let own = max(mass.value(at: reference), .leastNormalMagnitude)
        guard byTarget else { return pair.value(at: reference) / own.squareRoot() }
        let other = max(targetMass.value(at: reference), .leastNormalMagnitude)
        return pair.value(at: reference) / (own * other).squareRoot()
    }
}

extension ItemEdge {
    var phase: Phase { Phase(factor: 1, exponent: exponent) }
}

extension ItemPairs: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(masses)
        writer.encode(cells)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(masses: try reader.value(), cells: try reader.value())
    }
}
