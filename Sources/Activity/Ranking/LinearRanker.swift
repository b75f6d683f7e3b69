#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Candidates and their features, one row each.
struct FeatureMatrix: Sendable {
    let width: Int
    private(set) var candidates: ContiguousArray<UInt32> = []
    private(set) var values: ContiguousArray<Double> = []

    init(width: Int) { self.width = width }

    /// One row a candidate, all zero when `fill` is called to fill it.
    init<Feature: RawRepresentable<Int> & CaseIterable>(
        _ candidates: [UInt32], of feature: Feature.Type,
        _ fill: (_ candidate: UInt32, _ rank: Int, _ row: FeatureRow<Feature>) -> Void
    ) {
        let width = Feature.allCases.count
        self.width = width
        self.candidates = ContiguousArray(candidates)
        values = ContiguousArray(repeating: 0, count: candidates.count * width)
        values.withUnsafeMutableBufferPointer { values in
            for (rank, candidate) in candidates.enumerated() {
                let row = UnsafeMutableBufferPointer(rebasing: values[rank * width..<(rank + 1) * width])
                fill(candidate, rank, FeatureRow(row))
            }
        }
    }

    mutating func reserve(_ rows: Int) {
        candidates.reserveCapacity(rows)
        values.reserveCapacity(rows * width)
    }

    mutating func append(_ candidate: UInt32, _ features: some Collection<Double>) {
        candidates.append(candidate)
        values.append(contentsOf: features)
    }

    var count: Int { candidates.count }
    func row(_ index: Int) -> ContiguousArray<Double>.SubSequence { values[index * width..<(index + 1) * width] }

    func without(_ excluded: Set<UInt32>) -> FeatureMatrix { filtered { !excluded.contains($0) } }
    func only(_ included: Set<UInt32>) -> FeatureMatrix { filtered { included.contains($0) } }

    private func filtered(_ isKept: (UInt32) -> Bool) -> FeatureMatrix {
        var rest = FeatureMatrix(width: width)
        rest.reserve(count)
        for index in 0..<count where isKept(candidates[index]) {
            rest.append(candidates[index], row(index))
        }
        return rest
    }
}

/// The features of one candidate while they are worked out: they lie in the matrix already.
struct FeatureRow<Feature: RawRepresentable<Int>> {
    private let values: UnsafeMutableBufferPointer<Double>

    fileprivate init(_ values: UnsafeMutableBufferPointer<Double>) { self.values = values }

    subscript(feature: Feature) -> Double {
        get { values[feature.rawValue] }
        nonmutating set { values[feature.rawValue] = newValue }
    }
}

/// A linear ranker that learns online: softmax over the candidates shown, AdaGrad steps (Duchi, Hazan, Singer, 2011).
public struct LinearRanker: Sendable, Equatable {
    /// The step size of AdaGrad.
    static let rate = 0.3

    public internal(set) var weights: ContiguousArray<Double>
    var squares: ContiguousArray<Double>

    init(start: [Double]) {
        weights = ContiguousArray(start)
        squares = ContiguousArray(repeating: 0.01, count: start.count)
    }

    func scores(_ matrix: FeatureMatrix) -> ContiguousArray<Double> {
        var scores = ContiguousArray(repeating: 0.0, count: matrix.count)
        let width = matrix.width
        matrix.values.withUnsafeBufferPointer { values in
            weights.withUnsafeBufferPointer { weights in
                for row in 0..<scores.count {
                    var score = 0.0
                    for column in 0..<width { score += weights[column] * values[row * width + column] }
                    scores[row] = score
                }
            }
        }
        return scores
    }

    /// Moves towards ranking the rows `chosen` before all others.
    mutating func learn(_ matrix: FeatureMatrix, chosen: [Int], importance: Double = 1) {
        guard !chosen.isEmpty, matrix.count > chosen.count else { return }
        let scores = scores(matrix)
        let top = scores.max() ?? 0
        var total = 0.0
        var gradient = ContiguousArray(repeating: 0.0, count: matrix.width)
        for row in scores.indices {
            let share = exp(scores[row] - top)
            // Candidates that no one would be shown do not move the weights; leaving them out halves the time.
            guard share > 1e-6 else { continue }
            total += share
            for column in 0..<matrix.width { gradient[column] += share * matrix.values[row * matrix.width + column] }
        }
        for column in 0..<matrix.width {
            var wanted = 0.0
            for row in chosen { wanted += matrix.values[row * matrix.width + column] }
            step(column, importance * (gradient[column] / total - wanted / Double(chosen.count)))
        }
    }

    private mutating func step(_ column: Int, _ gradient: Double) {
        guard gradient.isFinite else { return }
        squares[column] += gradient * gradient
        weights[column] -= Self.rate * gradient / squares[column].squareRoot()
    }
}
