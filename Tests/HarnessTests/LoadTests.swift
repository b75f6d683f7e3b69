import Testing

@testable import Harness

@Suite struct LoadTests {
    @Test(arguments: UInt64(0)..<20)
    func `percentiles are within a sixty-fourth of the sorted samples`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var histogram = LatencyHistogram()
        let samples = (0..<5_000).map { _ in random.next() >> UInt64.random(in: 20...63, using: &random) }.sorted()
        for sample in samples { histogram.record(microseconds: sample) }
        for share in [0.5, 0.9, 0.99, 0.999, 1] {
            let exact = Double(samples[Int((share * 5_000).rounded(.up)) - 1]) / 1_000
            let counted = histogram.milliseconds(atShare: share)
            #expect(abs(counted - exact) <= max(exact / 64, 0.001))
        }
    }

    @Test func `every marker in a frame is found with its time and nothing else is`() {
        var times: [UInt64] = [0, 1, 0x1234_5678_9ABC_DEF0, .max]
        var bytes = Array("^ ^^ a^b^^".utf8)
        for time in times {
            var marker = [UInt8](repeating: 0, count: Marker.length)
            marker.withUnsafeMutableBytes { Marker.write(time: time, sender: 0xBEEF, to: $0) }
            bytes += marker + Array("\"}^".utf8)
        }
        bytes += Array("^^0123".utf8)
        bytes.withUnsafeBytes { Marker.scan($0) { #expect($0 == times.removeFirst()) } }
        #expect(times.isEmpty)
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536, 100_000])
    func `a frame is read back whole, and not before its last byte`(size: Int) {
        let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var bytes: [UInt8] = []
        ClientFrame.append(ClientFrame.binary, payload, to: &bytes)
        // What a server would send: the same without the mask.
        let header = bytes.count - size - 4
        let mask = Array(bytes[header..<header + 4])
        let unmasked = bytes[(header + 4)...].enumerated().map { $0.element ^ mask[$0.offset & 3] }
        bytes[1] &= 127
        bytes.replaceSubrange(header..., with: unmasked)
        bytes.withUnsafeBytes { bytes in
            let frame = ServerFrame(in: bytes, at: 0)
            #expect(frame?.opcode == ClientFrame.binary)
            #expect(frame.map { Array(bytes[$0.payload]) } == payload)
            #expect(ServerFrame(in: UnsafeRawBufferPointer(rebasing: bytes.dropLast()), at: 0) == nil)
        }
    }
}

/// Steele, Lea and Flood's generator: small, seeded, the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
