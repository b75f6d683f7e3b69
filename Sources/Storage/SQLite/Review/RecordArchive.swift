import Community
import Foundation
import GRDB
import LyceumProtocol

/// A data folder looked at from outside, whether its daemon runs or not: nothing is locked and nothing is changed.
public struct RecordArchive: Sendable {
    private let folder: URL
    private let queue: DatabaseQueue

    /// - Throws: ``StoreError/unavailable(_:)`` with a sentence if there is no record in `folder`, or it is of another
    ///   version.
    public init(folder: URL) throws(StoreError) {
        self.folder = folder
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            guard SQLiteStore.hasRecord(in: folder) else {
                throw StoreError.unavailable("There is no record in \(folder.path).")
            }
            queue = try DatabaseQueue(path: DataFolder.recordPath(in: folder), configuration: configuration)
            guard try queue.read(Schema.migrator.hasCompletedMigrations) else {
                throw StoreError.unavailable("The record in \(folder.path) is of another version of Lyceum.")
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Runs `body` on one snapshot of what is committed.
    public func read<Result>(_ body: (any CommunityReader) throws -> Result) throws -> Result {
        do {
            return try queue.read { try body(SQLiteReader($0)) }
        } catch let error as DatabaseError {
            throw StoreError(error)
        }
    }

    public func loadCommunity() throws -> Community {
        try queue.read { database in
            var loader = try CommunityLoader(SQLiteReader(database))
            return try loader.load()
        }
    }

    public func verifyAudit() throws -> AuditFinding {
        // The checkpoint first: rows that come meanwhile are more than it says, never fewer.
        let checkpoint = AuditCheckpoint(readingFrom: DataFolder.auditCheckpointPath(in: folder))
        return try queue.read { try AuditChain.verify(SQLiteReader($0), checkpoint: checkpoint) }
    }
}

extension SQLiteStore {
    public func verifyAudit() throws -> AuditFinding {
        let checkpoint = AuditCheckpoint(readingFrom: auditCheckpointPath)
        return try read { try AuditChain.verify($0, checkpoint: checkpoint) }
    }
}
