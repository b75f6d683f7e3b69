import LyceumProtocol
import Testing

@testable import Activity

@Suite struct SnapshotTests {
    @Test func `a snapshot and the events since give the bytes of a full replay`() throws {
        for seed in Sequences.seeds {
            var events = RandomEvents(seed: seed)
            events.rooms = [1, 2, 11, 21]
            let steps = events.steps(24)
            let full = Community.after(steps)
            let cut = Int(seed % 24)
            var resumed = Community.after(steps.prefix(cut))
            resumed.tracker = try Tracker(decoding: resumed.tracker.encoded())
            for step in steps.dropFirst(cut) { resumed.perform(step) }
            #expect(resumed.tracker.encoded() == full.tracker.encoded(), "seed \(seed)")
        }
    }

    @Test func `a snapshot cut anywhere is refused`() {
        var events = RandomEvents(seed: 3)
        let bytes = Community.after(events.steps(12)).tracker.encoded()
        for length in stride(from: 0, to: bytes.count, by: 17) {
            #expect(throws: SnapshotError.self) { try Tracker(decoding: Array(bytes.prefix(length))) }
        }
    }

    @Test func `a snapshot with one bit changed is refused`() {
        var events = RandomEvents(seed: 4)
        let bytes = Community.after(events.steps(12)).tracker.encoded()
        for position in stride(from: 0, to: bytes.count, by: 13) {
            var damaged = bytes
            damaged[position] ^= 1 << UInt8(position % 8)
            #expect(throws: SnapshotError.self) { try Tracker(decoding: damaged) }
        }
    }

    @Test func `a snapshot knows how far it has read each room`() throws {
        var events = RandomEvents(seed: 5)
        let community = Community.after(events.steps(40))
        let restored = try Tracker(decoding: community.tracker.encoded())
        #expect(restored.positions == community.tracker.positions)
        #expect(!restored.positions.isEmpty)
    }
}
