import Community
import Foundation
import GRDB
import Locking
import LyceumProtocol

/// The default store: one SQLite database in write-ahead mode, every commit synced before it counts.
///
/// One writer connection, a few reading ones that never wait for it, and a thread that moves committed pages from the
/// log into the database so that neither has to.
public final class SQLiteStore: CommunityStore {
    fileprivate struct Record {
        var pool: DatabasePool
        /// Rows that wait in the tails; see ``Tails``.
        var tailRows: Int
        let known = KnownHeads()
        /// After a failed write nothing is known about what the kernel kept of it: the pages it could not write may
        /// pass for clean. So the next write starts from a connection that remembers nothing.
        var mustReopen = false
        /// The audit log's head, if it could not be written down after its commit.
        var unwrittenCheckpoint: AuditCheckpoint?
    }

    private let folder: DataFolder
    private let checkpointer: Checkpointer
    private let record: SharedRecord
    private let reserve: DiskReserve
    let indexer: SearchIndexer
    /// How far the outcomes of posts have been looked through for outdated ones.
    let nonceCursor = Locked(NonceCursor.start)

    /// Opens the store in `folder`, making it if there is none.
    ///
    /// - Throws: ``StoreError`` with a sentence: the folder is in use, the data are of a newer Lyceum, its
    ///   log is damaged, the disk fails.
    public init(folder url: URL) throws(StoreError) {
        _ = SQLiteLibrary.isConfigured
        folder = try DataFolder(url)
        try DamagedLog.refuse(in: folder)
        reserve = DiskReserve(path: folder.reservePath)
        checkpointer = Checkpointer(path: folder.recordPath, reserve: reserve)
        let record = SharedRecord(try Self.open(folder, checkpointer))
        self.record = record
        let epoch = try Self.epoch(record.pool)
        indexer = SearchIndexer(path: folder.searchPath, epoch: epoch, reserve: reserve) { record.pool }
    }

    deinit { indexer.stop() }

    var files: FileFolder { FileFolder(folder.files) }
    var auditCheckpointPath: String { folder.auditCheckpointPath }
    var activityPaths: (archive: String, state: String) { (folder.activityPath, folder.activityStatePath) }

    private static func epoch(_ pool: DatabasePool) throws(StoreError) -> String {
        do {
            return try pool.read { try SQLiteReader($0).epoch() }
        } catch {
            throw StoreError(error)
        }
    }

    private static func open(_ folder: DataFolder, _ checkpointer: Checkpointer) throws(StoreError) -> Record {
        let pool = try RecordDatabase.open(folder.recordPath)
        do {
            pool.writeWithoutTransaction { checkpointer.watch($0) }
            return Record(pool: pool, tailRows: try pool.read(Tails.count))
        } catch {
            throw StoreError(error)
        }
    }

    public func loadCommunity() throws(StoreError) -> Community {
        do {
            return try read { reader in
                guard let reader = reader as? SQLiteReader else { preconditionFailure("The store reads with its own.") }
                var loader = try CommunityLoader(reader)
                return try loader.load()
            }
        } catch {
            throw StoreError(error)
        }
    }

    public func write<Result>(_ body: (any CommunityTransaction) throws -> Result) throws -> Result {
        let pool = try poolForWriting()
        return try pool.writeWithoutTransaction { database in
            if let checkpoint = record.withLock({ $0.unwrittenCheckpoint }) { writeDown(checkpoint) }
            if reserve.isHeld { checkpointer.help(database) }
            // Before a transaction rather than after one, so that nobody waits longer for what is committed already.
            if reserve.isHeld, record.withLock({ $0.tailRows >= Tails.limit }) {
                try commit(database) { try Tails.move($0) }
                record.withLock { $0.tailRows = 0 }
            }
            return try commit(database) { try body($0) }
        }
    }

    private func commit<Result>(_ database: Database, _ body: (SQLiteTransaction) throws -> Result) throws -> Result {
        do {
            try database.beginTransaction(.immediate)
            let known = record.withLock { $0.known }
            let transaction = try SQLiteTransaction(writingTo: database, known: known)
            let result = try body(transaction)
            try transaction.flush()
            try database.commit()
            known.heads.merge(transaction.newest) { _, newer in newer }
            record.withLock { $0.tailRows += transaction.tailGrowth }
            indexer.note(transaction.newest)
            if let head = transaction.auditHead { writeDown(head) }
            return result
        } catch {
            throw rollBack(database, after: error)
        }
    }

    /// What is committed stays so whether or not this succeeds; if it does not, the next transaction tries again.
    private func writeDown(_ checkpoint: AuditCheckpoint) {
        do {
            try checkpoint.write(to: auditCheckpointPath)
            record.withLock { $0.unwrittenCheckpoint = nil }
        } catch {
            record.withLock { $0.unwrittenCheckpoint = checkpoint }
        }
    }

    /// Leaves the whole record in its one file, which may be copied as any other.
    public func close() {
        indexer.stop()
        // Where something still reads, the log stays and the next start goes on with it.
        try? record.pool.close()
        checkpointer.finish()
    }

    public func hasRoom() -> Bool { reserve.take() }

    public func read<Result>(_ body: (any CommunityReader) throws -> Result) throws -> Result {
        do {
            return try record.pool.read { try body(SQLiteReader($0)) }
        } catch let error as DatabaseError {
            throw StoreError(error)
        }
    }

    /// Undoes what the transaction did, and returns the error to throw: the caller's own, or what the disk said.
    private func rollBack(_ database: Database, after error: any Error) -> any Error {
        let isOurs = error is StoreError || error is DatabaseError
        let cause: any Error = isOurs ? StoreError(error) : error
        if case .full? = cause as? StoreError { reserve.giveUp() }
        if isOurs { record.withLock { $0.mustReopen = true } }
        do {
            if database.isInsideTransaction { try database.rollback() }
        } catch {
            record.withLock { $0.mustReopen = true }
            return StoreError.unavailable("\(cause); undoing it failed as well: \(error)")
        }
        return cause
    }

    private func poolForWriting() throws(StoreError) -> DatabasePool {
        let (pool, mustReopen) = record.withLock { ($0.pool, $0.mustReopen) }
        guard mustReopen else { return pool }
        // Readers that are under way keep the old connections until they are done.
        let fresh = try Self.open(folder, checkpointer)
        record.withLock { $0 = fresh }
        return fresh.pool
    }
}

/// The record's connections, shared by the writer, the readers and the indexer.
private final class SharedRecord: Sendable {
    private let state: Locked<SQLiteStore.Record>

    init(_ record: SQLiteStore.Record) { state = Locked(record) }

    var pool: DatabasePool { withLock { $0.pool } }

    func withLock<Result>(_ body: (inout SQLiteStore.Record) -> Result) -> Result {
        state.withLock { body(&$0) }
    }
}
