import Community
import LyceumProtocol
import Testing

/// What every store promises of the community that it loads.
@Suite struct `The community that is loaded` {
    /// The same changes, in the same order, given to the store and to a community in memory.
    @Test(arguments: StoreKind.allCases, UInt64(0)..<8)
    func `is the one that the stored changes made`(kind: StoreKind, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let test = try StoreUnderTest(kind)
        var mirror = Mirror(community: try test.store.loadCommunity())
        for _ in 0..<60 {
            try test.write { transaction throws in
                for _ in 0..<Int.random(in: 1...40, using: &random) {
                    try mirror.changeSomething(in: transaction, using: &random)
                }
            }
        }
        expectEqual(try test.store.loadCommunity(), mirror.community)
        try test.reopen()
        expectEqual(try test.store.loadCommunity(), mirror.community)
    }

    @Test(arguments: StoreKind.allCases)
    func `identifiers are never given twice`(kind: StoreKind) throws {
        let test = try StoreUnderTest(kind)
        let first = try test.write { (try $0.makeMemberID(), try $0.makeMemberID(), try $0.makeSessionID()) }
        #expect(first.0 < first.1)
        try test.write { try $0.put(.sessionEnded(first.2)) }
        try test.reopen()
        let second = try test.write { (try $0.makeMemberID(), try $0.makeSessionID()) }
        #expect(first.1 < second.0)
        #expect(first.2 != second.1)
    }

    private func expectEqual(_ loaded: Community, _ expected: Community) {
        #expect(loaded.epoch == expected.epoch)
        #expect(loaded.members == expected.members)
        #expect(loaded.rooms == expected.rooms)
        #expect(loaded.sessions == expected.sessions)
        for room in expected.rooms.keys {
            #expect(loaded.memberships(in: room) == expected.memberships(in: room))
        }
    }
}

/// A community in memory that is given every change that the store is given.
private struct Mirror {
    var community: Community
    private let names = (0..<12).map { "name\($0)" }

    init(community: Community) { self.community = community }

    mutating func changeSomething(
        in transaction: any CommunityTransaction, using random: inout SplitMix64
    ) throws {
        let member = community.members.keys.sorted().randomElement(using: &random)
        let room = community.rooms.keys.sorted().randomElement(using: &random)
        guard let member, let room, Int.random(in: 0..<8, using: &random) > 0 else {
            return try makeSomething(in: transaction, using: &random)
        }
        try apply(transaction) { community in
            let number = Int64.random(in: 0...1_000_000, using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: return .joined(room, member, Membership(joinedSeq: number, readSeq: number, readOrdinal: 1))
            case 1: return .left(room, member)
            case 2 where community.membership(of: member, in: room) != nil:
                return .read(room, member, seq: number, ordinal: number / 2)
            case 3: return .roomAdvanced(room, seq: number, ordinal: number / 2)
            case 4: return .meAdvanced(member, seq: number)
            case 5: return community.members[member].map { .member(Self.changed($0, number)) }
            default: return community.rooms[room].map { .room(Self.changed($0, number)) }
            }
        }
    }

    private mutating func makeSomething(
        in transaction: any CommunityTransaction, using random: inout SplitMix64
    ) throws {
        let token = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        let (member, room) = (try transaction.makeMemberID(), try transaction.makeRoomID())
        try apply(transaction) { _ in .member(Member(id: member, name: "m\(member)", role: .guest, createdAt: 3)) }
        try apply(transaction) { _ in
            .room(Room(id: room, kind: .private, name: "r\(room)", title: "标题", createdBy: member, createdAt: 4))
        }
        let session = try transaction.makeSessionID()
        try apply(transaction) { _ in
            TokenHash(token).map {
                .session(Session(id: session, member: member, token: $0, createdAt: 5, label: "phone"))
            }
        }
        if Bool.random(using: &random) { try apply(transaction) { _ in .sessionEnded(session) } }
    }

    private mutating func apply(
        _ transaction: any CommunityTransaction, _ change: (Community) -> Change?
    ) throws {
        guard let change = change(community) else { return }
        try transaction.put(change)
        community.apply(change)
    }

    private static func changed(_ member: Member, _ number: Int64) -> Member {
        var member = member
        member.role = Role.allCases[Int(number) % Role.allCases.count]
        member.mutedUntil = number % 2 == 0 ? number : nil
        member.bannedUntil = number % 3 == 0 ? .max : nil
        return member
    }

    private static func changed(_ room: Room, _ number: Int64) -> Room {
        var room = room
        room.topic = "topic \(number)"
        room.isArchived = number % 2 == 0
        room.rules = RoomRules(
            slowModeSeconds: number % 100, isAnnouncement: number % 3 == 0,
            overrides: number % 5 == 0 ? [.guest: .init(allow: .pin, deny: .post)] : [:])
        return room
    }
}
