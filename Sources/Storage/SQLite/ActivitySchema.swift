import Community
import Foundation
import GRDB
import LyceumProtocol

/// The tables of the log of activity and of what members want of it.
///
/// - `activity_log` has one row a transaction: the events it appended, as pairs of room and `seq` (eight bytes each,
///   little-endian). Rooms keep their own order; this is the order over all rooms, which the state of the tracker
///   depends on. One row a transaction, since a row an event would cost a tenth of the post it goes with.
/// - `activity_note` is what no room's events tell, written in the transaction of the command that made it, so that an
///   acknowledged opt-out cannot be lost.
enum ActivitySchema {
    private static let tables = """
        CREATE TABLE activity_log (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE activity_note (
            id INTEGER PRIMARY KEY, log INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL,
            member INTEGER NOT NULL, room INTEGER, thread INTEGER, detail TEXT);
        CREATE INDEX activity_note_in_log ON activity_note (log);
        CREATE INDEX activity_note_of_member ON activity_note (member);
        CREATE TABLE privacy (
            member INTEGER PRIMARY KEY, is_counted INTEGER NOT NULL, is_discoverable INTEGER NOT NULL);
        CREATE TABLE block (
            member INTEGER NOT NULL, blocked INTEGER NOT NULL, PRIMARY KEY (member, blocked)) WITHOUT ROWID;
        """

    /// Makes the tables, and the log of the events that are there already, in the order of their times.
    static func migrate(_ database: Database) throws {
        try database.execute(sql: tables)
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT room, seq FROM (SELECT at, room, seq FROM event UNION ALL SELECT at, room, seq FROM event_tail)
                ORDER BY at, room, seq
                """)
        var pending = PendingActivity()
        while let row = try rows.next() {
            pending.events.append(ActivityLogEntry.Place(room: RoomID(row[0]), seq: row[1]))
            if pending.events.count == 512 { try insert(&pending, into: database) }
        }
        try insert(&pending, into: database)
    }

    private static func insert(_ pending: inout PendingActivity, into database: Database) throws {
        guard !pending.events.isEmpty else { return }
        try database.execute(
            sql: "INSERT INTO activity_log (body) VALUES (?)", arguments: [Data(pending.body)])
        pending.events.removeAll()
    }
}

/// What a transaction has gathered for the log of activity.
struct PendingActivity {
    var events: [ActivityLogEntry.Place] = []
    var notes: [ActivityNote] = []
    var isEmpty: Bool { events.isEmpty && notes.isEmpty }

    var body: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 * events.count)
        for place in events {
            withUnsafeBytes(of: place.room.rawValue.littleEndian) { bytes.append(contentsOf: $0) }
            withUnsafeBytes(of: place.seq.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    static func places(in body: [UInt8]) -> [ActivityLogEntry.Place] {
        body.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - bytes.count % 16, by: 16).map { offset in
                let room = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
                let seq = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: Int64.self))
                return ActivityLogEntry.Place(room: RoomID(room), seq: seq)
            }
        }
    }
}
