import LyceumProtocol

/// What a client has seen of each stream: what is new, what comes twice, and what is missing.
///
/// Pure. A hole is filled by asking history until the room's position reaches the newest number that was heard of;
/// events that come meanwhile are ignored, as history has them too.
struct StreamPositions: Sendable {
    enum Admission: Equatable {
        case new
        /// Seen before, or on its way through a repair.
        case ignored
        /// Something before it is missing; ask history after this position.
        case hole(after: SequenceNumber)
    }

    struct Position: Equatable, Sendable {
        /// `nil` until the room's entry has told it; such a room cannot be resumed.
        var epoch: String?
        var seq: SequenceNumber
        /// The newest number heard of while a hole is being filled.
        var repairTarget: SequenceNumber?
    }

    private(set) var rooms: [RoomID: Position] = [:]
    private(set) var me: Position?

    /// Decides about a live event of a room and takes note of it.
    mutating func admit(_ seq: SequenceNumber, in room: RoomID) -> Admission {
        guard var position = rooms[room] else {
            rooms[room] = Position(epoch: nil, seq: seq)
            return .new
        }
        defer { rooms[room] = position }
        guard seq > position.seq else { return .ignored }
        if let target = position.repairTarget {
            position.repairTarget = max(target, seq)
            return .ignored
        }
        guard seq == position.seq + 1 else {
            position.repairTarget = seq
            return .hole(after: position.seq)
        }
        position.seq = seq
        return .new
    }

    /// Decides about an event that history gave to fill a hole.
    mutating func admitRepair(_ seq: SequenceNumber, in room: RoomID) -> Bool {
        guard let position = rooms[room], seq == position.seq + 1 else { return false }
        rooms[room]?.seq = seq
        return true
    }

    /// Where a repair goes on, or `nil` if the hole is filled.
    mutating func continueRepair(of room: RoomID) -> SequenceNumber? {
        guard let position = rooms[room], let target = position.repairTarget else { return nil }
        if position.seq < target { return position.seq }
        rooms[room]?.repairTarget = nil
        return nil
    }

    /// A repair failed; the next event or heartbeat begins another.
    mutating func abandonRepair(of room: RoomID) { rooms[room]?.repairTarget = nil }

    mutating func abandonRepairs() { for room in rooms.keys { abandonRepair(of: room) } }

    /// Takes note of a room's newest number, as a heartbeat or an entry tells it.
    /// - Returns: From where to ask history if something is missing that was not known to be.
    mutating func heard(of head: SequenceNumber, in room: RoomID) -> SequenceNumber? {
        guard let position = rooms[room], head > position.seq else { return nil }
        rooms[room]?.repairTarget = max(head, position.repairTarget ?? 0)
        return position.repairTarget == nil ? position.seq : nil
    }

    /// Takes note of a room's entry.
    ///
    /// - Returns: From where to ask history, if the room was known and has gone on since.
    mutating func entered(_ entry: RoomEntry) -> SequenceNumber? {
        guard let position = rooms[entry.id], position.epoch == nil || position.epoch == entry.epoch else {
            rooms[entry.id] = Position(epoch: entry.epoch, seq: entry.seq)
            return nil
        }
        rooms[entry.id]?.epoch = entry.epoch
        return heard(of: entry.seq, in: entry.id)
    }

    mutating func reset(_ room: RoomID, epoch: String, seq: SequenceNumber) {
        rooms[room] = Position(epoch: epoch, seq: seq)
    }

    mutating func left(_ room: RoomID) { rooms[room] = nil }

    mutating func keepOnly(_ kept: Set<RoomID>) { rooms = rooms.filter { kept.contains($0.key) } }

    mutating func resetMe(epoch: String, seq: SequenceNumber) { me = Position(epoch: epoch, seq: seq) }

    /// Decides about a live event of the member's own stream; a hole there is filled by resuming.
    mutating func admitMe(_ seq: SequenceNumber) -> Admission {
        guard let position = me else { return .new }
        guard seq > position.seq else { return .ignored }
        guard seq == position.seq + 1 else { return .hole(after: position.seq) }
        me?.seq = seq
        return .new
    }

    /// The cursors to resume from.
    var cursors: [Cursor] {
        rooms.compactMap { room, position in
            position.epoch.map { Cursor(room: room, epoch: $0, seq: position.seq) }
        }
    }
}
