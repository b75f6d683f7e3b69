import Community
import Foundation
import GRDB

/// Opens the record, brings its schema up to date and sets what SQLite should care for.
enum RecordDatabase {
    /// - Throws: ``StoreError/unavailable(_:)`` with a sentence if a newer Lyceum wrote it.
    static func open(_ path: String) throws(StoreError) -> DatabasePool {
        try DataFolder.makePrivateFile(path)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.read { try refuseNewer($0, path: path) }
            try Schema.migrator.migrate(pool)
            try pool.writeWithoutTransaction { database in
                // Only now: GRDB sets NORMAL itself once a pool is open, and NORMAL acknowledges what a crash can take.
                try database.execute(
                    sql: """
                        PRAGMA synchronous = FULL;
                        PRAGMA wal_autocheckpoint = 0;
                        PRAGMA journal_size_limit = 67108864;
                        PRAGMA cache_size = -8192;
                        PRAGMA secure_delete = FAST;
                        """)
                try fillMeta(database)
            }
            return pool
        } catch {
            throw StoreError(error)
        }
    }

    /// How long a connection waits for a lock that another holds.
    static let busySeconds: TimeInterval = 5

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "record"
        // Every row comes from the one writer, which looked first; checking again costs a look-up per insert.
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(busySeconds)
        configuration.maximumReaderCount = 4
        return configuration
    }

    static func refuseNewer(_ database: Database, path: String) throws {
        guard try Schema.migrator.hasBeenSuperseded(database) else { return }
        throw StoreError.unavailable(
            "The data in \(path) was written by a newer Lyceum; this one would damage it. Run the newer version.")
    }

    /// A new store gets its epoch, and the first identifier of each kind.
    private static func fillMeta(_ database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO meta VALUES ('epoch', ?), ('member', 0), ('room', 0), ('session', 0)
                """,
            arguments: [newEpoch()])
    }

    /// 64 random bits, so that no two numberings share a name.
    static func newEpoch() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next() as UInt64, radix: 36)
    }
}
