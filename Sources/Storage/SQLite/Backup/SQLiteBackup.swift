import Community
import Foundation
import GRDB
import GRDBSQLite
import LyceumProtocol

/// Copies of a store in one file each, with their SHA-256 beside them, and a folder with what members uploaded.
public enum SQLiteBackup {
    /// What a verified copy holds.
    public struct Contents: Hashable, Sendable {
        public let epoch: String
        public let members: Int64
        public let rooms: Int64
        public let events: Int64
        public let files: Int64
    }

    /// Why a copy is not to be trusted, or not to be put there.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Copies the store in `data` as it is now, while a daemon may be writing to it, and verifies the copy.
    ///
    /// The file gets its name only once it has passed ``verify(_:)``, so whatever bears the name is a good copy.
    ///
    /// - Parameter file: Where to put it; must not exist. The checksum goes beside it, with `.sha256` after the name.
    public static func create(of data: URL, as file: URL) throws -> Contents {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw Failure(description: "\(file.path) exists already.")
        }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let partial = file.appendingPathExtension("partial")
        defer { SearchDatabase.remove(partial.path) }
        SearchDatabase.remove(partial.path)
        try DataFolder.makePrivateFile(partial.path)
        try copy(DataFolder.recordPath(in: data), to: partial.path)
        let contents = try aside { try inspect(partial) }
        try FileBackup(copy: partial, folder: DataFolder.files(in: data)).copy(to: FileBackup.folder(of: file))
        try Checksum.write(of: partial, for: file)
        try Durable.rename(partial, to: file)
        return contents
    }

    /// Checks a copy against its checksum, SQLite's own structure, and what must hold between record and projections.
    public static func verify(_ file: URL) throws -> Contents {
        try aside {
            try Checksum.check(file)
            let contents = try inspect(file)
            try FileBackup(copy: file, folder: FileBackup.folder(of: file)).verify()
            return contents
        }
    }

    /// Puts a verified copy into an empty or new folder.
    ///
    /// The store gets a new epoch: clients that have seen later events than the copy holds must load anew, as the same
    /// numbers will mean other events. Nobody is signed in to it.
    ///
    /// - Returns: What was restored, under its new epoch.
    public static func restore(_ file: URL, to data: URL) throws -> Contents {
        _ = try verify(file)
        let present = (try? FileManager.default.contentsOfDirectory(atPath: data.path)) ?? []
        guard present.isEmpty else {
            throw Failure(description: "\(data.path) is not empty; a backup is restored into a new folder only.")
        }
        // Held until the end, so that no daemon starts on half of it.
        let folder = try DataFolder(data)
        let partial = data.appending(path: "restoring.db")
        defer { SearchDatabase.remove(partial.path) }
        try FileManager.default.copyItem(at: file, to: partial)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: partial.path)
        try beginAnew(in: partial)
        // A copy's audit log ends where it was taken; what is appended from now on is counted from there.
        try auditHead(in: partial).write(to: folder.auditCheckpointPath)
        let contents = try inspect(partial)
        try FileBackup(copy: partial, folder: FileBackup.folder(of: file)).copy(to: folder.files)
        try Durable.rename(partial, to: URL(fileURLWithPath: folder.recordPath))
        return contents
    }

    /// Draws the new epoch, and takes from the copy what time has overtaken: every session, since the copy does not
    /// know which were revoked after it was taken (bots get new tokens as people sign in again), and what waited for
    /// webhooks, since most of it will have been brought; it can be sent again by hand.
    static func beginAnew(in file: URL) throws {
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { database in
            try database.execute(
                sql: "UPDATE meta SET value = ? WHERE name = 'epoch'", arguments: [RecordDatabase.newEpoch()])
            try database.execute(sql: "DELETE FROM session")
            // A copy of an earlier version has no such table yet.
            if try database.tableExists("webhook_delivery") {
                try database.execute(
                    sql: "UPDATE webhook_delivery SET state = 'dead', failure = 'restored' WHERE state = 'waiting'")
            }
        }
        try queue.close()
    }

    static func auditHead(in file: URL) throws -> AuditCheckpoint {
        let queue = try DatabaseQueue(path: file.path)
        defer { try? queue.close() }
        return try queue.read { try AuditChain.head(of: SQLiteReader($0)) }
    }

    static func inspect(_ file: URL) throws -> Contents {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.read { database in
                try RecordDatabase.refuseNewer(database, path: file.path)
                let reader = SQLiteReader(database)
                var faults = try RecordVerifier(reader: reader).faults()
                let audit = try AuditChain.verify(reader, checkpoint: AuditChain.head(of: reader))
                if !audit.isIntact { faults.append("\(audit).") }
                guard faults.isEmpty else {
                    throw Failure(description: "\(file.path) is damaged: \(faults.joined(separator: " "))")
                }
                return Contents(
                    epoch: try reader.epoch(), members: try count("member", reader), rooms: try count("room", reader),
                    events: try count("event", reader) + count("event_tail", reader), files: try count("file", reader))
            }
        } catch let error as DatabaseError {
            throw Failure(description: "\(file.path) is not a readable store: \(error.message ?? "\(error)")")
        }
    }

    private static func count(_ table: String, _ reader: SQLiteReader) throws -> Int64 {
        try reader.first("SELECT count(*) FROM \(table)", { _ in }, { $0.int64(0) }) ?? 0
    }
}

/// SQLite's online backup (https://sqlite.org/backup.html), held to one snapshot.
extension SQLiteBackup {
    private static func copy(_ source: String, to target: String) throws {
        try refuseDamage(of: URL(fileURLWithPath: source).deletingLastPathComponent())
        let from = try open(source)
        defer { sqlite3_close_v2(from) }
        let into = try open(target)
        defer { sqlite3_close_v2(into) }
        // It is synchronised as a whole before it gets its name.
        try execute("PRAGMA synchronous = OFF", into)
        // Inside a transaction every step sees the same snapshot, whatever is committed meanwhile; without one the
        // copy would begin again at each commit of another process.
        try execute("BEGIN; SELECT count(*) FROM meta", from)
        guard let backup = sqlite3_backup_init(into, "main", from, "main") else { throw failure(into) }
        let code = run(backup, writing: target)
        sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else { throw failure(into) }
        // One file, with no log beside it.
        try execute("PRAGMA journal_mode = DELETE", into)
    }

    private static func run(_ backup: OpaquePointer, writing target: String) -> Int32 {
        let file = Glibc.open(target, O_WRONLY | O_CLOEXEC)
        defer { close(file) }
        var pace = CopyPace(writing: file)
        while true {
            let code = sqlite3_backup_step(backup, CopyPace.pages)
            guard code == SQLITE_OK else { return code }
            pace.endStep()
        }
    }

    /// If no daemon has the folder, the copy is the first to open the store, and would discard what comes after damage.
    private static func refuseDamage(of data: URL) throws {
        if let folder = try? DataFolder(data) { try DamagedLog.refuse(in: folder) }
    }

    private static func open(_ path: String) throws -> OpaquePointer? {
        var connection: OpaquePointer?
        guard sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else {
            defer { sqlite3_close_v2(connection) }
            throw Failure(description: "\(path) cannot be opened: \(failure(connection))")
        }
        sqlite3_busy_timeout(connection, 5_000)
        return connection
    }

    private static func execute(_ sql: String, _ connection: OpaquePointer?) throws {
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else { throw failure(connection) }
    }

    private static func failure(_ connection: OpaquePointer?) -> StoreError {
        StoreError(code: sqlite3_errcode(connection), of: connection)
    }
}
