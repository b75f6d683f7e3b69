import Testing

@testable import Transport

struct FrameTests {
    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536, 70_000], [UInt32?.none, 0x0102_0304])
    func `a frame that was written is read back`(length: Int, mask: UInt32?) throws {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: 0x61 + $0 % 26) }
        var bytes: [UInt8] = []
        payload.withUnsafeBytes { FrameEncoder.append(.text, $0, mask: mask, to: &bytes) }
        var reader = MessageReader(peerIsClient: mask != nil, messageLimit: 100_000)
        let isEqual = try bytes.withUnsafeMutableBytes { buffer in
            guard case (.text(let text), let count)? = try reader.next(in: buffer) else { return false }
            return count == buffer.count && Array(text) == payload
        }
        #expect(isEqual)
    }

    @Test func `a frame is never read before its last byte`() throws {
        var whole = RawSocket.text(String(repeating: "a", count: 300))
        for length in 0..<whole.count {
            var reader = MessageReader(peerIsClient: true, messageLimit: 1_000)
            let isNil = try whole.withUnsafeMutableBytes {
                try reader.next(in: UnsafeMutableRawBufferPointer(rebasing: $0[..<length])) == nil
            }
            #expect(isNil, "after \(length) bytes")
        }
    }

    @Test func `a message that claims 2^62 bytes is refused by its header alone`() {
        var bytes: [UInt8] = [0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]
        var reader = MessageReader(peerIsClient: true, messageLimit: 1_000)
        let violation = #expect(throws: FrameViolation.self) {
            try bytes.withUnsafeMutableBytes { _ = try reader.next(in: $0) }
        }
        #expect(violation?.code == 1009)
    }

    @Test func `a reason that is too long for a close frame is cut between characters`() throws {
        var bytes: [UInt8] = []
        FrameEncoder.appendClose(code: 4000, reason: String(repeating: "读", count: 50), mask: nil, to: &bytes)
        let frame = try #require(try bytes.withUnsafeBytes { try Frame.readHeader($0) })
        #expect(frame.payloadLength == 2 + 41 * 3)
        #expect(String(validating: bytes[4...], as: UTF8.self) == String(repeating: "读", count: 41))
    }

    @Test(arguments: UInt64(0)..<20)
    func `an outbox gives back what was put in, in order`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
        defer { scratch.deallocate() }
        var outbox = Outbox()
        var (put, taken): ([UInt8], [UInt8]) = ([], [])
        for _ in 0..<2_000 {
            if Bool.random(using: &random) {
                let bytes = (0..<Int.random(in: 1...150, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                outbox.append(Chunk(framed: bytes))
                put += bytes
            } else if !outbox.isEmpty {
                outbox.takePiece(scratch: scratch) { taken += $0 }
            }
            #expect(outbox.byteCount == put.count - taken.count)
        }
        while !outbox.isEmpty { outbox.takePiece(scratch: scratch) { taken += $0 } }
        #expect(taken == put)
    }

    @Test func `an outbox that drops what has not begun still ends the frame that has`() {
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
        defer { scratch.deallocate() }
        var outbox = Outbox()
        outbox.append(Chunk(framed: [1, 2, 3, 4, 5, 6]))
        outbox.append(Chunk(framed: [7, 8]))
        var taken: [UInt8] = []
        outbox.takePiece(scratch: scratch) { taken += $0 }
        outbox.dropUnstarted()
        outbox.append(Chunk(framed: [9]))
        while !outbox.isEmpty { outbox.takePiece(scratch: scratch) { taken += $0 } }
        #expect(taken == [1, 2, 3, 4, 5, 6, 9])
    }
}

/// A small seeded generator (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
