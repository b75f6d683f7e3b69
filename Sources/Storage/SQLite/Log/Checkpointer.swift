import Community
import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Moves committed pages from the write-ahead log into the database, on a thread and a connection of its own, so that
/// nobody's commit waits for it.
///
/// SQLite starts the log over only when a writer finds all of it moved. Under steady load this thread is always a
/// little behind, so once the log is long the writer moves the rest itself, which is then only what came meanwhile. While
/// anybody reads an older snapshot the rest must stay, so the writer waits for them, but only for a moment; and not at all
/// for one that stays where it is, as a backup's does for minutes.
final class Checkpointer: Sendable {
    /// Log pages (of 4 KiB) that make it worth while.
    static let eager = 4_000
    /// Log pages from which the writer helps, and by how many more the log grows before it tries again.
    static let (urgent, patience) = (8_000, 4_000)
    /// How long the writer waits for readers, in milliseconds.
    private static let wait: Int32 = 25

    /// Pages in the log after the newest commit.
    private let logPages = Atomic<Int>(0)
    /// Pages in the log when the writer last helped; while readers hold the log, helping at every commit is vain.
    private let helpedAt = Atomic<Int>(0)
    private let progress: Progress
    private let worker: Worker
    private let path: String

    init(path: String, reserve: DiskReserve) {
        let progress = Progress()
        (self.progress, self.path) = (progress, path)
        worker = Worker(name: "checkpointer", niceness: 0) {
            reserve.whileHeld { Self.checkpoint(path, progress) }
        }
    }

    /// How far this thread came in the log.
    private final class Progress: Sendable {
        let moved = Atomic<Int>(0)
        /// Whether a reader has kept it from coming any further than the time before.
        let isHeld = Atomic<Bool>(false)
    }

    private static func checkpoint(_ path: String, _ progress: Progress) {
        var connection: OpaquePointer?
        defer { sqlite3_close_v2(connection) }
        guard sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { return }
        // A connection that has read nothing yet does not know that there is a log, and would find nothing to move.
        let reads = sqlite3_exec(connection, "SELECT 1 FROM sqlite_schema LIMIT 1", nil, nil, nil)
        guard reads == SQLITE_OK else { return }
        var (all, moved): (Int32, Int32) = (0, 0)
        // Failing is no loss: the log keeps every commit, and the next one wakes this thread again.
        sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, &all, &moved)
        let before = progress.moved.exchange(Int(moved), ordering: .relaxed)
        progress.isHeld.store(moved < all && Int(moved) == before, ordering: .relaxed)
    }

    deinit { worker.stop() }

    /// Moves everything, once nobody else has the database open: SQLite has whoever leaves last do that, and remove the
    /// log, but not where that is one of the readers' connections.
    func finish() {
        worker.stop()
        Self.checkpoint(path, progress)
    }

    /// Has SQLite tell of every commit on the writer's connection.
    func watch(_ writer: Database) {
        // Unretained: the store keeps this object for longer than any connection.
        sqlite3_wal_hook(
            writer.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                let checkpointer = Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue()
                checkpointer.note(Int(pages))
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func note(_ pages: Int) {
        let before = logPages.exchange(pages, ordering: .relaxed)
        // The log has been started over.
        if pages < before { helpedAt.store(0, ordering: .relaxed) }
        if pages / Self.eager > (pages < before ? 0 : before) / Self.eager { worker.wake() }
    }

    /// Called by the writer between its transactions.
    func help(_ writer: Database) {
        let pages = logPages.load(ordering: .relaxed)
        guard pages >= Self.urgent, pages >= helpedAt.load(ordering: .relaxed) + Self.patience else { return }
        guard !progress.isHeld.load(ordering: .relaxed) else { return }
        helpedAt.store(pages, ordering: .relaxed)
        sqlite3_busy_timeout(writer.sqliteConnection, Self.wait)
        sqlite3_wal_checkpoint_v2(writer.sqliteConnection, nil, SQLITE_CHECKPOINT_RESTART, nil, nil)
        sqlite3_busy_timeout(writer.sqliteConnection, Int32(RecordDatabase.busySeconds * 1000))
    }
}
