import Community
import LyceumProtocol

/// The log of activity in the record.
extension SQLiteReader {
    func activityLog(after id: Int64, limit: Int) throws -> [ActivityLogEntry] {
        let rows = try all(
            "SELECT id, body FROM activity_log WHERE id > ? ORDER BY id LIMIT ?",
            { row in
                row.bind(1, id)
                row.bind(2, Int64(limit))
            }, { (id: $0.int64(0), body: $0.bytes(1)) })
        guard let first = rows.first, let last = rows.last else { return [] }
        let notes = try notes(where: "log BETWEEN ?1 AND ?2 ORDER BY log, id", first.id, last.id)
        var byEntry: [Int64: [ActivityNote]] = [:]
        for (log, note) in notes { byEntry[log, default: []].append(note) }
        return rows.map {
            ActivityLogEntry(id: $0.id, events: PendingActivity.places(in: $0.body), notes: byEntry[$0.id] ?? [])
        }
    }

    func activityHead() throws -> Int64 {
        try first("SELECT coalesce(max(id), 0) FROM activity_log", { _ in }, { $0.int64(0) }) ?? 0
    }

    func activityErasures() throws -> [MemberID: Int64] {
        let rows = try all(
            "SELECT member, max(log) FROM activity_note WHERE kind = ? GROUP BY member",
            { $0.bind(1, ActivityNote.Kind.erased.rawValue) }, { (MemberID($0.int64(0)), $0.int64(1)) })
        return Dictionary(uniqueKeysWithValues: rows)
    }

    func activityNotes(of member: MemberID) throws -> [ActivityNote] {
        try notes(where: "member = ?1 ORDER BY id", member.rawValue).map(\.note)
    }

    private func notes(
        where condition: String, _ parameters: Int64...
    ) throws(StoreError) -> [(log: Int64, note: ActivityNote)] {
        let row = try prepare(
            "SELECT log, at, kind, member, room, thread, detail FROM activity_note WHERE \(condition)")
        defer { row.reset() }
        for (index, parameter) in parameters.enumerated() { row.bind(Int32(index + 1), parameter) }
        var notes: [(Int64, ActivityNote)] = []
        while try row.step() {
            guard let kind = ActivityNote.Kind(rawValue: row.int64(2)) else {
                throw .unavailable("A note of activity is of unknown kind \(row.int64(2)).")
            }
            let note = ActivityNote(
                kind, at: row.int64(1), by: MemberID(row.int64(3)), room: row.optionalInt64(4).map { RoomID($0) },
                thread: row.optionalInt64(5), detail: row.optionalText(6))
            notes.append((row.int64(0), note))
        }
        return notes
    }

    /// Stored privacy and blocks, as changes of a community.
    func privacyChanges() throws(StoreError) -> [Change] {
        let privacies = try all("SELECT member, is_counted, is_discoverable FROM privacy", { _ in }) { row in
            Change.privacy(MemberID(row.int64(0)), Privacy(isCounted: row.bool(1), isDiscoverable: row.bool(2)))
        }
        let blocks = try all("SELECT member, blocked FROM block", { _ in }) { row in
            Change.blocked(MemberID(row.int64(0)), MemberID(row.int64(1)))
        }
        return privacies + blocks
    }
}

extension SQLiteTransaction {
    func note(_ note: ActivityNote) { activity.notes.append(note) }

    func eraseActivityNotes(of member: MemberID) throws {
        let settings: [ActivityNote.Kind] = [.counted, .uncounted, .erased, .banned, .pardoned]
        let kept = settings.map { "\($0.rawValue)" }.joined(separator: ", ")
        try run("DELETE FROM activity_note WHERE member = ? AND kind NOT IN (\(kept))") { $0.bind(1, member.rawValue) }
    }

    /// Writes what was gathered for the log as its next entry.
    func flushActivity() throws(StoreError) {
        guard !activity.isEmpty else { return }
        let id = try first(
            "INSERT INTO activity_log (body) VALUES (?) RETURNING id", { $0.bind(1, activity.body) }, { $0.int64(0) })
        guard let id else { throw .unavailable("The log of activity did not take an entry.") }
        for note in activity.notes {
            try run("INSERT INTO activity_note VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)") { row in
                row.bind(1, id)
                row.bind(2, note.at)
                row.bind(3, note.kind.rawValue)
                row.bind(4, note.member.rawValue)
                row.bind(5, note.room?.rawValue)
                row.bind(6, note.thread)
                row.bind(7, note.detail)
            }
        }
        activity = PendingActivity()
    }

    func put(_ privacy: Privacy, of member: MemberID) throws(StoreError) {
        try run("INSERT OR REPLACE INTO privacy VALUES (?, ?, ?)") { row in
            row.bind(1, member.rawValue)
            row.bind(2, privacy.isCounted)
            row.bind(3, privacy.isDiscoverable)
        }
    }

    func block(_ other: MemberID, by member: MemberID) throws(StoreError) {
        try run("INSERT OR IGNORE INTO block VALUES (?, ?)") { row in
            row.bind(1, member.rawValue)
            row.bind(2, other.rawValue)
        }
    }

    func unblock(_ other: MemberID, by member: MemberID) throws(StoreError) {
        try run("DELETE FROM block WHERE member = ? AND blocked = ?") { row in
            row.bind(1, member.rawValue)
            row.bind(2, other.rawValue)
        }
    }
}
