import CSQLite

/// What holds for all of SQLite in this process.
enum SQLiteLibrary {
    /// Stops SQLite from counting its memory: each of its allocations takes one lock for that, over all threads, and
    /// nobody reads the count. Must be asked for before SQLite is first used; afterwards it does nothing.
    static let isConfigured = lyceum_sqlite_without_memory_statistics() == 0
}
