import Community
import Foundation
import GRDB
import LyceumProtocol

/// The file of the search index: which terms stand in which message or question, and how far each room has been read.
///
/// Everything in it can be made again from the record, so it need not survive a power cut and is simply thrown away
/// when it is damaged, of another epoch, or of another ``format``.
enum SearchDatabase {
    /// Rises with every change to the tables below or to how the tokeniser cuts texts.
    static let format = 2

    /// Opens the index, or begins a new one in the place of one that is damaged or not of this store.
    static func open(_ path: String, epoch: String) throws(StoreError) -> DatabasePool {
        do {
            do {
                return try openExisting(path, epoch: epoch)
            } catch  where isUseless(error) {
                remove(path)
                return try openExisting(path, epoch: epoch)
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Whether what is in the file will never be of use; a disk that fails or is full may give it back.
    static func isUseless(_ error: any Error) -> Bool {
        let code = (error as? DatabaseError)?.resultCode
        return error is Foreign || code == .SQLITE_CORRUPT || code == .SQLITE_NOTADB
    }

    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }

    private struct Foreign: Error {}

    private static func openExisting(_ path: String, epoch: String) throws -> DatabasePool {
        try DataFolder.makePrivateFile(path)
        var configuration = Configuration()
        configuration.label = "search"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            // A message that was deleted shall not be readable in the file. Of many messages each dirties the same few
            // pages again: kept in memory and in the log for longer, they are read and written less often.
            try database.execute(
                sql: """
                    PRAGMA secure_delete = ON;
                    PRAGMA cache_size = -8192;
                    PRAGMA wal_autocheckpoint = 8000;
                    PRAGMA journal_size_limit = 33554432;
                    """)
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.write { database in
            try database.execute(sql: schema)
            try database.execute(
                sql: "INSERT OR IGNORE INTO meta VALUES ('format', ?), ('epoch', ?), ('erased', 0)",
                arguments: [format, epoch])
            let isOurs = try Bool.fetchOne(
                database,
                sql: """
                    SELECT (SELECT value = ? FROM meta WHERE name = 'format')
                        AND (SELECT value = ? FROM meta WHERE name = 'epoch')
                    """, arguments: [format, epoch])
            guard isOurs == true else { throw Foreign() }
        }
        return pool
    }

    /// - `message.terms` is kept because FTS5 (before SQLite 3.43) can only take out of an index without contents what
    ///   it is told again.
    /// - `term.place` holds the room and the author as terms, so that a search of few rooms reads only their part.
    private static let schema = """
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS watermark (room INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS message (
            id INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL, author INTEGER NOT NULL,
            at INTEGER NOT NULL, terms TEXT NOT NULL,
            UNIQUE (room, seq));
        CREATE VIRTUAL TABLE IF NOT EXISTS term USING fts5 (terms, place, content = '', tokenize = 'ascii');
        """
}
