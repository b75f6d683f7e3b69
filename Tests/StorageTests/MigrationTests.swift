import Community
import Foundation
import GRDBSQLite
import LyceumProtocol
import Storage
import Testing

/// Stores of every released version open in this one with all that was in them.
///
/// A fixture is what `sqlite3 lyceum.db .dump` wrote of a store that ``SampleCommunity`` was put into by that version.
/// Each release adds one; what a new version stores in addition is put in by a part of its own, after what is there.
@Suite struct Migration {
    @Test(arguments: ["0.1.0"])
    func `brings everything along`(version: String) throws {
        let folder = try TemporaryFolder()
        let dump = try #require(Bundle.module.url(forResource: version, withExtension: "sql", subdirectory: "Fixtures"))
        try load(String(contentsOf: dump, encoding: .utf8), into: folder.url.appending(path: "lyceum.db").path)
        let migrated = try SQLiteStore(folder: folder.url)
        #expect(try migrated.verify() == [])
        let fresh = try StoreUnderTest()
        try SampleCommunity.fill(fresh.store)
        #expect(try SampleCommunity.description(of: migrated) == SampleCommunity.description(of: fresh.store))
        #expect(try migrated.loadCommunity().epoch == "fixture")
    }

    private func load(_ sql: String, into path: String) throws {
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        try #require(sqlite3_open(path, &connection) == SQLITE_OK)
        try #require(sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK)
    }
}

/// One of everything that a store keeps.
enum SampleCommunity {
    private static let ann = MemberID(1)
    private static let bob = MemberID(2)
    private static let code = TokenHash([UInt8](repeating: 7, count: 32))

    static func fill(_ store: any CommunityStore) throws {
        try store.write { transaction throws in
            _ = try (transaction.makeMember("ann", role: .owner), transaction.makeMember("bob"))
            let rules = RoomRules(
                slowModeSeconds: 5, isAnnouncement: true, overrides: [.guest: .init(allow: .pin, deny: .post)])
            let id = try transaction.makeRoomID()
            try transaction.put(
                .room(
                    Room(
                        id: id, kind: .public, name: "hall", title: "大厅", topic: "t", createdBy: ann, createdAt: 2,
                        rules: rules)))
            try transaction.join(id, ann)
            try transaction.put(
                .joined(id, bob, Membership(role: .moderator, joinedSeq: 0, readSeq: 0, readOrdinal: 0)))
            try transaction.setPasswordHash("$scrypt$x", of: ann)
            if let code {
                let session = try transaction.makeSessionID()
                try transaction.put(
                    .session(Session(id: session, member: ann, token: code, createdAt: 3, label: "phone")))
                try transaction.put(
                    Invite(code: code, room: id, role: .guest, createdBy: ann, expiresAt: 9, usesLeft: 1))
            }
        }
        let room = RoomID(1)
        // So many that some have been moved out of the tail and some have not.
        for start in stride(from: SequenceNumber(1), to: 4_801, by: 600) {
            try store.write { transaction throws in
                for seq in start..<start + 600 {
                    try transaction.post(
                        "m\(seq)", in: room, seq: seq, by: bob, thread: seq == 2 ? 1 : nil,
                        ordinal: seq == 1 ? 1 : seq - 1)
                }
                try transaction.put(.read(room, ann, seq: start, ordinal: max(1, start - 1)))
            }
        }
        try store.write { transaction throws in
            try transaction.rewrite(3, in: room, body: messageBody("edited"))
            try transaction.add(Revision(room: room, seq: 3, replacedBy: 4, at: 5, by: bob, text: "m3"))
            _ = try transaction.addReaction("👍", to: 3, in: room, by: ann)
            _ = try transaction.pin(3, in: room, by: ann, at: 6)
            try transaction.put(ThreadRecord(room: room, root: 1, title: "t", replies: 1, lastSeq: 2, lastAt: 1_000))
            try transaction.follow(1, in: room, by: ann, readSeq: 0)
            try transaction.addMention(of: ann, in: room, seq: 4_750)
            try transaction.addMention(of: nil, in: room, seq: 4_760)
            try transaction.append(MeEvent(member: ann, seq: 1, at: 7, body: [1]))
            try transaction.put(.meAdvanced(ann, seq: 1))
            try transaction.add(Report(room: room, seq: 3, by: ann, at: 8, reason: "r"))
            try transaction.remember(PostOutcome(room: room, reply: [2]), nonce: "n", by: bob, at: 9)
        }
    }

    /// Everything but the epoch, as text.
    static func description(of store: any CommunityStore) throws -> [String] {
        let community = try store.loadCommunity()
        let room = RoomID(1)
        var lines = community.members.values.sorted { $0.id < $1.id }.map { "\($0)" }
        lines += community.rooms.values.map { room in
            let overrides = room.rules.overrides.map { "\($0)" }.sorted()
            var plain = room
            plain.rules.overrides = [:]
            return "\(plain) \(overrides)"
        }
        lines += community.memberships(in: room).sorted { $0.key < $1.key }.map { "\($0)" }
        lines += community.sessions(of: ann).map { "\($0.id) \($0.token.bytes) \($0.createdAt) \($0.label)" }
        try store.read { reader throws in
            lines += try reader.events(in: room, after: 0, limit: .max, maximumBytes: .max).map { "\($0)" }
            lines += try [
                "\(reader.revisions(of: 3, in: room))", "\(reader.reactions(to: [3], in: room, viewer: ann))",
                "\(reader.pins(in: room))", "\(reader.followedThreads(of: ann, in: nil))",
                "\(reader.messages(inThread: 1, of: room, after: 0, limit: 9).map(\.seq))",
                "\(reader.unreadMentions(of: ann, after: community.readMarks(of: ann)))",
                "\(reader.meEvents(of: ann, after: 0, limit: 9))",
                "\(reader.passwordHash(of: ann) ?? "none")", "\(reader.reports(after: 0, limit: 9))",
                "\(code.flatMap { try reader.invite($0) }.map { "\($0.role) \($0.usesLeft)" } ?? "none")",
            ]
        }
        lines += try store.write { transaction throws in
            [
                "\(try transaction.outcome(of: "n", by: bob).map { "\($0)" } ?? "none")",
                "\(try transaction.makeMemberID()) \(try transaction.makeRoomID()) \(try transaction.makeSessionID())",
            ]
        }
        return lines
    }
}
