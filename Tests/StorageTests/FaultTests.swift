import Community
import Foundation
import LyceumProtocol
import Storage
import Testing

@Suite struct `When the disk fails` {
    init() { FaultyDisk.install() }

    private func open() throws -> (StoreUnderTest, RoomID) {
        let test = try StoreUnderTest()
        let room = try test.write { try $0.makeRoom("one") }
        try test.write { try $0.post("first", in: room, seq: 1) }
        return (test, room)
    }

    @Test func `a full one is named, reading goes on, and writing does once there is room`() throws {
        let (test, room) = try open()
        // A full disk stops the index where it is.
        #expect(try test.found("first", in: [room]) == [1])
        FaultyDisk.set(.full(after: 0), under: test.folder.url)
        for _ in 0..<3 {
            let error = #expect(throws: StoreError.self) { try test.write { try $0.post("lost", in: room, seq: 2) } }
            guard case .full = error else {
                Issue.record("\(String(describing: error)) is not .full")
                return
            }
            #expect(try test.read { try $0.event(1, in: room) } != nil)
            #expect(try test.read { try $0.event(2, in: room) } == nil)
            #expect(try test.store.loadCommunity().rooms[room]?.seq == 1)
            #expect(try test.found("first", in: [room]) == [1])
        }
        FaultyDisk.set(nil, under: test.folder.url)
        try test.write { try $0.post("second", in: room, seq: 2) }
        #expect(try test.read { try $0.event(2, in: room) }?.body == messageBody("second"))
    }

    @Test func `nothing whose synchronisation failed is acknowledged or shown`() throws {
        let (test, room) = try open()
        FaultyDisk.set(.syncs(after: 0), under: test.folder.url)
        for _ in 0..<3 {
            let error = #expect(throws: StoreError.self) { try test.write { try $0.post("lost", in: room, seq: 2) } }
            guard case .unavailable = error else {
                Issue.record("\(String(describing: error)) is not .unavailable")
                return
            }
            #expect(try test.read { try $0.event(2, in: room) } == nil)
        }
        FaultyDisk.set(nil, under: test.folder.url)
        try test.write { try $0.post("second", in: room, seq: 2) }
        try test.reopen()
        #expect(try test.read { try $0.event(2, in: room) }?.body == messageBody("second"))
    }

    /// Faults at any write or synchronisation, of commits, checkpoints and moves of the tail alike.
    @Test(arguments: UInt64(0)..<20)
    func `what is acknowledged is what is there, whenever it fails`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let (test, room) = try open()
        var acknowledged: SequenceNumber = 1
        for _ in 0..<30 {
            let calls = Int.random(in: 0...40, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: FaultyDisk.set(.full(after: calls), under: test.folder.url)
            case 1: FaultyDisk.set(.syncs(after: calls / 8), under: test.folder.url)
            default: FaultyDisk.set(nil, under: test.folder.url)
            }
            let batch = SequenceNumber.random(in: 1...900, using: &random)
            let outcome = Result {
                try test.write { transaction throws in
                    for seq in acknowledged + 1...acknowledged + batch {
                        try transaction.post("message \(seq)", in: room, seq: seq)
                    }
                }
            }
            switch outcome {
            case .success: acknowledged += batch
            case .failure(let error): #expect(error is StoreError)
            }
            #expect(try test.store.loadCommunity().rooms[room]?.seq == acknowledged)
        }
        FaultyDisk.set(nil, under: test.folder.url)
        try test.write { try $0.post("last", in: room, seq: acknowledged + 1) }
        #expect(try (test.store as? SQLiteStore)?.verify() == [])
        try test.reopen()
        #expect(try (test.store as? SQLiteStore)?.verify() == [])
        #expect(try test.store.loadCommunity().rooms[room]?.seq == acknowledged + 1)
    }
}
