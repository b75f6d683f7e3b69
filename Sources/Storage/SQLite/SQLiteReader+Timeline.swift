import Community
import LyceumProtocol

/// The messages outside threads. They may lie far apart: between two there can be a hundred thousand replies in threads
/// and reactions, which must not be read to find the next one.
///
/// ``RoomEvent/ordinal`` counts these messages and never falls, and sequence numbers have no holes, so where a stretch of
/// events has none, a binary search over the numbers finds the next.
extension SQLiteReader {
    /// Events read at a time, before it is worth while to search.
    private static let stretch: SequenceNumber = 256
    private static let isTimelineMessage = "kind = 10 AND thread IS NULL"

    /// The newest `limit` messages before a position, oldest first.
    func timeline(of room: RoomID, before seq: SequenceNumber, limit: Int) throws(StoreError) -> [RoomEvent] {
        var messages: [RoomEvent] = []
        var end = min(max(seq, 1), try newestEvent(of: room) + 1)
        while messages.count < limit, end > 1 {
            let start = max(1, end - Self.stretch)
            let found = try events(
                where: "room = ?1 AND seq >= ?2 AND seq < ?3 AND \(Self.isTimelineMessage)",
                "ORDER BY seq DESC LIMIT ?4", room.rawValue, start, end, Int64(limit - messages.count))
            messages += found
            guard found.isEmpty, let count = try value(of: .ordinal, at: start, in: room) else {
                end = start
                continue
            }
            // All that are left stand at or before the one that made the count.
            end = try count == 0 ? 1 : firstEvent(of: room, in: 1...start, where: .ordinal, reaches: count) + 1
        }
        return messages.reversed()
    }

    /// The oldest `limit` messages after a position.
    func timeline(of room: RoomID, after seq: SequenceNumber, limit: Int) throws(StoreError) -> [RoomEvent] {
        var messages: [RoomEvent] = []
        let newest = try newestEvent(of: room)
        guard let total = try value(of: .ordinal, at: newest, in: room) else { return [] }
        var start = max(seq, 0)
        while messages.count < limit, start < newest {
            let end = min(newest, start + Self.stretch)
            let found = try events(
                where: "room = ?1 AND seq > ?2 AND seq <= ?3 AND \(Self.isTimelineMessage)",
                "ORDER BY seq LIMIT ?4", room.rawValue, start, end, Int64(limit - messages.count))
            messages += found
            start = end
            guard found.isEmpty, let count = try value(of: .ordinal, at: end, in: room) else { continue }
            if count == total { break }
            start = try firstEvent(of: room, in: end...newest, where: .ordinal, reaches: count + 1) - 1
        }
        return messages
    }
}
