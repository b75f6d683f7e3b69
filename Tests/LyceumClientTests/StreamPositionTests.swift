import LyceumProtocol
import Testing

@testable import LyceumClient

@Suite struct StreamPositionTests {
    /// A server's room under a client that loses, repeats and repairs: it gets everything once, in order.
    @Test(arguments: UInt64(0)..<200)
    func `lost and repeated events come out once and in order`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let room = RoomID(1)
        var positions = StreamPositions()
        positions.reset(room, epoch: "e", seq: 0)
        var delivered: [SequenceNumber] = []
        var head: SequenceNumber = 0

        func repair(after first: SequenceNumber) {
            var next: SequenceNumber? = first
            while let after = next {
                for seq in (after + 1)...min(head, after + 3) where positions.admitRepair(seq, in: room) {
                    delivered.append(seq)
                }
                next = positions.continueRepair(of: room)
            }
        }
        for _ in 0..<100 {
            head += 1
            let seq = Int.random(in: 0..<8, using: &random) == 0 ? Int64.random(in: 1...head, using: &random) : head
            if Int.random(in: 0..<4, using: &random) == 0 { continue }
            switch positions.admit(seq, in: room) {
            case .new: delivered.append(seq)
            case .ignored: break
            case .hole(let after): repair(after: after)
            }
        }
        if let after = positions.heard(of: head, in: room) { repair(after: after) }
        #expect(delivered == Array(1...head))
        #expect(positions.cursors == [Cursor(room: room, epoch: "e", seq: head)])
    }

    @Test func `events during a repair extend it instead of overtaking it`() {
        let room = RoomID(1)
        var positions = StreamPositions()
        positions.reset(room, epoch: "e", seq: 5)
        check(&positions, is: .hole(after: 5)) { $0.admit(8, in: room) }
        check(&positions, is: .ignored) { $0.admit(9, in: room) }
        for seq: Int64 in 6...8 { check(&positions, is: true) { $0.admitRepair(seq, in: room) } }
        check(&positions, is: 8) { $0.continueRepair(of: room) }
        check(&positions, is: true) { $0.admitRepair(9, in: room) }
        check(&positions, is: nil) { $0.continueRepair(of: room) }
        check(&positions, is: .new) { $0.admit(10, in: room) }
    }

    @Test func `a room heard of before its entry is not resumed until its epoch is known`() throws {
        var positions = StreamPositions()
        check(&positions, is: .new) { $0.admit(4, in: RoomID(1)) }
        #expect(positions.cursors.isEmpty)
        let entry = try RoomEntry(JSONText(Array(#"{"id":1,"kind":"public","epoch":"e","seq":6}"#.utf8)))
        check(&positions, is: 4) { $0.entered(entry) }
        #expect(positions.cursors == [Cursor(room: RoomID(1), epoch: "e", seq: 4)])
    }

    @Test func `another epoch begins anew at the server's number`() throws {
        var positions = StreamPositions()
        positions.reset(RoomID(1), epoch: "old", seq: 90)
        let entry = try RoomEntry(JSONText(Array(#"{"id":1,"kind":"public","epoch":"new","seq":6}"#.utf8)))
        check(&positions, is: nil) { $0.entered(entry) }
        check(&positions, is: .new) { $0.admit(7, in: RoomID(1)) }
    }

    @Test func `a hole in one's own stream is told`() {
        var positions = StreamPositions()
        positions.resetMe(epoch: "e", seq: 1)
        check(&positions, is: .new) { $0.admitMe(2) }
        check(&positions, is: .ignored) { $0.admitMe(2) }
        check(&positions, is: .hole(after: 2)) { $0.admitMe(4) }
    }
}

/// `#expect` cannot ask a question that changes what it asks.
private func check<Value: Equatable>(
    _ positions: inout StreamPositions, is expected: Value, sourceLocation: SourceLocation = #_sourceLocation,
    _ ask: (inout StreamPositions) -> Value
) {
    let answer = ask(&positions)
    #expect(answer == expected, sourceLocation: sourceLocation)
}

@Suite struct BackoffTests {
    @Test(arguments: UInt64(0)..<20)
    func `waits lie between what was asked and a limit that doubles up to the cap`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var backoff = Backoff(base: .milliseconds(100), cap: .seconds(2))
        for attempt in 0..<40 {
            let limit = min(Duration.seconds(2), .milliseconds(100) * (1 << min(attempt, 10)))
            let wait = backoff.next(atLeast: .seconds(1), using: &random)
            #expect(wait >= .seconds(1))
            #expect(wait <= .seconds(1) + limit)
        }
        backoff.reset()
        let first = backoff.next(using: &random)
        #expect(first <= .milliseconds(100))
    }
}
