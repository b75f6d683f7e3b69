import Foundation
import Testing

@testable import Activity

@Suite struct DecayTests {
    @Test(arguments: UInt64(0)..<50)
    func `moving the landmark changes no bit of what is read`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for halfLife in HalfLife.allCases {
            var sum = DecayedSum()
            var clock: Int64 = 1_760_000_000_000
            for _ in 0..<40 {
                clock += Int64.random(in: 0...halfLife.milliseconds, using: &random)
                sum.add(Double.random(in: 0...4, using: &random), at: Phase(clock, halfLife))
            }
            let now = Phase(clock + halfLife.milliseconds / 3, halfLife)
            for shift in [1, 7, 300, 500] as [Int32] {
                #expect(
                    sum.shifted(by: shift).value(at: now).bitPattern == sum.value(at: now).bitPattern, "seed \(seed)")
                var shifted = sum.shifted(by: shift)
                var plain = sum
                shifted.add(1.25, at: Phase(clock + 5_000, halfLife))
                plain.add(1.25, at: Phase(clock + 5_000, halfLife))
                #expect(shifted.value(at: now).bitPattern == plain.value(at: now).bitPattern, "seed \(seed)")
            }
        }
    }

    @Test func `a weight halves in a half-life, whenever that was`() {
        for halfLife in HalfLife.allCases {
            for start in [-1_000_000_000_000, 0, 1_760_000_000_000, 9_000_000_000_000] as [Int64] {
                var sum = DecayedSum()
                sum.add(3, at: Phase(start, halfLife))
                #expect(abs(sum.value(at: Phase(start + halfLife.milliseconds, halfLife)) - 1.5) < 1e-12)
                #expect(
                    abs(sum.value(at: Phase(start + halfLife.milliseconds / 2, halfLife)) - 3 / 2.0.squareRoot())
                        < 1e-12)
            }
        }
    }

    @Test func `a sum without terms is exactly zero`() {
        var sum = DecayedSum()
        let times = [0.1, 0.2, 0.3].map { Phase(Int64($0 * 1e12), .hour) }
        for phase in times { sum.add(0.1, at: phase) }
        for phase in times { sum.remove(0.1, at: phase) }
        #expect(sum == DecayedSum())
    }

    @Test func `a clock that jumps a century and back costs nothing but the jump`() {
        let now: Int64 = 1_760_000_000_000
        var sum = DecayedSum()
        sum.add(1, at: Phase(now, .week))
        sum.add(1, at: Phase(now + 3_153_600_000_000, .week))
        sum.remove(1, at: Phase(now + 3_153_600_000_000, .week))
        #expect(sum.count == 1)
        #expect(sum.value(at: Phase(now, .week)).isFinite)
    }
}
