import Community
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
