import Community
import LyceumProtocol
import Testing

/// What every store promises of how much is posted when.
@Suite struct `Counts of posts` {
    private static let hour: UnixMilliseconds = 3_600_000

    @Test(arguments: StoreKind.allCases, UInt64(0)..<4)
    func `are what counting an array of all posts would give`(kind: StoreKind, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        var posts: [(at: UnixMilliseconds, author: MemberID)] = []
        var now: UnixMilliseconds = 1_700_000_000_000
        for _ in 0..<12 {
            try test.write { transaction throws in
                for _ in 0..<500 {
                    now += .random(in: 0...20_000, using: &random)
                    let author = MemberID(.random(in: 1...3, using: &random))
                    posts.append((now, author))
                    try transaction.post("hi", in: room, seq: SequenceNumber(posts.count), by: author, at: now)
                }
            }
        }
        for _ in 0..<8 {
            let start = Int64.random(in: posts[0].at - 10...now + 10, using: &random)
            let offset = Int64.random(in: -24...24, using: &random) * 1_800_000
            var expected: [[Int64]: Int] = [:]
            for post in posts where post.at >= start {
                expected[[(post.at + offset) / Self.hour, post.author.rawValue], default: 0] += 1
            }
            let counts = try test.read { reader in
                try reader.postCounts(in: room, since: start, offset: offset, atMost: 10_000)
            }
            let found = Dictionary(uniqueKeysWithValues: counts.map { ([$0.hour, $0.author.rawValue], $0.count) })
            #expect(found == expected)
        }
        let newest = try test.read { try $0.postCounts(in: room, since: 0, offset: 0, atMost: 100) }
        #expect(newest.reduce(0) { $0 + $1.count } == 100)
    }

    @Test(arguments: StoreKind.allCases)
    func `leave out what is no post, and other rooms`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let (room, other) = try test.write { (try $0.makeRoom("one"), try $0.makeRoom("two")) }
        try test.write { transaction throws in
            try transaction.post("counted", in: room, seq: 1, at: 5)
            try transaction.note(.reactionAdded, in: room, seq: 2, ordinal: 1, message: 1)
            try transaction.post("elsewhere", in: other, seq: 1, at: 5)
        }
        let counts = try test.read { try $0.postCounts(in: room, since: 0, offset: 0, atMost: 10) }
        #expect(counts == [PostCount(hour: 0, author: MemberID(1), count: 1)])
        #expect(try test.read { try $0.postCounts(in: RoomID(99), since: 0, offset: 0, atMost: 10) } == [])
    }
}
