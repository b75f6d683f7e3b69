import Community
import LyceumProtocol

extension WriteContext {
    /// Refuses what comes too soon after the author's last post in a room that asks for time between two.
    func checkSlowMode(_ room: Room, _ author: Member) throws(Refusal) {
        guard room.rules.slowModeSeconds > 0, let membership = community.membership(of: author.id, in: room.id),
            !Gate.permissions(of: author, in: room, of: community).contains(.skipSlowMode)
        else { return }
        let wait = membership.lastPostAt + room.rules.slowModeSeconds * 1000 - now
        // A clock that was set back must not silence anybody for longer than the room asks.
        if wait > 0, wait <= room.rules.slowModeSeconds * 1000 {
            throw Refusal(
                .slowMode, "You may post again in \((wait + 999) / 1000) s.", retryAfterMilliseconds: wait)
        }
    }
}

extension PostOutcome {
    /// The first outcome again; a nonce that was used for another room is a mistake of the client's.
    func repeated(in room: RoomID?) throws(Refusal) -> [UInt8] {
        guard self.room == room else { throw Refusal(.conflict, "This nonce was used in another room.") }
        return reply.dropLast() + Array(#","duplicate":true}"#.utf8)
    }
}
