import Community
import LyceumProtocol

/// What belongs to members: their stream, what calls them, passwords, invites and reports.
extension SQLiteReader {
    func meEvents(of member: MemberID, after seq: SequenceNumber, limit: Int) throws -> [MeEvent] {
        try all(
            "SELECT seq, at, body FROM me_event WHERE member = ? AND seq > ? ORDER BY seq LIMIT ?",
            { row in
                row.bind(1, member.rawValue)
                row.bind(2, seq)
                row.bind(3, Int64(limit))
            }, { MeEvent(member: member, seq: $0.int64(0), at: $0.int64(1), body: $0.bytes(2)) })
    }

    func passwordHash(of member: MemberID) throws -> String? {
        try first("SELECT hash FROM password WHERE member = ?", { $0.bind(1, member.rawValue) }, { $0.text(0) })
    }

    func invite(_ code: TokenHash) throws -> Invite? {
        let invite = try first(
            "SELECT room, role, created_by, expires_at, uses_left FROM invite WHERE code = ?",
            { $0.bind(1, code.bytes) },
            { row in
                Role(rawValue: row.text(1)).map { role in
                    Invite(
                        code: code, room: row.optionalInt64(0).map { RoomID($0) }, role: role,
                        createdBy: MemberID(row.int64(2)), expiresAt: row.int64(3), usesLeft: row.int64(4))
                }
            })
        return invite ?? nil
    }

    func reports(after id: Int64, limit: Int) throws -> [Report] {
        try all(
            "SELECT \(Self.reportColumns) FROM report WHERE id > ? ORDER BY id LIMIT ?",
            { row in
                row.bind(1, id)
                row.bind(2, Int64(limit))
            }, Self.report)
    }

    static let reportColumns = "room, seq, by, at, reason, item, verdict, id"

    static func report(_ row: SQLStatement) -> Report {
        var report = Report(
            room: RoomID(row.int64(0)), seq: row.int64(1), by: MemberID(row.int64(2)), at: row.int64(3),
            reason: row.text(4))
        report.item = row.optionalInt64(5)
        report.verdict = row.bytes(6)
        report.id = row.int64(7)
        return report
    }
}
