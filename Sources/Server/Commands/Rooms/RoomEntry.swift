import Community
import LyceumProtocol

/// A room as `session.open`, `room.join` and `room.list` tell it.
enum RoomEntry {
    static let fields =
        "id name title kind topic epoch seq read_seq unread mentions role slow_mode_s archived "
        + "members_only_post members moderation"

    /// What the room says itself, for those who keep order in it.
    private static func write(_ moderation: RoomModeration, to json: inout JSONWriter) {
        json.field("flag", moderation.flag)
        json.field("hold", moderation.hold)
        json.field("block", moderation.block)
        json.field("first_posts", moderation.firstPosts)
        json.field("raid_until", moderation.raidUntil)
    }

    /// Writes the entry's fields; those of a membership only for members.
    static func write(
        _ room: Room, for member: MemberID, mentions: Int = 0, of community: borrowing Community,
        to json: inout JSONWriter
    ) {
        json.field("id", room.id.rawValue)
        json.field("name", room.name)
        json.field("title", room.title)
        json.field("kind", room.kind.rawValue)
        json.field("topic", room.topic)
        json.field("epoch", community.epoch)
        json.field("seq", room.seq)
        if let membership = community.membership(of: member, in: room.id) {
            json.field("read_seq", membership.readSeq)
            json.field("unread", community.unread(of: member, in: room.id))
            json.field("mentions", mentions)
            json.field("role", (membership.role ?? community.members[member]?.role ?? .member).rawValue)
        }
        json.field("slow_mode_s", room.rules.slowModeSeconds)
        json.field("members_only_post", room.rules.isAnnouncement)
        json.field("archived", room.isArchived)
        json.field("members", community.memberCount(of: room.id))
        if room.kind != .direct, Gate.mayReview(room.id, member, of: community) {
            json.field("moderation", object: { write(room.rules.moderation, to: &$0) })
        }
        if room.kind == .direct {
            json.field("with", array: community.memberships(in: room.id).keys.filter { $0 != member }.sorted()) {
                $0.value($1.rawValue)
            }
        }
    }
}

extension WriteContext {
    /// The entry of a room as the acting member sees it after this command; the events that it counts go out before it.
    func entry(of room: RoomID) throws -> [UInt8] {
        let member = try requireActor()
        let room = try self.room(room)
        settle(room.id)
        return object { json in
            json.field("room", room.id.rawValue)
            json.field("entry", object: { RoomEntry.write(room, for: member.id, of: community, to: &$0) })
        }
    }

    /// Puts a member into a room; they have read what was there before. All of their connections hear of it, so that
    /// none meets a room that it knows nothing of, or misses the event after it has left.
    func join(_ member: Member, _ roomID: RoomID, role: Role? = nil) throws {
        hear(roomID, member.id)
        let event = try append(.memberJoined, in: roomID, by: member.id) { json in
            json.field(
                "member",
                object: { json in
                    json.field("id", member.id.rawValue)
                    json.field("name", member.name)
                    json.field("role", (role ?? member.role).rawValue)
                })
        }
        let membership = Membership(
            role: role, joinedSeq: event.seq, readSeq: event.seq, readOrdinal: event.ordinal)
        try apply(.joined(roomID, member.id, membership))
    }

    /// Takes a member out of a room, and their bots along; nothing after the event reaches them.
    func leave(_ member: MemberID, _ roomID: RoomID, by actor: MemberID, reason: String) throws {
        try append(.memberLeft, in: roomID, by: actor) { json in
            json.field("member", member.rawValue)
            json.field("reason", reason)
        }
        try apply(.left(roomID, member))
        try withdrawVotes(of: member, in: roomID)
        for bot in community.bots(of: member) where community.membership(of: bot.member, in: roomID) != nil {
            try leave(bot.member, roomID, by: actor, reason: reason)
            try tell(.roomRemoved, to: bot.member) { $0.field("room", roomID.rawValue) }
        }
    }
}
