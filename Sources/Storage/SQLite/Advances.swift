import Community
import LyceumProtocol

/// What has moved forward in one transaction or in several: the heads of rooms, read marks, the heads of members' own
/// streams. Of several moves of one thing only the last counts.
struct Advances {
    struct Place: Hashable {
        let member: MemberID
        let room: RoomID
    }

    struct Position: Hashable {
        let seq: SequenceNumber
        /// ``Room/ordinal`` there.
        let ordinal: Int64
    }

    var rooms: [RoomID: Position] = [:]
    var reads: [Place: Position] = [:]
    var streams: [MemberID: SequenceNumber] = [:]

    var isEmpty: Bool { rooms.isEmpty && reads.isEmpty && streams.isEmpty }
    var count: Int { rooms.count + reads.count + streams.count }

    mutating func removeAll() {
        rooms.removeAll(keepingCapacity: true)
        reads.removeAll(keepingCapacity: true)
        streams.removeAll(keepingCapacity: true)
    }

    /// Everything, as changes of a community.
    var changes: [Change] {
        rooms.map { .roomAdvanced($0.key, seq: $0.value.seq, ordinal: $0.value.ordinal) }
            + reads.map { .read($0.key.room, $0.key.member, seq: $0.value.seq, ordinal: $0.value.ordinal) }
            + streams.map { .meAdvanced($0.key, seq: $0.value) }
    }

    /// Storage format: three lists, each as its length and its rows' numbers, all in LEB128.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 * count + 8)
        func put(_ number: Int64) {
            var rest = UInt64(bitPattern: number)
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        put(Int64(rooms.count))
        for (room, position) in rooms {
            put(room.rawValue)
            put(position.seq)
            put(position.ordinal)
        }
        put(Int64(reads.count))
        for (place, position) in reads {
            put(place.member.rawValue)
            put(place.room.rawValue)
            put(position.seq)
            put(position.ordinal)
        }
        put(Int64(streams.count))
        for (member, seq) in streams {
            put(member.rawValue)
            put(seq)
        }
        return bytes
    }

    /// Applies a later transaction's advances over these.
    ///
    /// - Throws: ``StoreError/unavailable(_:)`` if the bytes are not what ``encoded`` writes.
    mutating func apply(encoded bytes: [UInt8]) throws(StoreError) {
        var rest = bytes[...]
        func next() throws(StoreError) -> Int64 {
            var (number, shift) = (UInt64(0), UInt64(0))
            while let byte = rest.popFirst(), shift < 64 {
                number |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return Int64(bitPattern: number) }
                shift += 7
            }
            throw .unavailable("A row of the table of advances is damaged.")
        }
        for _ in 0..<max(0, try next()) {
            let (room, position) = (RoomID(try next()), Position(seq: try next(), ordinal: try next()))
            rooms[room] = position
        }
        for _ in 0..<max(0, try next()) {
            let place = Place(member: MemberID(try next()), room: RoomID(try next()))
            let position = Position(seq: try next(), ordinal: try next())
            reads[place] = position
        }
        for _ in 0..<max(0, try next()) { streams[MemberID(try next())] = try next() }
    }
}

extension SQLiteReader {
    /// What has moved forward since the tables were last brought up to date.
    func waitingAdvances() throws(StoreError) -> Advances {
        let row = try prepare("SELECT body FROM advance ORDER BY id")
        defer { row.reset() }
        var advances = Advances()
        while try row.step() { try advances.apply(encoded: row.bytes(0)) }
        return advances
    }
}

extension SQLiteTransaction {
    /// Brings the tables of rooms, memberships and members up to date, in the order of their trees.
    func settleAdvances() throws(StoreError) {
        let waiting = try waitingAdvances()
        guard !waiting.isEmpty else { return }
        try settle(waiting.rooms)
        try settle(waiting.reads)
        try settle(waiting.streams)
        try run("DELETE FROM advance") { _ in }
    }

    private func settle(_ rooms: [RoomID: Advances.Position]) throws(StoreError) {
        let update = try prepare("UPDATE room_head SET seq = ?, ordinal = ? WHERE room = ?")
        for (room, position) in rooms.sorted(by: { $0.key < $1.key }) {
            update.bind(1, position.seq)
            update.bind(2, position.ordinal)
            update.bind(3, room.rawValue)
            try update.run()
        }
    }

    private func settle(_ reads: [Advances.Place: Advances.Position]) throws(StoreError) {
        let update = try prepare("UPDATE membership SET read_seq = ?, read_ordinal = ? WHERE member = ? AND room = ?")
        for (place, position) in reads.sorted(by: { ($0.key.member, $0.key.room) < ($1.key.member, $1.key.room) }) {
            update.bind(1, position.seq)
            update.bind(2, position.ordinal)
            update.bind(3, place.member.rawValue)
            update.bind(4, place.room.rawValue)
            try update.run()
        }
    }

    private func settle(_ streams: [MemberID: SequenceNumber]) throws(StoreError) {
        let update = try prepare("UPDATE member SET me_seq = ? WHERE id = ?")
        for (member, seq) in streams.sorted(by: { $0.key < $1.key }) {
            update.bind(1, seq)
            update.bind(2, member.rawValue)
            try update.run()
        }
    }
}
