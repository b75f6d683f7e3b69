import Activity
import Community
import Foundation
import GRDB
import Locking
import LyceumProtocol

/// The tracker's events in a database of their own, filed by thread and by member.
///
/// Not in the record: it is derived from it, and its three indexes would make every post dearer. It is not synced
/// either, since what a power cut takes is taken from the record again.
final class SQLiteActivityArchive: ActivityArchive {
    private let queue: DatabaseQueue
    private let statePath: String
    /// What went wrong since the last flush; the functions of ``ActivityHistory`` cannot throw.
    private let failure = Locked<(any Error)?>(nil)

    /// An event's number is its log entry's, times this, plus its place in the entry.
    private static let perEntry: Int64 = 1 << 20
    /// The newest event's number, once it has been asked for. Owned, as all of this, by one thread.
    private var newest: Int64?

    init(path: String, statePath: String) throws(StoreError) {
        self.statePath = statePath
        try DataFolder.makePrivateFile(path)
        do {
            var configuration = Configuration()
            configuration.label = "activity"
            configuration.allowsUnsafeTransactions = true
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { try $0.execute(sql: Self.schema) }
        } catch {
            throw StoreError(error)
        }
    }

    private static let schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = OFF;
        PRAGMA secure_delete = FAST;
        PRAGMA cache_size = -8192;
        PRAGMA wal_autocheckpoint = 4000;
        CREATE TABLE IF NOT EXISTS event (
            id INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL, thread INTEGER,
            member INTEGER NOT NULL, tag TEXT, body BLOB NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS event_name ON event (room, seq);
        CREATE INDEX IF NOT EXISTS event_in_thread ON event (room, thread, id) WHERE thread IS NOT NULL;
        CREATE INDEX IF NOT EXISTS event_tagged ON event (member, tag, room) WHERE tag IS NOT NULL;
        CREATE TABLE IF NOT EXISTS concern (
            member INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (member, id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS place (log INTEGER NOT NULL);
        INSERT INTO place SELECT 0 WHERE NOT EXISTS (SELECT * FROM place);
        """

    private func attempt<Result>(_ fallback: Result, _ body: (SQLiteReader) throws -> Result) -> Result {
        do {
            return try queue.inDatabase { try body(SQLiteReader($0)) }
        } catch {
            failure.withLock { $0 = $0 ?? error }
            return fallback
        }
    }

    private func run(_ reader: SQLiteReader, _ sql: String, _ bind: (SQLStatement) -> Void) throws {
        let statement = try reader.prepare(sql)
        bind(statement)
        try statement.run()
    }

    // MARK: Filing

    func append(_ event: ActivityEvent, log: Int64, tag: String?) {
        let (thread, members) = filing(of: event)
        attempt(()) { reader in
            try begin(reader)
            let id = try nextNumber(reader, log)
            try run(reader, "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)") { row in
                row.bind(1, id)
                row.bind(2, event.room.rawValue)
                row.bind(3, event.seq)
                row.bind(4, thread)
                row.bind(5, event.member.rawValue)
                row.bind(6, tag)
                row.bind(7, event.encoded)
            }
            for member in members { try concern(reader, member, id) }
        }
    }

    private func concern(_ reader: SQLiteReader, _ member: MemberID, _ id: Int64) throws {
        try run(reader, "INSERT OR IGNORE INTO concern VALUES (?, ?)") { row in
            row.bind(1, member.rawValue)
            row.bind(2, id)
        }
    }

    private func begin(_ reader: SQLiteReader) throws {
        if !reader.database.isInsideTransaction { try reader.database.beginTransaction(.immediate) }
    }

    private func nextNumber(_ reader: SQLiteReader, _ log: Int64) throws -> Int64 {
        let before =
            try newest ?? reader.first("SELECT coalesce(max(id), 0) FROM event", { _ in }, { $0.int64(0) }) ?? 0
        let number = max(before + 1, log * Self.perEntry)
        newest = number
        return number
    }

    func newest(tagged tag: String, by member: MemberID, in room: RoomID) -> SequenceNumber? {
        attempt(nil) { reader in
            try reader.first(
                "SELECT max(seq) FROM event WHERE member = ? AND tag = ? AND room = ?",
                { row in
                    row.bind(1, member.rawValue)
                    row.bind(2, tag)
                    row.bind(3, room.rawValue)
                }, { $0.optionalInt64(0) }) ?? nil
        }
    }

    func redact(_ member: MemberID) {
        attempt(()) { reader in
            try begin(reader)
            let rows = try rows(
                reader, "event.id IN (SELECT id FROM concern WHERE member = ?1) ORDER BY id", member.rawValue)
            for (id, event) in rows {
                if let rest = event.redacted(of: member) {
                    try run(reader, "UPDATE event SET body = ? WHERE id = ?") { row in
                        row.bind(1, rest.encoded)
                        row.bind(2, id)
                    }
                } else {
                    try run(reader, "DELETE FROM event WHERE id = ?") { $0.bind(1, id) }
                    for other in event.named { try unconcern(reader, other, id) }
                }
                try unconcern(reader, member, id)
            }
        }
    }

    private func unconcern(_ reader: SQLiteReader, _ member: MemberID, _ id: Int64) throws {
        try run(reader, "DELETE FROM concern WHERE member = ? AND id = ?") { row in
            row.bind(1, member.rawValue)
            row.bind(2, id)
        }
    }

    var position: Int64 {
        attempt(0) { try $0.first("SELECT log FROM place", { _ in }, { $0.int64(0) }) ?? 0 }
    }

    func truncate(after log: Int64) {
        attempt(()) { reader in
            try begin(reader)
            newest = nil
            let first = (log + 1) * Self.perEntry
            for table in ["event", "concern"] {
                try run(reader, "DELETE FROM \(table) WHERE id >= ?") { $0.bind(1, first) }
            }
            try run(reader, "UPDATE place SET log = ?") { $0.bind(1, log) }
            try reader.database.commit()
        }
    }

    func flush(at log: Int64) throws {
        attempt(()) { reader in
            guard reader.database.isInsideTransaction else { return }
            try run(reader, "UPDATE place SET log = ?") { $0.bind(1, log) }
            try reader.database.commit()
        }
        let error = failure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        guard let error else { return }
        newest = nil
        attempt(()) { if $0.database.isInsideTransaction { try $0.database.rollback() } }
        throw error
    }

    // MARK: History

    func event(_ seq: SequenceNumber, of room: RoomID) -> ActivityEvent? {
        events("room = ?1 AND seq = ?2", room.rawValue, seq).first
    }

    func events(inThread root: SequenceNumber, of room: RoomID) -> [ActivityEvent] {
        events("room = ?1 AND thread = ?2 ORDER BY id", room.rawValue, root)
    }

    func events(concerning member: MemberID) -> [ActivityEvent] {
        events("id IN (SELECT id FROM concern WHERE member = ?1) ORDER BY id", member.rawValue)
    }

    private func events(_ condition: String, _ parameters: Int64...) -> [ActivityEvent] {
        attempt([]) { try rows($0, condition, parameters).map(\.event) }
    }

    private func rows(
        _ reader: SQLiteReader, _ condition: String, _ parameters: Int64...
    ) throws -> [(id: Int64, event: ActivityEvent)] { try rows(reader, condition, parameters) }

    private func rows(
        _ reader: SQLiteReader, _ condition: String, _ parameters: [Int64]
    ) throws -> [(id: Int64, event: ActivityEvent)] {
        let row = try reader.prepare("SELECT id, body FROM event WHERE \(condition)")
        defer { row.reset() }
        for (index, parameter) in parameters.enumerated() { row.bind(Int32(index + 1), parameter) }
        var found: [(Int64, ActivityEvent)] = []
        while try row.step() { found.append((row.int64(0), try ActivityEvent(decoding: row.bytes(1)))) }
        return found
    }

    // MARK: State

    func keptState() -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: statePath) else { return nil }
        return [UInt8](data)
    }

    /// A new file that takes the old one's place whole, so that a crash leaves one or the other.
    func keep(_ state: [UInt8]) throws {
        let draft = statePath + ".new"
        try DataFolder.makePrivateFile(draft)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: draft))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: state)
        try file.synchronize()
        try file.close()
        guard rename(draft, statePath) == 0 else {
            throw StoreError.unavailable("The state of activity cannot be kept: \(String(cString: strerror(errno)))")
        }
    }
}

extension SQLiteStore: ActivityArchiving {
    public func openArchive() throws -> any ActivityArchive {
        try SQLiteActivityArchive(path: activityPaths.archive, statePath: activityPaths.state)
    }

    public func openScratchArchive(in folder: String) throws -> any ActivityArchive {
        try SQLiteActivityArchive(path: folder + "/activity.db", statePath: folder + "/activity.state")
    }
}
