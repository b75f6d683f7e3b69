import Community
import Foundation
import LyceumProtocol
import Storage
import Testing

/// Bits that flip in the write-ahead log of a store that was not closed (the second half of fault F2).
@Suite struct `A damaged log` {
    /// The folder of a store as a crash leaves it, after `batches` transactions that were all acknowledged.
    private struct Crashed {
        let test: StoreUnderTest
        let room: RoomID
        let head: SequenceNumber
        let copy: URL
        /// How long the log was after each transaction.
        let lengths: [Int]

        var log: URL { copy.appending(path: "lyceum.db-wal") }

        init(batches: Int, using random: inout SplitMix64) throws {
            let test = try StoreUnderTest()
            let room = try test.write { try $0.makeRoom("one") }
            // What a store begins with is in the database, as it is in any that has been closed once.
            try test.reopen()
            let log = test.folder.url.appending(path: "lyceum.db-wal")
            var (head, lengths) = (SequenceNumber(0), [Int]())
            for _ in 0..<batches {
                let count = SequenceNumber.random(in: 1...200, using: &random)
                try test.write { transaction throws in
                    for seq in head + 1...head + count { try transaction.post("message \(seq)", in: room, seq: seq) }
                }
                head += count
                lengths.append(try Data(contentsOf: log).count)
            }
            let copy = test.folder.url.appending(path: "crashed")
            try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
            for name in ["lyceum.db", "lyceum.db-wal"] {
                try FileManager.default.copyItem(
                    at: test.folder.url.appending(path: name), to: copy.appending(path: name))
            }
            (self.test, self.room, self.head, self.copy, self.lengths) = (test, room, head, copy, lengths)
        }

        func changeLog(_ change: (inout Data) throws -> Void) throws {
            var bytes = try Data(contentsOf: log)
            try change(&bytes)
            try bytes.write(to: log)
        }

        func events(_ store: SQLiteStore) throws -> [RoomEvent] {
            try store.read { try $0.events(in: room, after: 0, limit: .max, maximumBytes: .max) }
        }
    }

    @Test(arguments: UInt64(0)..<powerCuts)
    func `is refused before anything is lost, and recovered with what can be kept`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let crashed = try Crashed(batches: Int.random(in: 4...20, using: &random), using: &random)
        // Before the last transaction but one: what nothing follows looks like a crash.
        let end = crashed.lengths[crashed.lengths.count - 3]
        try crashed.changeLog {
            $0[Int.random(in: 0..<end, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
        let damaged = try Data(contentsOf: crashed.log)

        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { try SQLiteStore(folder: crashed.copy) }
            guard case .unavailable(let sentence) = error else {
                Issue.record("\(String(describing: error)) is not .unavailable")
                return
            }
            #expect(sentence.contains("damaged") && sentence.contains("recover"))
        }
        #expect(throws: StoreError.self) {
            try SQLiteBackup.create(of: crashed.copy, as: crashed.copy.appending(path: "copy.db"))
        }
        #expect(try Data(contentsOf: crashed.log) == damaged)

        let recovery: SQLiteBackup.Recovery
        do {
            recovery = try SQLiteBackup.recover(crashed.copy)
        } catch is SQLiteBackup.Failure {
            // Later pages are in the database already than those that would be left.
            #expect(try Data(contentsOf: crashed.log) == damaged)
            return
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: recovery.keptLog)) == damaged)
        let store = try SQLiteStore(folder: crashed.copy)
        #expect(try store.verify() == [])
        let events = try crashed.events(store)
        #expect(events.allSatisfy { $0.body == messageBody("message \($0.seq)") })
        #expect(events.map(\.seq) == Array(1...SequenceNumber(max(1, events.count))).prefix(events.count).map { $0 })
        let sameEpoch = try store.loadCommunity().epoch == crashed.test.store.loadCommunity().epoch
        #expect(sameEpoch == (recovery.lostCommits == 0))
        #expect((SequenceNumber(events.count) == crashed.head) == (recovery.lostCommits == 0))
    }

    /// The pages of a log that is in the database already are written there a second time.
    @Test func `whose pages are in the database costs nothing`() throws {
        var random = SplitMix64(seed: 1)
        // More than the checkpointer waits for.
        let crashed = try Crashed(batches: 60, using: &random)
        try crashed.changeLog { $0[32 + 24 + 1_000] ^= 1 }
        let recovery = try SQLiteBackup.recover(crashed.copy)
        #expect(recovery.lostCommits == 0)
        #expect(try crashed.events(SQLiteStore(folder: crashed.copy)).count == crashed.head)
    }

    /// A power cut may keep any of the pages that were written last and lose any other.
    @Test(arguments: UInt64(0)..<20)
    func `is not what a crash leaves of the last transaction`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let crashed = try Crashed(batches: Int.random(in: 2...10, using: &random), using: &random)
        let (start, end) = (crashed.lengths[crashed.lengths.count - 2], try Data(contentsOf: crashed.log).count)
        let frame = 24 + 4096
        try crashed.changeLog { log in
            for place in stride(from: start, to: end, by: frame) where Bool.random(using: &random) {
                log.replaceSubrange(
                    place..<min(place + frame, end), with: repeatElement(0, count: min(frame, end - place)))
            }
        }
        let store = try SQLiteStore(folder: crashed.copy)
        #expect(try store.verify() == [])
        #expect(throws: SQLiteBackup.Failure.self) {
            try SQLiteBackup.recover(crashed.test.folder.url.appending(path: "no"))
        }
    }
}
