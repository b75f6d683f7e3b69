import LyceumProtocol
import Testing

@testable import Activity

@Suite struct ExactnessTests {
    static let later = RandomEvents.start + 30 * 86_400_000

    @Test func `the incremental state equals a batch recomputation after any history`() {
        for seed in Sequences.seeds {
            var events = RandomEvents(seed: seed)
            events.rooms = [1, 2, 11]
            let steps = events.steps(25)
            let community = Community.after(steps)
            let record = Self.record(steps)
            for (room, engine) in [(nil, community.tracker.everyone)]
                + community.tracker.rooms.map({ ($0.key.rawValue, $0.value) })
            {
                let batch = Batch(record, excluded: community.tracker.excluded, room: room, now: Self.later)
                let lines = differences(Flattened(engine, now: Self.later).values, batch.values)
                #expect(lines.isEmpty, "seed \(seed), room \(room ?? 0): \(lines)")
                if !lines.isEmpty { return }
            }
        }
    }

    /// The events of `steps` as a record holds them: each once.
    static func record(_ steps: [Step]) -> [ActivityEvent] {
        var heads: [RoomID: Int64] = [:]
        return steps.compactMap { step in
            guard case .event(let event) = step, event.seq > heads[event.room] ?? 0 else { return nil }
            heads[event.room] = event.seq
            return event
        }
    }
}
