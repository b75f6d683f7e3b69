import Community
import LyceumProtocol

/// The record: ranges of events, and the messages among them.
extension SQLiteReader {
    static let eventColumns = "room, seq, kind, at, author, thread, ordinal, body"
    private static let isTimelineMessage = "kind = 10 AND thread IS NULL"

    func events(in room: RoomID, after seq: SequenceNumber, limit: Int, maximumBytes: Int) throws -> [RoomEvent] {
        let statement = try prepare(
            "SELECT \(Self.eventColumns) FROM event WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?")
        defer { statement.reset() }
        statement.bind(1, room.rawValue)
        statement.bind(2, seq)
        statement.bind(3, Int64(limit))
        var events: [RoomEvent] = []
        var bytes = 0
        while bytes < maximumBytes, try statement.step() {
            events.append(try Self.event(statement))
            bytes += events.last?.body.count ?? 0
        }
        return events
    }

    func events(in room: RoomID, before seq: SequenceNumber, limit: Int, messagesOnly: Bool) throws -> [RoomEvent] {
        let condition = messagesOnly ? "AND \(Self.isTimelineMessage)" : ""
        return try events(
            "WHERE room = ? AND seq < ? \(condition) ORDER BY seq DESC LIMIT ?", room.rawValue, seq, Int64(limit)
        ).reversed()
    }

    func messages(in room: RoomID, after seq: SequenceNumber, limit: Int) throws -> [RoomEvent] {
        try events(
            "WHERE room = ? AND seq > ? AND \(Self.isTimelineMessage) ORDER BY seq LIMIT ?", room.rawValue, seq,
            Int64(limit))
    }

    func messages(inThread root: SequenceNumber, of room: RoomID, after seq: SequenceNumber, limit: Int) throws
        -> [RoomEvent]
    {
        var events: [RoomEvent] = []
        if seq < root, limit > 0, let rootMessage = try event(root, in: room) { events.append(rootMessage) }
        return try events
            + self.events(
                "WHERE room = ? AND thread = ? AND kind = 10 AND seq > ? ORDER BY seq LIMIT ?", room.rawValue, root,
                seq, Int64(limit - events.count))
    }

    func messages(inThread root: SequenceNumber, of room: RoomID, before seq: SequenceNumber, limit: Int) throws
        -> [RoomEvent]
    {
        var events = try events(
            "WHERE room = ? AND thread = ? AND kind = 10 AND seq < ? ORDER BY seq DESC LIMIT ?", room.rawValue, root,
            seq, Int64(limit))
        if events.count < limit, root < seq, let rootMessage = try event(root, in: room) { events.append(rootMessage) }
        return events.reversed()
    }

    func event(_ seq: SequenceNumber, in room: RoomID) throws -> RoomEvent? {
        try events("WHERE room = ? AND seq = ?", room.rawValue, seq).first
    }

    private func events(_ rest: String, _ parameters: Int64...) throws -> [RoomEvent] {
        let statement = try prepare("SELECT \(Self.eventColumns) FROM event \(rest)")
        defer { statement.reset() }
        for (index, parameter) in parameters.enumerated() { statement.bind(Int32(index + 1), parameter) }
        var events: [RoomEvent] = []
        while try statement.step() { events.append(try Self.event(statement)) }
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
