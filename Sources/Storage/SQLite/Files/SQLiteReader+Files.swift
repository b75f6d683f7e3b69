import Community
import LyceumProtocol

/// Files, without their bytes.
extension SQLiteReader {
    private static let fileColumns =
        "id, room, member, name, type, bytes, width, height, digest, at, message, review, gone_at"

    func file(_ id: String) throws -> FileRecord? {
        try first("SELECT \(Self.fileColumns) FROM file WHERE id = ?", { $0.bind(1, id) }, Self.file)
    }

    func files(waitingWith item: ReviewItemID) throws -> [FileRecord] {
        try all(
            "SELECT \(Self.fileColumns) FROM file WHERE review = ? ORDER BY at, id", { $0.bind(1, item) }, Self.file)
    }

    func fileBytes(of member: MemberID) throws -> Int64 {
        try first(
            "SELECT coalesce(sum(bytes), 0) FROM file WHERE member = ?", { $0.bind(1, member.rawValue) },
            { $0.int64(0) }) ?? 0
    }

    func filesToForget(unattachedSince unattached: UnixMilliseconds, goneSince gone: UnixMilliseconds, limit: Int)
        throws -> [String]
    {
        try all(
            """
            SELECT id FROM file WHERE message IS NULL AND at < ?1
                AND NOT EXISTS (SELECT 1 FROM review_item WHERE review_item.id = file.review AND state = 'open')
            UNION ALL SELECT id FROM file WHERE gone_at < ?2 AND message IS NOT NULL LIMIT ?3
            """,
            { row in
                row.bind(1, unattached)
                row.bind(2, gone)
                row.bind(3, Int64(limit))
            }, { $0.text(0) })
    }

    /// Every file that somebody may still be shown.
    func filesOfRecord() throws -> [FileRecord] {
        try all("SELECT \(Self.fileColumns) FROM file ORDER BY id", { _ in }, Self.file)
    }

    /// Reads the row of `fileColumns` that the statement stands on.
    private static func file(_ row: SQLStatement) -> FileRecord {
        FileRecord(
            id: row.text(0), room: RoomID(row.int64(1)), member: MemberID(row.int64(2)), name: row.text(3),
            type: row.text(4), byteCount: row.int64(5), width: row.optionalInt64(6), height: row.optionalInt64(7),
            digest: row.text(8), at: row.int64(9), message: row.optionalInt64(10), review: row.optionalInt64(11),
            goneAt: row.optionalInt64(12))
    }
}

/// Changes of files, without their bytes.
extension SQLiteTransaction {
    func put(_ file: FileRecord) throws {
        try run("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(1, file.id)
            row.bind(2, file.room.rawValue)
            row.bind(3, file.member.rawValue)
            row.bind(4, file.name)
            row.bind(5, file.type)
            row.bind(6, file.byteCount)
            row.bind(7, file.width)
            row.bind(8, file.height)
            row.bind(9, file.digest)
            row.bind(10, file.at)
            row.bind(11, file.message)
            row.bind(12, file.review)
            row.bind(13, file.goneAt)
        }
    }

    func removeFile(_ id: String) throws { try run("DELETE FROM file WHERE id = ?") { $0.bind(1, id) } }

    func setGone(_ time: UnixMilliseconds?, filesOf message: SequenceNumber, in room: RoomID) throws {
        try run("UPDATE file SET gone_at = ? WHERE room = ? AND message = ?") { row in
            row.bind(1, time)
            row.bind(2, room.rawValue)
            row.bind(3, message)
        }
    }
}
