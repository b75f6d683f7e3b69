import Community
import GRDB
import GRDBSQLite

/// One of GRDB's cached statements, bound and stepped through SQLite's own functions.
///
/// GRDB's rows and arguments cost about as much again as the insert they serve; here a parameter is one C call.
/// Valid only where its `Database` is: inside the access that gave it, or for the writer's own connection, in any.
struct SQLStatement {
    /// Keeps the handle from being finalised.
    private let owner: Statement
    private let handle: OpaquePointer

    init(_ sql: String, in database: Database) throws(StoreError) {
        do {
            owner = try database.cachedStatement(sql: sql)
            handle = owner.sqliteStatement
        } catch {
            throw StoreError(error)
        }
    }

    // Binding can only fail for an index that the statement does not have or for want of memory; the step that
    // follows then fails or stores NULL in a NOT NULL column, so nothing wrong is ever stored.

    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    func bind(_ index: Int32, _ value: Int64?) {
        if let value { bind(index, value) } else { sqlite3_bind_null(handle, index) }
    }

    func bind(_ index: Int32, _ value: Double?) {
        if let value { sqlite3_bind_double(handle, index, value) } else { sqlite3_bind_null(handle, index) }
    }

    func bind(_ index: Int32, _ flag: Bool) { bind(index, flag ? 1 : 0) }

    func bind(_ index: Int32, _ text: String?) {
        guard var text else {
            sqlite3_bind_null(handle, index)
            return
        }
        // An empty buffer may have no address, and a text without address is NULL to SQLite.
        guard !text.isEmpty else {
            sqlite3_bind_text(handle, index, "", 0, Self.copied)
            return
        }
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                _ = sqlite3_bind_text(handle, index, characters.baseAddress, Int32(utf8.count), Self.copied)
            }
        }
    }

    func bind(_ index: Int32, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { raw in
            if raw.isEmpty {
                _ = sqlite3_bind_zeroblob(handle, index, 0)
            } else {
                _ = sqlite3_bind_blob(handle, index, raw.baseAddress, Int32(raw.count), Self.copied)
            }
        }
    }

    /// Moves to the next row; false after the last one.
    func step() throws(StoreError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = StoreError(code: code, of: sqlite3_db_handle(handle))
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement that gives no rows, and readies it for the next use.
    func run() throws(StoreError) {
        defer { sqlite3_reset(handle) }
        while try step() {}
    }

    /// Runs with `bytes` as one of its parameters, read where they lie: for large ones on the hot path.
    func run(with bytes: [UInt8], as index: Int32) throws(StoreError) {
        guard !bytes.isEmpty else {
            bind(index, bytes)
            return try run()
        }
        // The address is not kept: nothing may look at it once the bytes are gone.
        defer { sqlite3_bind_null(handle, index) }
        try bytes.withUnsafeBufferPointer { bytes throws(StoreError) in
            _ = sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), nil)
            try run()
        }
    }

    /// Ends the reading, so that neither a lock nor a snapshot stays behind.
    func reset() { sqlite3_reset(handle) }

    /// How many rows the last insert, update or delete on this connection touched.
    var changes: Int { Int(sqlite3_changes(sqlite3_db_handle(handle))) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }
    func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }
    func optionalDouble(_ column: Int32) -> Double? { isNull(column) ? nil : double(column) }
    func bool(_ column: Int32) -> Bool { int64(column) != 0 }

    func bytes(_ column: Int32) -> [UInt8] {
        // The address first: asking for the length first could be invalidated by it.
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// `SQLITE_TRANSIENT`, a cast that does not import: SQLite copies the bytes before the call returns.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
