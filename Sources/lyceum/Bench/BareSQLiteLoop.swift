import Foundation
import GRDBSQLite

/// The yardstick of durable posting: what SQLite alone inserts per second when nothing else is done.
///
/// A loop over SQLite's own functions puts rows of a message table (number, room, sequence number, author, time, text;
/// indexed by room and sequence number so that a room can be read) into a new database, `batch` of them per
/// transaction, in write-ahead mode with `synchronous=FULL`. No projections, no other thread, and unless asked for no
/// nonces.
struct BareSQLiteLoop {
    var rows: Int
    /// Rows per transaction.
    var batch: Int
    /// Rooms that the rows are spread over.
    var rooms: Int64 = 100
    /// Bytes of each row's blob.
    var rowBytes: Int
    /// Whether each row brings one in a table of nonces, by which a post that is sent again is known: the least that a
    /// post must write which is stored exactly once.
    var withNonces = false

    /// What SQLite said instead of doing its work.
    struct Failure: Error {
        let message: String
    }

    /// Inserts all rows and removes the database again.
    ///
    /// - Parameter folder: An existing folder on the disk that is to be measured.
    /// - Returns: Rows per second of wall-clock time.
    func run(in folder: URL) throws -> Double {
        let path = folder.appending(path: "bare-\(UUID().uuidString).db").path
        defer { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        try check(sqlite3_open(path, &connection), connection)
        try execute(Self.schema, connection)
        let clock = ContinuousClock()
        let elapsed = try clock.measure { try insertAll(connection) }
        return Double(rows) / (elapsed / .seconds(1))
    }

    /// The bytes of a message's event as a daemon has stored it, in the mean.
    static func meanEventBytes(inRecord path: String) throws -> Int {
        let bare = BareSQLiteLoop(rows: 0, batch: 1, rowBytes: 0)
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        try bare.check(sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, nil), connection)
        let events = "SELECT body FROM event WHERE kind = 10 UNION ALL SELECT body FROM event_tail WHERE kind = 10"
        let mean = try bare.prepare("SELECT avg(length(body)) FROM (\(events))", connection)
        defer { sqlite3_finalize(mean.statement) }
        guard sqlite3_step(mean.statement) == SQLITE_ROW else { throw bare.failure(connection) }
        return Int(sqlite3_column_double(mean.statement, 0).rounded())
    }

    private static let schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE message (
            id INTEGER PRIMARY KEY, room INTEGER, seq INTEGER, author INTEGER, at INTEGER, text BLOB);
        CREATE INDEX message_in_room ON message (room, seq);
        CREATE TABLE nonce (
            nonce TEXT, author INTEGER, seq INTEGER, PRIMARY KEY (nonce, author)) WITHOUT ROWID;
        """

    /// A prepared statement, with the connection to ask for its errors.
    private struct Insertion {
        let statement: OpaquePointer?
        let connection: OpaquePointer?
    }

    private func prepare(_ sql: String, _ connection: OpaquePointer?) throws -> Insertion {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(connection, sql, -1, &statement, nil), connection)
        return Insertion(statement: statement, connection: connection)
    }

    private func insertAll(_ connection: OpaquePointer?) throws {
        let message = try prepare(
            "INSERT INTO message (room, seq, author, at, text) VALUES (?, ?, ?, ?, ?)", connection)
        defer { sqlite3_finalize(message.statement) }
        let nonce = try prepare("INSERT INTO nonce VALUES (?, ?, ?)", connection)
        defer { sqlite3_finalize(nonce.statement) }
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: rowBytes)
        var heads = [Int64](repeating: 0, count: Int(rooms))
        for start in stride(from: 0, to: rows, by: batch) {
            try execute("BEGIN IMMEDIATE", connection)
            for row in start..<min(start + batch, rows) {
                // Steps through all rooms in an order without runs; 7919 is prime.
                let room = Int64(row) * 7919 % rooms
                heads[Int(room)] += 1
                sqlite3_bind_int64(message.statement, 1, room)
                sqlite3_bind_int64(message.statement, 2, heads[Int(room)])
                sqlite3_bind_int64(message.statement, 3, Int64(row % 64))
                sqlite3_bind_int64(message.statement, 4, 1_764_000_000_000 + Int64(row))
                try insert(text, as: 5, with: message) { sqlite3_bind_blob($0, $1, $2, $3, nil) }
                if withNonces { try insertNonce(of: row, with: nonce) }
            }
            try execute("COMMIT", connection)
        }
    }

    /// In the order of time, as the load's clients draw theirs.
    private func insertNonce(of row: Int, with nonce: Insertion) throws {
        sqlite3_bind_int64(nonce.statement, 2, Int64(row % 64))
        sqlite3_bind_int64(nonce.statement, 3, Int64(row))
        let name = Array("load-\(1_764_000_000_000_000_000 + row)-\(row)".utf8)
        try insert(name, as: 1, with: nonce) {
            sqlite3_bind_text($0, $1, $2?.assumingMemoryBound(to: CChar.self), $3, nil)
        }
    }

    private func insert(
        _ bytes: [UInt8], as index: Int32, with insertion: Insertion,
        _ bind: (OpaquePointer?, Int32, UnsafeRawPointer?, Int32) -> Int32
    ) throws {
        // Without a destructor SQLite copies nothing: the bytes stay where they are until it has stepped.
        let outcome = bytes.withUnsafeBytes { bytes in
            _ = bind(insertion.statement, index, bytes.baseAddress, Int32(bytes.count))
            return sqlite3_step(insertion.statement)
        }
        guard outcome == SQLITE_DONE else { throw failure(insertion.connection) }
        sqlite3_reset(insertion.statement)
    }

    private func execute(_ sql: String, _ connection: OpaquePointer?) throws {
        try check(sqlite3_exec(connection, sql, nil, nil, nil), connection)
    }

    private func check(_ code: Int32, _ connection: OpaquePointer?) throws {
        guard code == SQLITE_OK else { throw failure(connection) }
    }

    private func failure(_ connection: OpaquePointer?) -> Failure {
        Failure(message: connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? "out of memory")
    }
}
