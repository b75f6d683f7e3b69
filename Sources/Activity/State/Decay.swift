import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The half-lives that decayed sums are kept at, each a whole number of milliseconds.
public enum HalfLife: Int, CaseIterable, Sendable {
    case hour, day, week, month, quarter, halfYear

    /// Length in milliseconds; a month is 30 days, a quarter 90, half a year 180.
    public var milliseconds: Int64 {
        switch self {
        case .hour: 3_600_000
        case .day: 86_400_000
        case .week: 604_800_000
        case .month: 2_592_000_000
        case .quarter: 7_776_000_000
        case .halfYear: 15_552_000_000
        }
    }
}

/// The growing weight φ(t) = 2^(t/h) of an instant, as `factor · 2^exponent` with `factor` in `1..<2`.
///
/// Forward decay (Cormode, Shkapenyuk, Srivastava, Xu, 2009) with the exponent kept apart, so no instant overflows.
public struct Phase: Sendable, Equatable {
    public let factor: Double
    public let exponent: Int32

    public init(_ at: UnixMilliseconds, _ halfLife: HalfLife) {
        let length = halfLife.milliseconds
        let bounded = min(max(at, -Instant.furthest), Instant.furthest)
        let quotient = bounded >= 0 ? bounded / length : (bounded - length + 1) / length
        factor = exp2(Double(bounded - quotient * length) / Double(length))
        exponent = Int32(quotient)
    }

    init(factor: Double, exponent: Int32) {
        self.factor = factor
        self.exponent = exponent
    }

    @inline(__always) static func < (a: Phase, b: Phase) -> Bool {
        a.exponent != b.exponent ? a.exponent < b.exponent : a.factor < b.factor
    }
}

/// One instant with its phase at every half-life, worked out once for an event or a query.
public struct Instant: Sendable {
    /// Times beyond this (about the year 9999) are taken as this, so that every exponent fits.
    static let furthest: Int64 = 253_402_300_800_000

    public let at: UnixMilliseconds
    public let hour, day, week, month, quarter, halfYear: Phase

    public init(_ at: UnixMilliseconds) {
        self.at = min(max(at, -Self.furthest), Self.furthest)
        hour = Phase(at, .hour)
        day = Phase(at, .day)
        week = Phase(at, .week)
        month = Phase(at, .month)
        quarter = Phase(at, .quarter)
        halfYear = Phase(at, .halfYear)
    }

    /// In UTC.
    var hourOfDay: UInt32 { UInt32((hour.exponent % 24 + 24) % 24) }
}

/// `value · 2^power`, exact as long as the result is a normal number; 0 far below that.
@inline(__always) func scaled(_ value: Double, by power: Int32) -> Double {
    if power == 0 { return value }
    if power > -1000, power < 1000 { return value * Double(bitPattern: UInt64(Int64(power) + 1023) << 52) }
    return scalbn(value, Int(power))
}

/// An exponentially decayed sum of weights, with the number of its terms.
///
/// It holds Σ w·φ(t) relative to its own `landmark` (a whole number of half-lives), so moving the landmark changes only
/// the exponent and no bit of what is read. A sum without terms is exactly zero: rounding never outlives what caused it.
public struct DecayedSum: Sendable, Equatable, BitwiseCopyable {
    public private(set) var sum: Double = 0
    public private(set) var landmark: Int32 = 0
    public private(set) var count: UInt32 = 0

    public init() {}

    init(sum: Double, landmark: Int32, count: UInt32) {
        self.sum = sum
        self.landmark = landmark
        self.count = count
    }

    /// Whether no term is held.
    public var isEmpty: Bool { count == 0 }

    @inline(__always) public mutating func add(_ weight: Double, at phase: Phase) {
        adjust(by: weight, at: phase)
        count += 1
    }

    /// Takes back what ``add(_:at:)`` added with the same arguments.
    @inline(__always) public mutating func remove(_ weight: Double, at phase: Phase) {
        guard count > 1 else {
            self = DecayedSum()
            return
        }
        adjust(by: -weight, at: phase)
        count -= 1
    }

    @inline(__always) mutating func record(_ weight: Double, at phase: Phase, _ sign: Sign) {
        if sign == .add { add(weight, at: phase) } else { remove(weight, at: phase) }
    }

    /// Changes the sum and leaves the number of terms.
    @inline(__always) mutating func adjust(by weight: Double, at phase: Phase) {
        let term = weight * phase.factor
        if count == 0, sum == 0 {
            sum = term
            landmark = phase.exponent
        } else if phase.exponent > landmark {
            sum = scaled(sum, by: landmark - phase.exponent) + term
            landmark = phase.exponent
        } else {
            sum += scaled(term, by: phase.exponent - landmark)
        }
    }

    /// The sum as it stands at `now`: Σ w·2^(−(now − t)/h).
    @inline(__always) public func value(at now: Phase) -> Double {
        count == 0 ? 0 : scaled(sum, by: landmark - now.exponent) / now.factor
    }

    /// The same sum held against a landmark moved by `halfLives`.
    public func shifted(by halfLives: Int32) -> DecayedSum {
        DecayedSum(sum: scaled(sum, by: -halfLives), landmark: landmark + halfLives, count: count)
    }
}

/// Whether a contribution is put in or taken out.
enum Sign: Sendable { case add, remove }
