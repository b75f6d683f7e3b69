import Community
import LyceumProtocol

extension WriteContext {
    /// Notes what recommendations follow from and no event tells.
    func note(
        _ kind: ActivityNote.Kind, by member: MemberID, in room: RoomID? = nil, thread: SequenceNumber? = nil,
        detail: String? = nil
    ) throws {
        try transaction.note(ActivityNote(kind, at: now, by: member, room: room, thread: thread, detail: detail))
    }

    /// Whoever is banned for good stops counting, and counts again once they are pardoned.
    func noteBan(in change: Change) throws {
        guard case .member(let member) = change else { return }
        let wasBanned = community.members[member.id]?.bannedUntil == .max
        let isBanned = member.bannedUntil == .max
        if wasBanned != isBanned { try note(isBanned ? .banned : .pardoned, by: member.id) }
    }
}
