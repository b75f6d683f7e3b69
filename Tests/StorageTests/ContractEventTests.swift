import Community
import LyceumProtocol
import Testing

/// What every store promises of the record of events.
@Suite struct `The record of events` {
    @Test(arguments: StoreKind.allCases)
    func `gives back what was written, also after it was opened again`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let (room, event) = try test.write { transaction throws in
            let room = try transaction.makeRoom("one")
            return (room, try transaction.post("héllo \u{0}你好", in: room, seq: 1, by: MemberID(7), at: .max))
        }
        #expect(try test.read { try $0.event(1, in: room) } == event)
        try test.reopen()
        #expect(try test.read { try $0.event(1, in: room) } == event)
        #expect(try test.read { try $0.event(2, in: room) } == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func `has no holes and no repeats`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        try test.write { try $0.post("first", in: room, seq: 1) }
        for wrong: SequenceNumber in [0, 1, 3] {
            #expect(throws: StoreError.self) { try test.write { try $0.post("wrong", in: room, seq: wrong) } }
        }
        try test.write { try $0.post("second", in: room, seq: 2) }
        try test.reopen()
        #expect(throws: StoreError.self) { try test.write { try $0.post("wrong", in: room, seq: 2) } }
        let seqs = try test.read { try $0.events(in: room, after: 0, limit: 10, maximumBytes: .max) }.map(\.seq)
        #expect(seqs == [1, 2])
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps nothing of a transaction that threw`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        #expect(throws: Refusal.self) {
            try test.write { transaction throws in
                try transaction.post("never", in: room, seq: 1)
                _ = try transaction.makeRoom("neither")
                throw Refusal(.forbidden, "No.")
            }
        }
        #expect(try test.read { try $0.event(1, in: room) } == nil)
        #expect(try test.store.loadCommunity().rooms.keys.sorted() == [room])
        try test.write { try $0.post("now", in: room, seq: 1) }
    }

    /// Pages are compared with the same questions asked of a plain array, far enough that the newest events have been
    /// moved to where older ones are, more than once.
    @Test(arguments: StoreKind.allCases, UInt64(0)..<4)
    func `pages are what an array of all events would give`(kind: StoreKind, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let test = try StoreUnderTest(kind)
        let rooms = try test.write { transaction in try (1...3).map { try transaction.makeRoom("room\($0)") } }
        var record: [RoomID: [RoomEvent]] = [:]
        for _ in 0..<40 {
            try test.write { transaction throws in
                for _ in 0..<300 {
                    guard let room = rooms.randomElement(using: &random) else { return }
                    let event = try transaction.appendRandom(in: room, after: record[room] ?? [], using: &random)
                    record[room, default: []].append(event)
                }
            }
        }
        for _ in 0..<60 {
            guard let room = rooms.randomElement(using: &random), let events = record[room] else { return }
            let seq = SequenceNumber.random(in: -1...SequenceNumber(events.count) + 2, using: &random)
            try expectSamePages(of: test, room, at: seq, limit: .random(in: 1...60, using: &random), as: events)
        }
    }

    /// Long stretches of thread replies lie between the messages, before the first and after the last.
    @Test(arguments: StoreKind.allCases, UInt64(0)..<4)
    func `pages of messages are found across long stretches without any`(kind: StoreKind, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        var events: [RoomEvent] = []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let stretch = [0, 1, 255, 256, 257, 1_500].randomElement(using: &random) ?? 0
            let messages = Int.random(in: 0...3, using: &random)
            try test.write { transaction throws in
                for index in 0..<stretch + messages {
                    let (seq, ordinal) = (SequenceNumber(events.count) + 1, events.last?.ordinal ?? 0)
                    events.append(
                        index < stretch
                            ? try transaction.note(.reactionAdded, in: room, seq: seq, ordinal: ordinal)
                            : try transaction.post("m", in: room, seq: seq, ordinal: ordinal + 1))
                }
            }
        }
        let timeline = events.filter { $0.kind == .messagePosted }
        let (from, to) = (SequenceNumber(-1), SequenceNumber(events.count) + 2)
        for _ in 0..<100 {
            let seq = SequenceNumber.random(in: from...to, using: &random)
            let limit = Int.random(in: 1...9, using: &random)
            let before = try test.read { try $0.events(in: room, before: seq, limit: limit, messagesOnly: true) }
            #expect(before == timeline.filter { $0.seq < seq }.suffix(limit))
            let after = try test.read { try $0.messages(in: room, after: seq, limit: limit) }
            #expect(after == Array(timeline.filter { $0.seq > seq }.prefix(limit)))
        }
        let all = try test.read { try $0.events(in: room, before: .max, limit: 1_000, messagesOnly: true) }
        #expect(all == timeline)
    }

    private func expectSamePages(
        of test: StoreUnderTest, _ room: RoomID, at seq: SequenceNumber, limit: Int, as events: [RoomEvent]
    ) throws {
        let timeline = events.filter { $0.kind == .messagePosted && $0.thread == nil }
        let root = events[abs(Int(seq)) % events.count].thread ?? 1
        let thread = events.filter {
            $0.kind == .messagePosted && ($0.thread == root || $0.seq == root)
        }
        try test.read { reader throws in
            let after = try reader.events(in: room, after: seq, limit: limit, maximumBytes: .max)
            #expect(after == Array(events.filter { $0.seq > seq }.prefix(limit)))
            let before = try reader.events(in: room, before: seq, limit: limit, messagesOnly: false)
            #expect(before == events.filter { $0.seq < seq }.suffix(limit))
            let messages = try reader.events(in: room, before: seq, limit: limit, messagesOnly: true)
            #expect(messages == timeline.filter { $0.seq < seq }.suffix(limit))
            let messagesAfter = try reader.messages(in: room, after: seq, limit: limit)
            #expect(messagesAfter == Array(timeline.filter { $0.seq > seq }.prefix(limit)))
            guard events[Int(root) - 1].kind == .messagePosted else { return }
            let replies = try reader.messages(inThread: root, of: room, after: seq, limit: limit)
            #expect(replies == Array(thread.filter { $0.seq > seq }.prefix(limit)))
            let older = try reader.messages(inThread: root, of: room, before: seq, limit: limit)
            #expect(older == thread.filter { $0.seq < seq }.suffix(limit))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a page ends once it holds about as many bytes as asked for`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = try test.write { transaction throws in
            let room = try transaction.makeRoom("one")
            for seq in 1...10 {
                try transaction.post(String(repeating: "x", count: 100), in: room, seq: SequenceNumber(seq))
            }
            return room
        }
        let page = try test.read { try $0.events(in: room, after: 0, limit: 10, maximumBytes: 250) }
        #expect(page.map(\.seq) == [1, 2, 3])
    }

    @Test(arguments: StoreKind.allCases)
    func `a rewritten event keeps its place and what stood there is a revision`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        try test.write { try $0.post("before", in: room, seq: 1) }
        let revision = Revision(room: room, seq: 1, replacedBy: 2, at: 9, by: MemberID(3), text: "before")
        try test.write { transaction throws in
            try transaction.rewrite(1, in: room, body: messageBody("after"))
            try transaction.note(.messageEdited, in: room, seq: 2, ordinal: 1, message: 1)
            try transaction.add(revision)
        }
        #expect(try test.read { try $0.event(1, in: room) }?.body == messageBody("after"))
        #expect(try test.read { try $0.revisions(of: 1, in: room) } == [revision])
        #expect(throws: StoreError.self) { try test.write { try $0.rewrite(3, in: room, body: []) } }
    }

    @Test(arguments: StoreKind.allCases)
    func `a nonce answers with the first outcome, for its author alone`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let outcome = PostOutcome(room: RoomID(1), reply: Array(#"{"seq":1}"#.utf8))
        try test.write { try $0.remember(outcome, nonce: "n", by: MemberID(1), at: 5) }
        try test.reopen()
        try test.write { transaction throws in
            #expect(try transaction.outcome(of: "n", by: MemberID(1)) == outcome)
            #expect(try transaction.outcome(of: "n", by: MemberID(2)) == nil)
            #expect(try transaction.outcome(of: "m", by: MemberID(1)) == nil)
        }
    }
}

extension CommunityTransaction {
    /// A message of the timeline, a reply in a thread, or something else, as chance has it.
    fileprivate func appendRandom(
        in room: RoomID, after events: [RoomEvent], using random: inout SplitMix64
    ) throws -> RoomEvent {
        let (seq, ordinal) = (SequenceNumber(events.count) + 1, events.last?.ordinal ?? 0)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: return try post("message \(seq)", in: room, seq: seq, ordinal: ordinal + 1)
        case 4..<7 where ordinal > 0:
            let root = events.first { $0.kind == .messagePosted }?.seq
            return try post("reply \(seq)", in: room, seq: seq, thread: root, ordinal: ordinal)
        default: return try note(.reactionAdded, in: room, seq: seq, ordinal: ordinal, message: 1)
        }
    }
}
