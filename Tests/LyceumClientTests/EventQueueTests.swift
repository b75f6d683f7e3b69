import Synchronization
import Testing

@testable import LyceumClient

@Suite struct EventQueueTests {
    private func event(_ seq: Int64) throws -> ClientEvent { .event(try roomEvent("message.posted", seq: seq)) }

    private func seq(_ event: ClientEvent?) -> Int64? {
        if case .event(let event) = event { event.seq } else { nil }
    }

    @Test func `events come in order and the sequence ends with the client`() async throws {
        let queue = EventQueue(limit: 10) {}
        for seq in 1...3 { queue.append(try event(Int64(seq))) }
        queue.end()
        var seen: [Int64?] = []
        for await event in queue { seen.append(seq(event)) }
        #expect(seen == [1, 2, 3])
    }

    @Test func `a reader that waits gets the next event`() async throws {
        let queue = EventQueue(limit: 10) {}
        async let next = queue.next()
        queue.append(try event(7))
        #expect(seq(await next) == 7)
    }

    @Test func `a cancelled reader gets nothing and leaves the queue usable`() async throws {
        let queue = EventQueue(limit: 10) {}
        let reader = Task { await queue.next() }
        reader.cancel()
        #expect(seq(await reader.value) == nil)
        queue.append(try event(1))
        #expect(seq(await queue.next()) == 1)
    }

    @Test func `a full queue takes no more until half of it has been read`() async throws {
        let drained = Atomic(0)
        let queue = EventQueue(limit: 4) { drained.add(1, ordering: .relaxed) }
        for number in 1...4 {
            #expect(queue.hasRoom())
            queue.append(try event(Int64(number)))
        }
        #expect(!queue.hasRoom())
        _ = await queue.next()
        #expect(!queue.hasRoom())
        #expect(drained.load(ordering: .relaxed) == 0)
        _ = await queue.next()
        #expect(drained.load(ordering: .relaxed) == 1)
        #expect(queue.hasRoom())
    }
}
