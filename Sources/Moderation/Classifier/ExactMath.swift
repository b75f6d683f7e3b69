/// Logarithm and exponential from IEEE 754 sums, products, quotients and roots alone.
///
/// Those are rounded the same way on every machine; the C library's `log` and `exp` are not. What the classifier learns
/// from a message depends on its score, so these functions decide whether two machines replay a log to the same bits.
enum ExactMath {
    private static let ln2 = 0.693147180559945309417232121458
    private static let log2e = 1.44269504088896340735992468100

    /// The natural logarithm of a finite `x` > 0, to about 1e-15 of relative error.
    ///
    /// ln m = 2 artanh((m − 1) / (m + 1)) with m in [√½, √2], by its Taylor series.
    static func ln(_ x: Double) -> Double {
        precondition(x > 0 && x.isFinite, "the logarithm of a number that has none")
        var exponent = Double(x.exponent)
        var mantissa = x.significand
        if mantissa > 1.4142135623730951 {
            mantissa *= 0.5
            exponent += 1
        }
        let t = (mantissa - 1) / (mantissa + 1)
        let square = t * t
        var sum = 0.0
        for term in stride(from: 21, through: 1, by: -2) { sum = sum * square + 1 / Double(term) }
        return exponent * ln2 + 2 * t * sum
    }

    /// e to the power of `x`, which is first brought into −700...700.
    static func exp(_ x: Double) -> Double {
        let x = min(700, max(-700, x))
        let power = (x * log2e).rounded(.toNearestOrEven)
        let rest = x - power * ln2
        var sum = 1.0
        for term in stride(from: 14.0, through: 1, by: -1) { sum = 1 + sum * rest / term }
        return Double(sign: .plus, exponent: Int(power), significand: sum)
    }

    /// 1 / (1 + e^−x).
    static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// `x` scaled by 2^`bits` and rounded, ties to even; the nearest representable value when it does not fit.
    static func fixed<T: FixedWidthInteger>(_ x: Double, bits: Int, as type: T.Type = T.self) -> T {
        let scaled = (x * Double(sign: .plus, exponent: bits, significand: 1)).rounded(.toNearestOrEven)
        return T(exactly: scaled) ?? (scaled > 0 ? .max : .min)
    }
}

/// ln(count + α) for every count, in fixed point, small counts from a table.
struct LogarithmTable: Sendable {
    static let fractionBits = 20
    private static let exactCounts = 4096
    private static let ln2 = Int32(726_817)  // ln 2 · 2^20

    private let values: [Int32]

    init(smoothing: Double) {
        values = (0..<Self.exactCounts).map { count in
            ExactMath.fixed(ExactMath.ln(Double(count) + smoothing), bits: Self.fractionBits)
        }
    }

    /// Above the table a count is halved until it fits, which errs by less than 1/2048.
    @inline(__always)
    subscript(count: Int32) -> Int32 {
        let index = Int(UInt32(bitPattern: count))
        if index < Self.exactCounts { return values[index] }
        let shift = (Int.bitWidth - index.leadingZeroBitCount) - 12
        return values[index >> shift] + Int32(shift) * Self.ln2
    }
}
