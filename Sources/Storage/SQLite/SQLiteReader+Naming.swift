import Community
import LyceumProtocol

/// The events that tell what somebody or something is called, wherever they stand: what a moderator takes away must go
/// from all of them.
///
/// They are few among the others, and have indexes of their own (``Schema``), which SQLite takes only where a condition
/// names the kind as the index does.
extension SQLiteReader {
    func events(naming member: MemberID) throws -> [RoomEvent] {
        try events(where: "kind = 3 AND author = ?1", "", member.rawValue) + events(where: "kind = 5", "")
    }

    func titlingEvents(in room: RoomID) throws -> [RoomEvent] {
        try events(where: "kind = 17 AND room = ?1", "ORDER BY seq", room.rawValue)
    }
}
