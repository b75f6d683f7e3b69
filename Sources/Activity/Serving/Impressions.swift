import LyceumProtocol

/// One showing of one item.
struct Impression: Sendable, Equatable {
    let viewer: MemberID
    let surface: Surface
    let subject: Subject
    let at: UnixMilliseconds
    let position: Int
    let features: [Double]
    let propensity: Double
    let arm: String
    let source: Exploration.Source
    /// Whether weights may learn from it.
    let isPublic: Bool
    let isIntroduction: Bool
}

/// The latest showings of each member.
///
/// They are numbered for each member apart: a common counter would tell how much others are shown.
struct ImpressionLog: Sendable {
    static let perMember = 128
    static let members = 20_000
    static let patience: Int64 = 86_400_000

    fileprivate struct Row: Sendable {
        var ring: ContiguousArray<Impression> = []
        var next: UInt64 = 1
    }

    private var rows: [MemberID: Row] = [:]

    mutating func add(_ impression: Impression) -> UInt64 {
        if rows.count >= Self.members, rows[impression.viewer] == nil { prune(at: impression.at) }
        return rows[impression.viewer, default: Row()].add(impression, limit: Self.perMember)
    }

    private mutating func prune(at now: UnixMilliseconds) {
        rows = rows.filter { now - ($0.value.ring.map(\.at).max() ?? .min) < Self.patience }
        if rows.count >= Self.members { rows = [:] }
    }

    func impression(_ number: UInt64, of member: MemberID) -> Impression? { rows[member]?[number] }

    /// What stood in the same list as `number`.
    func list(around number: UInt64, of member: MemberID) -> [Impression] {
        guard let row = rows[member], let own = row[number] else { return [] }
        return row.ring.filter { $0.surface == own.surface && $0.at == own.at }.sorted { $0.position < $1.position }
    }

    mutating func forget(_ member: MemberID) { rows[member] = nil }
}

extension ImpressionLog.Row {
    fileprivate mutating func add(_ impression: Impression, limit: Int) -> UInt64 {
        let slot = Int((next - 1) % UInt64(limit))
        if slot < ring.count { ring[slot] = impression } else { ring.append(impression) }
        next += 1
        return next - 1
    }

    fileprivate subscript(number: UInt64) -> Impression? {
        guard number >= 1, number < next, next - number <= UInt64(ring.count) else { return nil }
        return ring[Int((number - 1) % UInt64(ImpressionLog.perMember))]
    }
}
