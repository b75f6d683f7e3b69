import Community
import Foundation
import LyceumProtocol
import Storage
import Synchronization
import Testing

/// What is left after the machine or the process stopped at any moment.
@Suite struct `After a crash` {
    /// What a power cut leaves: everything that was synced at the last acknowledgement, and any part of what came after.
    ///
    /// The log as it was at some moment is cut at a random place at or after its length when the last transaction
    /// was acknowledged, and sometimes ends in rubbish.
    @Test(arguments: UInt64(0)..<powerCuts)
    func `all that was acknowledged is there, and nothing by halves`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let test = try StoreUnderTest()
        let rooms = try test.write { transaction throws in try (1...5).map { try transaction.makeRoom("room\($0)") } }
        var ledger = Ledger()
        let log = test.folder.url.appending(path: "lyceum.db-wal")
        let acknowledged = Int.random(in: 1...20, using: &random)
        for _ in 0..<acknowledged { try ledger.writeBatch(to: test.store, rooms, using: &random) }
        let synced = try Data(contentsOf: log).count
        let expected = ledger
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            try ledger.writeBatch(to: test.store, rooms, using: &random)
        }
        let copy = test.folder.url.appending(path: "crashed")
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: test.folder.url.appending(path: "lyceum.db"), to: copy.appending(path: "lyceum.db"))
        var torn = try Data(contentsOf: log)
        torn = torn.prefix(Int.random(in: synced...torn.count, using: &random))
        if Bool.random(using: &random) { torn += (0..<5_000).map { _ in UInt8.random(in: 0...255, using: &random) } }
        try torn.write(to: copy.appending(path: "lyceum.db-wal"))
        let store = try SQLiteStore(folder: copy)
        try expected.expectAllKept(in: store, atMost: ledger)
        #expect(try store.verify() == [])
    }

    /// A child writes and says so to a file after every acknowledgement until it is killed at no particular moment.
    @Test func `of the process alone nothing acknowledged is lost either`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.path
        for round in 0..<5 {
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, round = round as Int] in
                try writeUntilKilled(folder: URL(fileURLWithPath: path), seed: UInt64(round))
            }
            let store = try SQLiteStore(folder: folder.url)
            let acknowledged = try Data(contentsOf: folder.url.appending(path: "acknowledged"))
            let room = try #require(store.loadCommunity().rooms.values.first)
            #expect(room.seq >= acknowledged.count * batchOfChild)
            #expect(Int(room.seq) % batchOfChild == 0)
            #expect(try store.verify() == [])
        }
    }
}

private let batchOfChild = 10

/// A thousand in the long form (fault F2), but not under a sanitizer, which sees nothing more in the last than in the first.
let powerCuts: UInt64 = {
    let environment = ProcessInfo.processInfo.environment
    let isSanitized = environment["ASAN_OPTIONS"] != nil || environment["TSAN_OPTIONS"] != nil
    return environment["LYCEUM_TEST_ALL"] == nil || isSanitized ? 40 : 1_000
}()

/// One byte goes into the file `acknowledged` for every batch that was.
private func writeUntilKilled(folder: URL, seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let store = try SQLiteStore(folder: folder)
    let existing = try store.loadCommunity().rooms.values.first
    let room = try existing?.id ?? store.write { try $0.makeRoom("one") }
    var seq = existing?.seq ?? 0
    let acknowledged = open(folder.appending(path: "acknowledged").path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    let last = Int.random(in: 5...200, using: &random)
    let batches = Batches()
    // Whatever the writer is doing by the time this thread sees the number.
    Thread.detachNewThread {
        while batches.count.load(ordering: .relaxed) < last { sched_yield() }
        kill(getpid(), SIGKILL)
    }
    while true {
        try store.write { transaction throws in
            for _ in 0..<batchOfChild {
                seq += 1
                try transaction.post("message \(seq)", in: room, seq: seq)
            }
        }
        _ = write(acknowledged, "a", 1)
        batches.count.add(1, ordering: .relaxed)
    }
}

private final class Batches: Sendable {
    let count = Atomic<Int>(0)
}

/// What was written, to be compared with what is there.
private struct Ledger {
    /// The newest event of each room.
    private(set) var heads: [RoomID: SequenceNumber] = [:]

    mutating func writeBatch(
        to store: any CommunityStore, _ rooms: [RoomID], using random: inout SplitMix64
    ) throws {
        try store.write { transaction throws in
            for _ in 0..<Int.random(in: 1...300, using: &random) {
                guard let room = rooms.randomElement(using: &random) else { return }
                let seq = heads[room, default: 0] + 1
                try transaction.post("message \(seq)", in: room, seq: seq)
                heads[room] = seq
            }
        }
    }

    func expectAllKept(in store: SQLiteStore, atMost later: Ledger) throws {
        for (room, head) in heads {
            let events = try store.read { try $0.events(in: room, after: 0, limit: .max, maximumBytes: .max) }
            #expect(events.count >= head)
            #expect(events.count <= later.heads[room] ?? 0)
            #expect(events.allSatisfy { $0.body == messageBody("message \($0.seq)") })
        }
    }
}
