import Community
import LyceumProtocol
import Testing

/// What every store promises of search.
@Suite struct `Search` {
    @Test(arguments: StoreKind.allCases)
    func `finds every message at once, in Chinese and English`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        let texts = ["Deploy the daemon today", "我们今天部署服务器", "数据库的索引", "完全不同", "Café opens at nine"]
        for (index, text) in texts.enumerated() {
            try test.write { try $0.post(text, in: room, seq: SequenceNumber(index + 1)) }
            #expect(try test.found(text, in: [room]).contains(SequenceNumber(index + 1)))
        }
        #expect(try test.found("部署", in: [room]) == [2])
        #expect(try test.found("今天部署服", in: [room]) == [2])
        #expect(try test.found("器", in: [room]) == [2])
        #expect(try test.found("部服", in: [room]) == [])
        #expect(try test.found("DAEMON deploy", in: [room]) == [1])
        #expect(try test.found("dep", in: [room]) == [])
        #expect(try test.found("dep*", in: [room]) == [1])
        #expect(try test.found("cafe", in: [room]) == [5])
    }

    @Test(arguments: StoreKind.allCases)
    func `knows the text as it is now`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        try test.write { try $0.post("alpha", in: room, seq: 1) }
        #expect(try test.found("alpha", in: [room]) == [1])
        try test.write { transaction throws in
            try transaction.rewrite(1, in: room, body: messageBody("beta"))
            try transaction.note(.messageEdited, in: room, seq: 2, ordinal: 1, message: 1)
        }
        #expect(try test.found("alpha", in: [room]) == [])
        #expect(try test.found("beta", in: [room]) == [1])
        try test.write { transaction throws in
            try transaction.rewrite(1, in: room, body: Array(#"{"deleted":true}"#.utf8))
            try transaction.note(.messageDeleted, in: room, seq: 3, ordinal: 1, message: 1)
        }
        #expect(try test.found("beta", in: [room]) == [])
    }

    @Test(arguments: StoreKind.allCases, [3, 3_000])
    func `stays in the rooms it was given, by whom and when`(kind: StoreKind, roomCount: Int) throws {
        let test = try StoreUnderTest(kind)
        let rooms = try test.write { transaction throws in
            try (1...roomCount).map { number in
                let room = try transaction.makeRoom("room\(number)")
                try transaction.post(
                    "common", in: room, seq: 1, by: MemberID(Int64(number % 3)), at: UnixMilliseconds(number))
                return room
            }
        }
        let (mine, foreign) = (Array(rooms.dropLast()), rooms[roomCount - 1])
        var query = SearchQuery(text: "common", rooms: mine, limit: 100)
        let hits = try test.store.search(query)
        #expect(hits.count == min(100, mine.count))
        #expect(!hits.contains { $0.event.room == foreign })
        // Equals are ordered by time, newest first.
        #expect(hits.map(\.event.at) == hits.map(\.event.at).sorted(by: >))
        #expect(hits.first?.event.room == mine.last)
        query.author = MemberID(2)
        #expect(try test.store.search(query).allSatisfy { $0.event.author == MemberID(2) })
        #expect(try !test.store.search(query).isEmpty)
        query.author = nil
        (query.after, query.before) = (2, 3)
        #expect(try test.store.search(query).map(\.event.at) == [2])
        query.rooms = []
        #expect(try test.store.search(query).isEmpty)
    }

    /// Whatever a member types is looked for or finds nothing; it is never a command to the index.
    @Test(
        arguments: StoreKind.allCases,
        [
            "", " ", "\"", "*", "\"alpha", "alpha\" OR \"beta", "terms:alpha", "place : r1", "NEAR(alpha beta)",
            "-alpha",
            "alpha AND", "^alpha", "'; DROP TABLE term; --", "\u{0}", "(((", "{terms} : alpha", "r1", "a1",
        ])
    func `takes any query as words`(kind: StoreKind, text: String) throws {
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        try test.write { try $0.post("gamma delta", in: room, seq: 1) }
        #expect(try test.found(text, in: [room]) == [])
        #expect(try test.found("gamma", in: [room]) == [1])
    }

    @Test(arguments: StoreKind.allCases)
    func `ranks what says it more often in fewer words first`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        try test.write { transaction throws in
            try transaction.post("swift swift", in: room, seq: 1)
            for seq: SequenceNumber in 2...9 {
                try transaction.post("many other words that say little and one swift", in: room, seq: seq)
            }
        }
        #expect(try test.found("swift", in: [room]).first == 1)
    }
}

extension StoreUnderTest {
    func found(_ text: String, in rooms: [RoomID]) throws -> [SequenceNumber] {
        try store.search(SearchQuery(text: text, rooms: rooms, limit: 50)).map(\.event.seq)
    }
}
