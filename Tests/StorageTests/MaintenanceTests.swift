import Community
import Foundation
import LyceumProtocol
import Storage
import Testing

@Test(arguments: [1, 7, 1_000])
func `outcomes of posts are forgotten after 48 hours and not before`(slice: Int) throws {
    let test = try StoreUnderTest()
    let store = try #require(test.store as? SQLiteStore)
    let hour: UnixMilliseconds = 3_600_000
    let outcome = PostOutcome(room: RoomID(1), reply: [])
    try test.write { transaction throws in
        for age in 0..<100 {
            try transaction.remember(outcome, nonce: "n\(age * 37 % 100)", by: MemberID(1), at: Int64(-age) * hour)
        }
    }
    // Enough calls to pass all of them, whatever the slice.
    for _ in 0...(100 / slice + 1) { try store.maintain(at: hour / 2, slice: slice) }
    try test.write { transaction throws in
        for age in 0..<100 {
            let isKept = try transaction.outcome(of: "n\(age * 37 % 100)", by: MemberID(1)) != nil
            #expect(isKept == (age < 48), "\(age) hours old")
        }
    }
}

@Test
func `what is committed leaves the log without the writer`() throws {
    let test = try StoreUnderTest()
    let database = test.folder.url.appending(path: "lyceum.db").path
    func bytes() throws -> Int { try FileManager.default.attributesOfItem(atPath: database)[.size] as? Int ?? 0 }
    let before = try bytes()
    // About 6,000 pages of log: enough to wake the thread that moves them, too few for the writer to help.
    let text = String(repeating: "x", count: 30_000)
    for seq in 1...500 { try test.write { try $0.post(text, in: RoomID(1), seq: SequenceNumber(seq)) } }
    for _ in 0..<1_000 where try bytes() < before + 4 << 20 { usleep(30_000) }
    #expect(try bytes() >= before + 4 << 20)
}
