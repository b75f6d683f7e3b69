/// Durations counted in buckets no wider than 1/64 of their value, as HdrHistogram counts them.
public struct LatencyHistogram: Sendable {
    private var counts = [UInt64](repeating: 0, count: 64 * 59)
    public private(set) var count: UInt64 = 0
    /// In microseconds.
    public private(set) var maximum: UInt64 = 0

    public init() {}

    public mutating func record(microseconds value: UInt64) {
        counts[Self.bucket(of: value)] += 1
        count += 1
        if value > maximum { maximum = value }
    }

    /// The value that the given share of the recorded ones do not pass, in milliseconds; 0 if there are none.
    /// - Parameter share: In `0...1`.
    public func milliseconds(atShare share: Double) -> Double {
        let wanted = max(1, UInt64((share * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for (bucket, number) in counts.enumerated() where number > 0 {
            seen += number
            if seen >= wanted { return Double(Self.middle(of: bucket)) / 1_000 }
        }
        return 0
    }

    /// Values below 64 have a bucket each; above, every power of two has 64.
    private static func bucket(of value: UInt64) -> Int {
        guard value >= 64 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return (exponent - 5) * 64 + Int((value >> UInt64(exponent - 6)) & 63)
    }

    private static func middle(of bucket: Int) -> UInt64 {
        guard bucket >= 64 else { return UInt64(bucket) }
        let exponent = bucket / 64 + 5
        let width = UInt64(1) << UInt64(exponent - 6)
        return UInt64(64 + bucket % 64) * width + width / 2
    }
}
