import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The last place of a full list goes to what the ranker would not have shown, from the source that pays best so far.
enum Exploration {
    enum Source: String, Sendable, CaseIterable, Codable { case ranked, unanswered, newcomer }

    static let slot = 10
    static let draws = 64
}

struct SourceCounter: Sendable, Equatable {
    var wanted = 0
    var unwanted = 0

    mutating func record(isWanted: Bool) { if isWanted { wanted += 1 } else { unwanted += 1 } }

    /// One draw from Beta(wanted + 1, unwanted + 1), whose parameters are whole: an order statistic of uniforms would do,
    /// but the ratio of two gammas (Marsaglia, Tsang, 2000) costs the same for any count.
    func draw(_ random: inout some RandomNumberGenerator) -> Double {
        let a = gammaDraw(Double(wanted + 1), &random)
        let b = gammaDraw(Double(unwanted + 1), &random)
        return a / (a + b)
    }
}

/// A draw from the gamma distribution of `shape` ≥ 1 (Marsaglia, Tsang, "A simple method", 2000).
func gammaDraw(_ shape: Double, _ random: inout some RandomNumberGenerator) -> Double {
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
        let u1 = Double.random(in: .leastNonzeroMagnitude..<1, using: &random)
        let u2 = Double.random(in: 0..<1, using: &random)
        let normal = (-2 * log(u1)).squareRoot() * cos(2 * .pi * u2)
        let v = 1 + c * normal
        guard v > 0 else { continue }
        let cube = v * v * v
        let u = Double.random(in: .leastNonzeroMagnitude..<1, using: &random)
        if log(u) < 0.5 * normal * normal + d - d * cube + d * log(cube) { return d * cube }
    }
}

extension Experiments {
    /// Puts an explored item into the last place of a full list.
    ///
    /// - Returns: For each place the probability that its item stood there.
    func explore(
        _ chosen: inout [Recommender.Ranked], _ ranked: [Recommender.Ranked], _ request: RecommendationRequest,
        _ random: inout some RandomNumberGenerator
    ) -> [Double] {
        var propensities = [Double](repeating: 1, count: chosen.count)
        guard request.limit >= Exploration.slot, chosen.count == request.limit else { return propensities }
        let shown = Set(chosen.map(\.subject))
        let rest = ranked.prefix(100).filter { !shown.contains($0.subject) }
        let available = Exploration.Source.allCases.filter { source in rest.contains { $0.source == source } }
        guard !available.isEmpty else { return propensities }
        var wins = [Int](repeating: 0, count: available.count)
        var winner = 0
        for _ in 0..<Exploration.draws {
            let values = available.map { (sources[$0] ?? SourceCounter()).draw(&random) }
            winner = values.indices.max { values[$0] < values[$1] } ?? 0
            wins[winner] += 1
        }
        let pool = rest.filter { $0.source == available[winner] }
        guard let item = pool.randomElement(using: &random) else { return propensities }
        chosen[chosen.count - 1] = item
        let share = Double(wins[winner] + 1) / Double(Exploration.draws + available.count)
        propensities[chosen.count - 1] = share / Double(pool.count)
        return propensities
    }
}

/// Team-draft interleaving (Radlinski, Kurup, Joachims, 2008).
enum Interleaving {
    /// Drafts a list of up to `limit` from two rankings; each item carries the name of the arm that drafted it.
    static func draft(
        _ first: [Recommender.Ranked], _ second: [Recommender.Ranked], limit: Int,
        _ random: inout some RandomNumberGenerator
    ) -> [Recommender.Ranked] {
        var teams = [first[...], second[...]]
        var picks = [0, 0]
        var taken: Set<Subject> = []
        var list: [Recommender.Ranked] = []
        while list.count < limit {
            let turn = picks[0] != picks[1] ? (picks[0] < picks[1] ? 0 : 1) : Int.random(in: 0...1, using: &random)
            guard let item = next(&teams[turn], taken) ?? next(&teams[1 - turn], taken) else { break }
            picks[turn] += 1
            taken.insert(item.subject)
            list.append(item)
        }
        return list
    }

    private static func next(_ team: inout ArraySlice<Recommender.Ranked>, _ taken: Set<Subject>) -> Recommender.Ranked?
    {
        while let item = team.popFirst() { if !taken.contains(item.subject) { return item } }
        return nil
    }
}
