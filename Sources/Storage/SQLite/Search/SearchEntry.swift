import Community
import GRDB
import LyceumProtocol
import Moderation

/// What the index holds of one message.
struct SearchEntry {
    let room: RoomID
    let seq: SequenceNumber
    let author: MemberID
    let at: UnixMilliseconds
    /// With spaces between; empty for a message without text, which is not indexed.
    let terms: String

    init(_ event: RoomEvent) {
        room = event.room
        seq = event.seq
        author = event.author
        at = event.at
        terms = SearchTokeniser.terms(in: Self.text(of: event)).map(\.text).joined(separator: " ")
    }

    /// Where the message stands in the index, if the place is free: numbers rise with time, so that the newest matches
    /// are found without sorting, whatever order they were indexed in.
    var preferredID: Int64 { Self.firstID(at: at) + (seq &+ room.rawValue &* 7_919) & (1 << 22 - 1) }

    /// The least number of a message at this time; what lies outside the years 1970 to 2039 stands at their ends.
    static func firstID(at time: UnixMilliseconds) -> Int64 { min(max(time, 0), 1 << 41 - 1) << 22 }

    /// The current text of a message; empty once it is deleted.
    static func text(of event: RoomEvent) -> String {
        event.body.withUnsafeBytes { bytes in
            // What is not an object with a text has nothing to be found by.
            guard let object = try? JSONObject(parsing: bytes) else { return "" }
            return object["text"]?.string ?? ""
        }
    }

    /// The message that an edit or a deletion names.
    static func message(changedBy event: RoomEvent) -> SequenceNumber? {
        event.body.withUnsafeBytes { bytes in (try? JSONObject(parsing: bytes))?["message"]?.integer }
    }

    static func place(room: RoomID, author: MemberID) -> String { "r\(room) a\(author)" }
}

/// Writes entries, inside one transaction on the index.
struct SearchWriter {
    let database: Database

    func watermark(of room: RoomID) throws -> SequenceNumber {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT seq FROM watermark WHERE room = ?"), arguments: [room.rawValue]) ?? 0
    }

    func setWatermark(of room: RoomID, to seq: SequenceNumber) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO watermark VALUES (?, ?)")
            .execute(arguments: [room.rawValue, seq])
    }

    /// Puts a message in the place of what the index held of it.
    func put(_ entry: SearchEntry) throws {
        try remove(entry.seq, in: entry.room)
        guard !entry.terms.isEmpty else { return }
        let id = try freeID(from: entry.preferredID)
        try database.cachedStatement(
            sql: "INSERT INTO message (id, room, seq, author, at, terms) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            id, entry.room.rawValue, entry.seq, entry.author.rawValue, entry.at, entry.terms,
        ])
        try database.cachedStatement(sql: "INSERT INTO term (rowid, terms, place) VALUES (?, ?, ?)").execute(
            arguments: [id, entry.terms, SearchEntry.place(room: entry.room, author: entry.author)])
    }

    private func freeID(from preferred: Int64) throws -> Int64 {
        let statement = try database.cachedStatement(sql: "SELECT 1 FROM message WHERE id = ?")
        var id = preferred
        while try Int.fetchOne(statement, arguments: [id]) != nil { id += 1 }
        return id
    }

    private func remove(_ seq: SequenceNumber, in room: RoomID) throws {
        let old = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT id, author, terms FROM message WHERE room = ? AND seq = ?"),
            arguments: [room.rawValue, seq])
        guard let old else { return }
        let (id, author, terms): (Int64, Int64, String) = (old["id"], old["author"], old["terms"])
        try database.cachedStatement(
            sql: "INSERT INTO term (term, rowid, terms, place) VALUES ('delete', ?, ?, ?)"
        ).execute(arguments: [id, terms, SearchEntry.place(room: room, author: MemberID(author))])
        try database.cachedStatement(sql: "DELETE FROM message WHERE id = ?").execute(arguments: [id])
        try database.execute(sql: "UPDATE meta SET value = 1 WHERE name = 'erased'")
    }
}
