import Community
import GRDB
import GRDBSQLite

/// Moves the newest events, and what they moved forward, to where they belong: all at once and in order.
enum Tails {
    /// How many events and ``Advances`` may wait. Moving that many takes about ten milliseconds.
    static let limit = 4096

    static func count(_ database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT (SELECT count(*) FROM event_tail) + (SELECT count(*) FROM advance)"
        ) ?? 0
    }

    /// Inside a transaction of its own; if that fails, everything stays where it was and is read from there. So SQLite
    /// need not be able to undo the one statement, for which it would keep a copy of every page that it changes.
    static func move(_ transaction: SQLiteTransaction) throws(StoreError) {
        try transaction.run(
            """
            INSERT OR ROLLBACK INTO event
            SELECT room, seq, kind, at, author, thread, ordinal, body FROM event_tail ORDER BY room, seq
            """
        ) { _ in }
        try empty("event_tail", transaction.database)
        try transaction.settleAdvances()
    }

    /// Straight to SQLite, which drops a table's pages whole; GRDB prepares its deletes so that they go row by row.
    private static func empty(_ table: String, _ database: Database) throws(StoreError) {
        let connection = database.sqliteConnection
        guard sqlite3_exec(connection, "DELETE FROM \(table)", nil, nil, nil) == SQLITE_OK else {
            throw StoreError(code: sqlite3_errcode(connection), of: connection)
        }
    }
}
