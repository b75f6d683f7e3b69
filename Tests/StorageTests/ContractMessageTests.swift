import Community
import LyceumProtocol
import Testing

/// What every store promises of what hangs on messages, threads and members.
@Suite struct `What hangs on messages` {
    private let ann = MemberID(1)
    private let bob = MemberID(2)

    @Test(arguments: StoreKind.allCases)
    func `reactions count members, in the order each emoji came`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = RoomID(1)
        try test.write { transaction throws in
            #expect(try transaction.addReaction("👍", to: 1, in: room, by: ann))
            #expect(try transaction.addReaction("🎉", to: 1, in: room, by: ann))
            #expect(try transaction.addReaction("👍", to: 1, in: room, by: bob))
            #expect(try !transaction.addReaction("👍", to: 1, in: room, by: bob))
            #expect(try transaction.emojiCount(of: 1, in: room) == 2)
        }
        let reactions = try test.read { try $0.reactions(to: [1, 2], in: room, viewer: bob) }
        let expected = [
            ReactionCount(emoji: "👍", count: 2, mine: true), ReactionCount(emoji: "🎉", count: 1, mine: false),
        ]
        #expect(reactions == [1: expected])
        try test.write { transaction throws in
            #expect(try transaction.removeReaction("🎉", from: 1, in: room, by: ann))
            #expect(try !transaction.removeReaction("🎉", from: 1, in: room, by: ann))
        }
        #expect(try test.read { try $0.reactions(to: [1], in: room, viewer: ann) }[1]?.map(\.emoji) == ["👍"])
    }

    @Test(arguments: StoreKind.allCases)
    func `pins are listed newest first`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = RoomID(1)
        try test.write { transaction throws in
            for seq: SequenceNumber in [5, 2, 9] { #expect(try transaction.pin(seq, in: room, by: ann, at: 1)) }
            #expect(try !transaction.pin(2, in: room, by: bob, at: 2))
            #expect(try transaction.unpin(5, in: room))
            #expect(try !transaction.unpin(5, in: room))
        }
        #expect(try test.read { try $0.pins(in: room) } == [9, 2])
        #expect(try test.read { try $0.pinned(among: [1, 2, 5], in: room) } == [2])
    }

    @Test(arguments: StoreKind.allCases)
    func `a followed thread counts the replies after the mark, which only moves forward`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let room = try test.write { try $0.makeRoom("one") }
        try test.write { transaction throws in
            try transaction.post("root", in: room, seq: 1)
            for seq: SequenceNumber in 2...6 {
                try transaction.post("reply", in: room, seq: seq, thread: 1, ordinal: 1)
            }
            try transaction.put(ThreadRecord(room: room, root: 1, title: "t", replies: 5, lastSeq: 6, lastAt: 1_000))
            try transaction.follow(1, in: room, by: ann, readSeq: 3)
            try transaction.follow(1, in: room, by: ann, readSeq: 6)
            try transaction.follow(1, in: room, by: bob, readSeq: 6)
        }
        #expect(try test.read { try $0.followedThreads(of: ann, in: nil) }.map(\.unread) == [3])
        try test.write { try $0.markRead(1, in: room, by: ann, seq: 5) }
        try test.write { try $0.markRead(1, in: room, by: ann, seq: 4) }
        let followed = try test.read { try $0.followedThreads(of: ann, in: room) }
        #expect(followed.map(\.unread) == [1])
        #expect(followed.map(\.readSeq) == [5])
        #expect(followed.first?.thread.title == "t")
        #expect(try test.read { try $0.followers(of: 1, in: room) } == [ann, bob])
        try test.write { try $0.unfollow(1, in: room, by: ann) }
        #expect(try test.read { try $0.followedThreads(of: ann, in: nil) }.isEmpty)
        #expect(try test.read { try $0.threads(roots: [1, 2], in: room) }.keys.sorted() == [1])
    }

    @Test(arguments: StoreKind.allCases)
    func `unread mentions are those after the read mark`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let (room, quiet) = try test.write { (try $0.makeRoom("one"), try $0.makeRoom("two")) }
        try test.write { transaction throws in
            for member in [ann, bob] {
                try transaction.join(room, member)
                try transaction.join(quiet, member)
            }
            for seq: SequenceNumber in 1...4 { try transaction.post("@", in: room, seq: seq, by: ann) }
            try transaction.addMention(of: bob, in: room, seq: 1)
            try transaction.addMention(of: bob, in: room, seq: 3)
            try transaction.addMention(of: nil, in: room, seq: 3)
            try transaction.addMention(of: nil, in: room, seq: 4)
        }
        try test.read { reader throws in
            #expect(try reader.unreadMentions(of: bob, after: [room: 0, quiet: 0]) == [room: 3])
            #expect(try reader.unreadMentions(of: bob, after: [room: 3, quiet: 0]) == [room: 1])
            #expect(try reader.unreadMentions(of: bob, after: [quiet: 0]) == [:])
            // Nobody is called by their own words.
            #expect(try reader.unreadMentions(of: ann, after: [room: 0, quiet: 0]) == [:])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a member's own stream is read in order`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let events = (1...5).map { MeEvent(member: ann, seq: SequenceNumber($0), at: 1, body: [UInt8($0)]) }
        try test.write { transaction throws in
            for event in events { try transaction.append(event) }
            try transaction.append(MeEvent(member: bob, seq: 1, at: 1, body: []))
        }
        #expect(try test.read { try $0.meEvents(of: ann, after: 2, limit: 2) } == Array(events[2...3]))
    }

    @Test(arguments: StoreKind.allCases)
    func `passwords, invites and reports come back as they were put`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let code = try #require(TokenHash(0..<32))
        var invite = Invite(
            code: code, room: RoomID(4), role: .mentor, createdBy: ann, expiresAt: 99, usesLeft: 2)
        let reports = (1...3).map { Report(room: RoomID(1), seq: SequenceNumber($0), by: bob, at: 5, reason: "\($0)") }
        try test.write { transaction throws in
            try transaction.setPasswordHash("$scrypt$1", of: ann)
            try transaction.put(invite)
            for report in reports { try transaction.add(report) }
        }
        invite.usesLeft = 1
        try test.write { try $0.put(invite) }
        try test.reopen()
        try test.read { reader throws in
            #expect(try reader.passwordHash(of: ann) == "$scrypt$1")
            #expect(try reader.passwordHash(of: bob) == nil)
            #expect(try reader.invite(code) == invite)
            let page = try reader.reports(after: 0, limit: 2)
            #expect(page.map(\.reason) == ["1", "2"])
            let rest = try reader.reports(after: try #require(page.last?.id), limit: 2)
            #expect(rest.map(\.reason) == ["3"])
            var stored = page + rest
            for index in stored.indices { stored[index].id = 0 }
            #expect(stored == reports)
        }
    }
}
