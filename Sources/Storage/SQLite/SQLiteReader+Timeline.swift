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
            guard found.isEmpty, let count = try ordinal(of: start, in: room) else {
                end = start
                continue
            }
            // All that are left stand at or before the one that made the count.
            end = try count == 0 ? 1 : firstEvent(of: room, in: 1...start, reaching: count) + 1
        }
        return messages.reversed()
    }

    /// The oldest `limit` messages after a position.
    func timeline(of room: RoomID, after seq: SequenceNumber, limit: Int) throws(StoreError) -> [RoomEvent] {
        var messages: [RoomEvent] = []
        let newest = try newestEvent(of: room)
        guard let total = try ordinal(of: newest, in: room) else { return [] }
        var start = max(seq, 0)
        while messages.count < limit, start < newest {
            let end = min(newest, start + Self.stretch)
            let found = try events(
                where: "room = ?1 AND seq > ?2 AND seq <= ?3 AND \(Self.isTimelineMessage)",
                "ORDER BY seq LIMIT ?4", room.rawValue, start, end, Int64(limit - messages.count))
            messages += found
            start = end
            guard found.isEmpty, let count = try ordinal(of: end, in: room) else { continue }
            if count == total { break }
            start = try firstEvent(of: room, in: end...newest, reaching: count + 1) - 1
        }
        return messages
    }

    /// The first event of the range whose ordinal is at least `ordinal`; its last if there is none.
    private func firstEvent(
        of room: RoomID, in range: ClosedRange<SequenceNumber>, reaching ordinal: Int64
    ) throws(StoreError) -> SequenceNumber {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if let there = try self.ordinal(of: middle, in: room), there >= ordinal {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    private func ordinal(of seq: SequenceNumber, in room: RoomID) throws(StoreError) -> Int64? {
        try first(
            """
            SELECT ordinal FROM event WHERE room = ?1 AND seq = ?2
            UNION ALL SELECT ordinal FROM event_tail WHERE room = ?1 AND seq = ?2
            """,
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, seq)
            }, { $0.int64(0) })
    }
}
