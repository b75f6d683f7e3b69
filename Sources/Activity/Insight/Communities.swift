import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Groups of members who mostly talk among themselves, found in the affinities as they are now.
public struct Communities: Sendable {
    public struct Community: Sendable, Equatable {
        /// Strongest first, by the affinity they receive inside.
        public let leaders: [MemberID]
        public let size: Int
    }

    public let communities: [Community]
    /// Members whose partners are spread most over communities.
    public let bridges: [MemberID]
    /// Newman's modularity, −0.5...1.
    public let modularity: Double

    /// Local moving of the Louvain method (Blondel and others, 2008), in the order of members until nothing moves.
    ///
    /// - Complexity: O(bonds) a pass, at most `passes` passes. Meant for a copy of the engine off the event path.
    public init(_ engine: Engine, at now: UnixMilliseconds, passes: Int = 16) {
        let graph = BondGraph(engine, Instant(now))
        var labels = Array(graph.bonds.indices)
        var totals = graph.strengths
        for _ in 0..<passes where graph.total > 0 {
            var moved = false
            for node in graph.bonds.indices {
                let best = Self.bestLabel(for: node, graph, labels, totals)
                guard best != labels[node] else { continue }
                totals[labels[node]] -= graph.strengths[node]
                totals[best] += graph.strengths[node]
                labels[node] = best
                moved = true
            }
            if !moved { break }
        }
        communities = Self.collect(engine, graph, labels)
        bridges = Self.bridges(engine, graph, labels)
        modularity = Self.modularity(graph, labels, totals)
    }

    private static func bestLabel(for node: Int, _ graph: BondGraph, _ labels: [Int], _ totals: [Double]) -> Int {
        var weights: [Int: Double] = [:]
        for bond in graph.bonds[node] { weights[labels[bond.to], default: 0] += bond.weight }
        let own = graph.strengths[node]
        func gain(_ label: Int) -> Double {
            let rest = label == labels[node] ? totals[label] - own : totals[label]
            return (weights[label] ?? 0) - own * rest / (2 * graph.total)
        }
        var best = labels[node]
        var bestGain = gain(best)
        for label in weights.keys.sorted() where gain(label) > bestGain + 1e-12 {
            best = label
            bestGain = gain(label)
        }
        return best
    }

    private static func collect(_ engine: Engine, _ graph: BondGraph, _ labels: [Int]) -> [Community] {
        var groups: [Int: [Int]] = [:]
        for node in labels.indices { groups[labels[node], default: []].append(node) }
        let communities = groups.values.filter { $0.count >= 3 }.map { nodes in
            var received: [(node: Int, strength: Double)] = []
            for node in nodes {
                let inside = graph.bonds[node].reduce(0) { labels[$1.to] == labels[node] ? $0 + $1.weight : $0 }
                received.append((node, inside))
            }
            received.sort { $0.strength != $1.strength ? $0.strength > $1.strength : $0.node < $1.node }
            return Community(leaders: received.prefix(5).map { graph.member($0.node, engine) }, size: nodes.count)
        }
        return communities.sorted {
            ($0.size, $1.leaders.first ?? MemberID(0)) > ($1.size, $0.leaders.first ?? MemberID(0))
        }
    }

    private static func bridges(_ engine: Engine, _ graph: BondGraph, _ labels: [Int]) -> [MemberID] {
        var spread: [(node: Int, entropy: Double)] = []
        for node in graph.bonds.indices where graph.bonds[node].count >= 4 {
            var weights: [Int: Double] = [:]
            for bond in graph.bonds[node] { weights[labels[bond.to], default: 0] += bond.weight }
            let total = graph.strengths[node]
            let entropy = weights.keys.sorted().reduce(0.0) { sum, label in
                let share = (weights[label] ?? 0) / total
                return share > 0 ? sum - share * log2(share) : sum
            }
            if entropy > 1 { spread.append((node, entropy)) }
        }
        spread.sort { $0.entropy != $1.entropy ? $0.entropy > $1.entropy : $0.node < $1.node }
        return spread.prefix(5).map { graph.member($0.node, engine) }
    }

    private static func modularity(_ graph: BondGraph, _ labels: [Int], _ totals: [Double]) -> Double {
        guard graph.total > 0 else { return 0 }
        var inside = 0.0
        for node in graph.bonds.indices {
            for bond in graph.bonds[node] where labels[bond.to] == labels[node] { inside += bond.weight }
        }
        let expected = totals.reduce(0) { $0 + $1 * $1 }
        return inside / (2 * graph.total) - expected / (4 * graph.total * graph.total)
    }
}

/// Affinities as an undirected graph over members who have any.
struct BondGraph {
    private(set) var bonds: [[(to: Int, weight: Double)]] = []
    private(set) var strengths: [Double] = []
    /// Sum of all bonds, each counted once.
    private(set) var total = 0.0
    private var numbers: [UInt32] = []

    init(_ engine: Engine, _ now: Instant) {
        var nodes: [UInt32: Int] = [:]
        for profile in engine.profiles.indices {
            nodes[engine.profiles[profile].member] = numbers.count
            numbers.append(engine.profiles[profile].member)
        }
        var weights = [[Int: Double]](repeating: [:], count: numbers.count)
        for node in numbers.indices {
            let profile = engine.profiles[engine.members[numbers[node]].profile]
            for partner in profile.partners.entries {
                let weight = partner.value.affinity.value(at: now.quarter)
                guard let other = nodes[partner.key], other != node, weight > 1e-6 else { continue }
                weights[node][other, default: 0] += weight
                weights[other][node, default: 0] += weight
            }
        }
        bonds = weights.map { row in row.keys.sorted().map { ($0, row[$0] ?? 0) } }
        strengths = bonds.map { $0.reduce(0) { $0 + $1.weight } }
        total = strengths.reduce(0, +) / 2
    }

    func member(_ node: Int, _ engine: Engine) -> MemberID { engine.member(numbers[node]) }
}
