#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Normal equations of a linear model, gathered in whole numbers: exact, and independent of order.
public struct NormalEquations: Sendable, Equatable {
    public static let width = 8
    public private(set) var products = [Int64](repeating: 0, count: width * width)
    public private(set) var targets = [Int64](repeating: 0, count: width)
    public private(set) var samples: Int64 = 0

    public init() {}

    public mutating func add(_ features: [Int64], target: Int64) {
        for row in 0..<Self.width {
            for column in 0..<Self.width { products[row * Self.width + column] += features[row] * features[column] }
            targets[row] += features[row] * target
        }
        samples += 1
    }

    /// The coefficients with ridge `rho` (Cholesky), per unit of each feature; `nil` for too few samples.
    public func solve(rho: Double = 1) -> [Double]? {
        let width = Self.width
        guard samples >= Int64(width) else { return nil }
        var lower = [Double](repeating: 0, count: width * width)
        for row in 0..<width {
            for column in 0...row {
                var sum = Double(products[row * width + column]) + (row == column ? rho : 0)
                for inner in 0..<column { sum -= lower[row * width + inner] * lower[column * width + inner] }
                if row == column {
                    guard sum > 0 else { return nil }
                    lower[row * width + row] = sum.squareRoot()
                } else {
                    lower[row * width + column] = sum / lower[column * width + column]
                }
            }
        }
        var solution = targets.map(Double.init)
        for row in 0..<width {
            for inner in 0..<row { solution[row] -= lower[row * width + inner] * solution[inner] }
            solution[row] /= lower[row * width + row]
        }
        for row in (0..<width).reversed() {
            for inner in row + 1..<width { solution[row] -= lower[inner * width + row] * solution[inner] }
            solution[row] /= lower[row * width + row]
        }
        return solution
    }
}

extension WeekRow {
    /// Whole-number stand-in for ln(1 + n), in sixteenths.
    static func damped(_ count: Int) -> Int64 { Int64((16 * log(1 + Double(count))).rounded()) }

    static let engagementNames = [
        "constant", "posts", "received", "reactions received", "answers given", "reads", "given", "accepted",
    ]
    var engagement: [Int64] {
        [
            16, Self.damped(self[.posts]), Self.damped(self[.received]), Self.damped(self[.reactionsReceived]),
            Self.damped(self[.answers]), Self.damped(self[.reads]), Self.damped(self[.given] + self[.votes]),
            Self.damped(self[.accepted]),
        ]
    }

    static let satisfactionNames = [
        "constant", "share of questions answered", "speed of the first answer", "reactions per post",
        "accepted answers per question", "received per post", "answers per post", "reads",
    ]
    var satisfaction: [Int64] {
        func share(_ part: Int, of whole: Int) -> Int64 { whole == 0 ? 0 : Int64(16 * part / whole) }
        return [
            16, share(self[.answeredQuestions], of: self[.asked]),
            self[.asked] == 0 ? 0 : Int64(self[.answerSpeed] / self[.asked]),
            share(self[.reactionsReceived], of: self[.posts]), share(self[.accepted], of: self[.asked]),
            share(self[.received], of: self[.posts]), share(self[.answers], of: self[.posts]),
            Self.damped(self[.reads]),
        ]
    }
}
