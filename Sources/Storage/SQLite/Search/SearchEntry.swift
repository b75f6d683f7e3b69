import Community
import GRDB
import GRDBSQLite
import LyceumProtocol
import Moderation

/// What the index holds of one message, or of one question with its answers.
struct SearchEntry {
    let room: RoomID
    let seq: SequenceNumber
    let author: MemberID
    let at: UnixMilliseconds
    /// Whether the index has never held anything of it, since it has not been read so far.
    let isNew: Bool
    /// With spaces between; empty for what has no text, or none that everybody may read, which is not indexed.
    let terms: String

    init(_ event: RoomEvent, isNew: Bool) {
        self.isNew = isNew
        room = event.room
        seq = event.seq
        author = event.author
        at = event.at
        terms = SearchTokeniser.line(of: Self.text(of: event))
    }

    /// - Parameter answers: All that there are; those that were taken away are passed over.
    init(_ question: Question, _ answers: [QuestionAnswer], isNew: Bool) {
        self.isNew = isNew
        room = question.room
        seq = question.seq
        author = question.author
        at = question.askedAt
        let texts = question.isFound ? [question.text] + answers.filter { !$0.isRemoved }.map(\.text) : []
        terms = SearchTokeniser.line(of: texts.joined(separator: "\n"))
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
    static func message(changedBy event: RoomEvent) -> SequenceNumber? { number("message", in: event) }

    /// The question that a step of it names.
    static func question(changedBy event: RoomEvent) -> SequenceNumber? { number("question", in: event) }

    private static func number(_ name: StaticString, in event: RoomEvent) -> SequenceNumber? {
        event.body.withUnsafeBytes { bytes in (try? JSONObject(parsing: bytes))?[name]?.integer }
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
        try run("INSERT OR REPLACE INTO watermark VALUES (?, ?)") { row in
            row.bind(1, room.rawValue)
            row.bind(2, seq)
        }
    }

    /// Puts a message in the place of what the index held of it.
    func put(_ entry: SearchEntry) throws {
        if !entry.isNew { try remove(entry.seq, in: entry.room) }
        guard !entry.terms.isEmpty else { return }
        let id = try freeID(from: entry.preferredID)
        try run("INSERT INTO message (id, room, seq, author, at, terms) VALUES (?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, id)
            row.bind(2, entry.room.rawValue)
            row.bind(3, entry.seq)
            row.bind(4, entry.author.rawValue)
            row.bind(5, entry.at)
            row.bind(6, entry.terms)
        }
        try run("INSERT INTO term (rowid, terms, place) VALUES (?, ?, ?)") { row in
            row.bind(1, id)
            row.bind(2, entry.terms)
            row.bind(3, SearchEntry.place(room: entry.room, author: entry.author))
        }
    }

    private func freeID(from preferred: Int64) throws -> Int64 {
        var id = preferred
        while try first("SELECT 1 FROM message WHERE id = ?", { $0.bind(1, id) }, { _ in true }) != nil { id += 1 }
        return id
    }

    private func remove(_ seq: SequenceNumber, in room: RoomID) throws {
        guard let old = try indexed(seq, in: room) else { return }
        try run("INSERT INTO term (term, rowid, terms, place) VALUES ('delete', ?, ?, ?)") { row in
            row.bind(1, old.id)
            row.bind(2, old.terms)
            row.bind(3, SearchEntry.place(room: room, author: old.author))
        }
        try run("DELETE FROM message WHERE id = ?") { $0.bind(1, old.id) }
        try run("UPDATE meta SET value = 1 WHERE name = 'erased'") { _ in }
    }

    /// What the index holds of a message.
    private func indexed(
        _ seq: SequenceNumber, in room: RoomID
    ) throws -> (id: Int64, author: MemberID, terms: String)? {
        try first("SELECT id, author, terms FROM message WHERE room = ? AND seq = ?") { row in
            row.bind(1, room.rawValue)
            row.bind(2, seq)
        } _: { row in
            (row.int64(0), MemberID(row.int64(1)), row.text(2))
        }
    }

    private func run(_ sql: String, _ bind: (SQLStatement) -> Void) throws {
        _ = try first(sql, bind) { _ in }
    }

    private func first<Value>(
        _ sql: String, _ bind: (SQLStatement) -> Void, _ read: (SQLStatement) -> Value
    ) throws -> Value? {
        do {
            return try SQLiteReader(database).first(sql, bind, read)
        } catch {
            // Its code still says whether the file is damaged; see ``SearchDatabase/isUseless(_:)``.
            throw DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection)),
                message: "\(error)")
        }
    }
}
