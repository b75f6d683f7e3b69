import LyceumProtocol
import Testing

@testable import LyceumClient

@Suite struct RoomReplicaTests {
    private let viewer = MemberID(2)

    private func replica(of events: [Event]) throws -> RoomReplica {
        var replica = RoomReplica(id: RoomID(1))
        for event in events { try check(&replica, event, is: .applied) }
        return replica
    }

    private func check(
        _ replica: inout RoomReplica, _ event: Event, is expected: RoomReplica.Outcome,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try replica.apply(event)
        #expect(outcome == expected, sourceLocation: sourceLocation)
    }

    @Test func `a message is edited, reacted to, pinned and deleted`() throws {
        var replica = try replica(of: [
            roomEvent("room.created", seq: 1) { $0.field("title", "Old") },
            roomEvent("member.joined", seq: 2) { json in
                json.field(
                    "member",
                    object: { json in
                        json.field("id", 2)
                        json.field("name", "ann")
                        json.field("role", "member")
                    })
            },
            roomEvent("message.posted", seq: 3) { $0.field("text", "helo") },
            roomEvent("message.edited", seq: 4) { json in
                json.field("message", 3)
                json.field("text", "hello")
            },
            roomEvent("reaction.added", seq: 5, by: 2) { json in
                json.field("message", 3)
                json.field("emoji", "👍")
            },
            roomEvent("message.pinned", seq: 6) { $0.field("message", 3) },
            roomEvent("room.updated", seq: 7) { $0.field("title", "New") },
        ])
        var message = try #require(replica.snapshot(for: viewer).messages[3])
        #expect(message.text == "hello")
        #expect(message.editedAt == 1_004)
        #expect(message.reactions == ["👍": .init(count: 1, isMine: true)])
        #expect(message.isPinned)
        #expect(replica.fields.title == "New")
        #expect(replica.members[viewer]?.name == "ann")

        try replica.apply(
            roomEvent("reaction.removed", seq: 8, by: 2) { json in
                json.field("message", 3)
                json.field("emoji", "👍")
            })
        try replica.apply(roomEvent("message.deleted", seq: 9) { $0.field("message", 3) })
        try replica.apply(roomEvent("member.left", seq: 10) { $0.field("member", 2) })
        message = try #require(replica.snapshot(for: viewer).messages[3])
        #expect(message.text.isEmpty)
        #expect(message.isDeleted)
        #expect(message.reactions.isEmpty)
        #expect(replica.members.isEmpty)
    }

    @Test func `replies are counted at the root of their thread`() throws {
        let replica = try replica(of: [
            roomEvent("message.posted", seq: 1) { $0.field("text", "root") },
            roomEvent("message.posted", seq: 2) { json in
                json.field("text", "reply")
                json.field("thread", 1)
            },
            roomEvent("thread.updated", seq: 3) { json in
                json.field("thread", 1)
                json.field("title", "On roots")
                json.field("closed", true)
            },
        ])
        let root = replica.snapshot(for: viewer).messages[1]
        #expect(root?.replies == .init(count: 1, lastSeq: 2, title: "On roots", isClosed: true))
    }

    @Test func `what was seen is ignored and what would leave a hole is refused`() throws {
        let posted = try roomEvent("message.posted", seq: 1) { $0.field("text", "one") }
        var replica = try replica(of: [posted])
        let before = replica
        try check(&replica, posted, is: .ignored)
        try check(&replica, roomEvent("message.posted", room: 2, seq: 2), is: .ignored)
        try check(&replica, roomEvent("message.posted", seq: 3), is: .missesEarlier)
        #expect(replica == before)
    }

    @Test func `an event without what the contract promises changes nothing`() throws {
        var replica = try replica(of: [roomEvent("message.posted", seq: 1)])
        let before = replica
        let edit = try roomEvent("message.edited", seq: 2)
        #expect(throws: JSONError.self) { try replica.apply(edit) }
        #expect(replica == before)
    }

    @Test func `a replaced edit does not blank the text that is newer`() throws {
        let replica = try replica(of: [
            roomEvent("message.posted", seq: 1) { json in
                json.field("text", "third")
                json.field("edited_at", 1_003)
            },
            roomEvent("message.edited", seq: 2) { json in
                json.field("message", 1)
                json.field("text", "")
                json.field("superseded", true)
            },
        ])
        #expect(replica.messages[1]?.text == "third")
    }
}
