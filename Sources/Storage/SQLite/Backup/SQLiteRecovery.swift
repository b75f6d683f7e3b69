import Community
import Foundation

extension SQLiteBackup {
    /// What a store lost to a damaged log.
    public struct Recovery: Sendable {
        public let contents: Contents
        /// Transactions that had been acknowledged and are gone.
        public let lostCommits: Int
        /// Where the damaged log is kept.
        public let keptLog: String
    }

    /// Makes a store usable whose write-ahead log is damaged where it was acknowledged, with what can be kept of it.
    ///
    /// If anything is lost, the store gets a new epoch and nobody is signed in, as after ``restore(_:to:)``: numbers will
    /// be given anew, and sessions may have been revoked by what is gone. The damaged log stays beside the store. If what
    /// would be left does not verify, everything stays as it was.
    ///
    /// - Throws: ``Failure`` if the log is not damaged, or what is left is no whole store.
    public static func recover(_ data: URL) throws -> Recovery {
        let folder = try DataFolder(data)
        let log = URL(fileURLWithPath: folder.logPath)
        guard let damaged = try DamagedLog(at: log.path) else {
            throw Failure(description: "\(log.path) is not damaged; nothing was changed.")
        }
        let kept = log.appendingPathExtension("damaged-\(UInt64(Date().timeIntervalSince1970))")
        let mended = try damaged.mended(database: folder.recordPath)
        try put(mended.bytes, inPlaceOf: log, keeping: kept)
        do {
            _ = try inspect(URL(fileURLWithPath: folder.recordPath))
        } catch {
            try Durable.rename(kept, to: log)
            throw Failure(description: "Without the damaged part nothing whole is left; restore a backup. \(error)")
        }
        let record = URL(fileURLWithPath: folder.recordPath)
        if mended.lostCommits > 0 {
            try beginAnew(in: record)
            try auditHead(in: record).write(to: folder.auditCheckpointPath)
        }
        return Recovery(contents: try inspect(record), lostCommits: mended.lostCommits, keptLog: kept.path)
    }

    private static func put(_ bytes: [UInt8], inPlaceOf log: URL, keeping kept: URL) throws {
        let partial = log.appendingPathExtension("partial")
        try DataFolder.makePrivateFile(partial.path)
        let file = try FileHandle(forWritingTo: partial)
        try file.write(contentsOf: bytes)
        try file.close()
        try Durable.synchronise(partial.path)
        // A second name rather than a move, so that at no moment there is no log.
        guard link(log.path, kept.path) == 0 else { throw DataFolder.systemError("\(kept.path) cannot be made") }
        try Durable.rename(partial, to: log)
    }
}
