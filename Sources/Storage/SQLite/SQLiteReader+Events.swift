import Community
import LyceumProtocol

/// The record: ranges of events, and the messages among them.
extension SQLiteReader {
    static let eventColumns = "room, seq, kind, at, author, thread, ordinal, body"

    func events(in room: RoomID, after seq: SequenceNumber, limit: Int, maximumBytes: Int) throws -> [RoomEvent] {
        try events(
            where: "room = ?1 AND seq > ?2", "ORDER BY seq LIMIT ?3", maximumBytes: maximumBytes, room.rawValue, seq,
            Int64(limit))
    }

    func events(in room: RoomID, before seq: SequenceNumber, limit: Int, messagesOnly: Bool) throws -> [RoomEvent] {
        if messagesOnly { return try timeline(of: room, before: seq, limit: limit) }
        return try events(
            where: "room = ?1 AND seq < ?2", "ORDER BY seq DESC LIMIT ?3", room.rawValue, seq, Int64(limit)
        ).reversed()
    }

    func messages(in room: RoomID, after seq: SequenceNumber, limit: Int) throws -> [RoomEvent] {
        try timeline(of: room, after: seq, limit: limit)
    }

    func messages(inThread root: SequenceNumber, of room: RoomID, after seq: SequenceNumber, limit: Int) throws
        -> [RoomEvent]
    {
        var messages: [RoomEvent] = []
        if seq < root, limit > 0, let rootMessage = try event(root, in: room) { messages.append(rootMessage) }
        return try messages
            + events(
                where: "room = ?1 AND thread = ?2 AND kind = 10 AND seq > ?3", "ORDER BY seq LIMIT ?4", room.rawValue,
                root, seq, Int64(limit - messages.count))
    }

    func messages(inThread root: SequenceNumber, of room: RoomID, before seq: SequenceNumber, limit: Int) throws
        -> [RoomEvent]
    {
        var messages = try events(
            where: "room = ?1 AND thread = ?2 AND kind = 10 AND seq < ?3", "ORDER BY seq DESC LIMIT ?4",
            room.rawValue, root, seq, Int64(limit))
        if messages.count < limit, root < seq, let rootMessage = try event(root, in: room) {
            messages.append(rootMessage)
        }
        return messages.reversed()
    }

    func event(_ seq: SequenceNumber, in room: RoomID) throws -> RoomEvent? {
        try events(where: "room = ?1 AND seq = ?2", "", room.rawValue, seq).first
    }

    /// The newest event in the store, whatever the projections say; 0 if there is none.
    func newestEvent(of room: RoomID) throws(StoreError) -> SequenceNumber {
        try first(
            """
            SELECT coalesce(
                (SELECT max(seq) FROM event_tail WHERE room = ?1), (SELECT max(seq) FROM event WHERE room = ?1), 0)
            """, { $0.bind(1, room.rawValue) }, { $0.int64(0) }) ?? 0
    }

    /// What never falls from one event of a room to the next, so that events can be searched by it.
    enum EventOrder: String {
        /// The time; a clock that was turned back makes the answer a neighbour's.
        case at
        /// ``RoomEvent/ordinal``.
        case ordinal
    }

    /// The first event of the range at which `order` is at least `value`, by a binary search; the range's last if there
    /// is none.
    func firstEvent(
        of room: RoomID, in range: ClosedRange<SequenceNumber>, where order: EventOrder, reaches value: Int64
    ) throws(StoreError) -> SequenceNumber {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if let there = try self.value(of: order, at: middle, in: room), there >= value {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    /// - Returns: `nil` if there is no such event.
    func value(of order: EventOrder, at seq: SequenceNumber, in room: RoomID) throws(StoreError) -> Int64? {
        try first(
            """
            SELECT \(order.rawValue) FROM event WHERE room = ?1 AND seq = ?2
            UNION ALL SELECT \(order.rawValue) FROM event_tail WHERE room = ?1 AND seq = ?2
            """,
            { row in
                row.bind(1, room.rawValue)
                row.bind(2, seq)
            }, { $0.int64(0) })
    }

    /// Reads events from wherever they stand: SQLite merges the two ranges in order, reading no more than is asked.
    func events(
        where condition: String, _ rest: String, maximumBytes: Int = .max, _ parameters: Int64...
    ) throws(StoreError) -> [RoomEvent] {
        let row = try prepare(
            """
            SELECT \(Self.eventColumns) FROM event WHERE \(condition)
            UNION ALL SELECT \(Self.eventColumns) FROM event_tail WHERE \(condition) \(rest)
            """)
        defer { row.reset() }
        for (index, parameter) in parameters.enumerated() { row.bind(Int32(index + 1), parameter) }
        var events: [RoomEvent] = []
        var bytes = 0
        while bytes < maximumBytes, try row.step() {
            events.append(try Self.event(row))
            bytes += events.last?.body.count ?? 0
        }
        return events
    }

    /// Reads the row of ``eventColumns`` that the statement stands on.
    static func event(_ row: SQLStatement) throws(StoreError) -> RoomEvent {
        guard let kind = EventKind(rawValue: Int16(truncatingIfNeeded: row.int64(2))) else {
            throw .unavailable("Event \(row.int64(1)) of room \(row.int64(0)) is of unknown kind \(row.int64(2)).")
        }
        return RoomEvent(
            room: RoomID(row.int64(0)), seq: row.int64(1), kind: kind, at: row.int64(3),
            author: MemberID(row.int64(4)), thread: row.optionalInt64(5), ordinal: row.int64(6), body: row.bytes(7))
    }
}
