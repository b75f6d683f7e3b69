import Community
import Foundation
import GRDBSQLite
import LyceumProtocol
import Storage
import Testing

/// The audit log names whoever tampers with it: the first row that is not what was written (attack A11).
@Suite struct `The audit log` {
    private static let rows = 20

    private func filled() throws -> StoreUnderTest {
        let test = try StoreUnderTest()
        for number in 0..<Self.rows {
            try test.write { transaction in
                try transaction.append(
                    AuditEntry(
                        at: UnixMilliseconds(number), actor: MemberID(1), action: "review.decide", room: RoomID(2),
                        member: MemberID(3), item: 4, details: #"{"number":\#(number)}"#))
            }
        }
        return test
    }

    /// What is found after `sql` was run on the file behind the store's back.
    private func finding(after sql: String) throws -> AuditFinding {
        let test = try filled()
        try test.reopen {
            var connection: OpaquePointer?
            defer { sqlite3_close(connection) }
            let path = test.folder.url.appending(path: "lyceum.db").path
            try #require(sqlite3_open(path, &connection) == SQLITE_OK)
            let all = "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; \(sql)"
            try #require(sqlite3_exec(connection, all, nil, nil, nil) == SQLITE_OK)
        }
        return try test.store.verifyAudit()
    }

    @Test func `is intact as it was written, and after a restart`() throws {
        let test = try filled()
        #expect(try test.store.verifyAudit() == .intact(rows: 20))
        try test.reopen()
        try test.write { try $0.append(AuditEntry(at: 1, actor: MemberID(0), action: "more")) }
        #expect(try test.store.verifyAudit() == .intact(rows: 21))
        #expect(try RecordArchive(folder: test.folder.url).verifyAudit() == .intact(rows: 21))
    }

    @Test(arguments: [
        ("UPDATE audit SET details = '{}' WHERE number = 7", 7), ("UPDATE audit SET actor = 9 WHERE number = 1", 1),
        ("UPDATE audit SET at = at + 1 WHERE number = 20", 20), ("UPDATE audit SET room = NULL WHERE number = 5", 5),
        ("UPDATE audit SET hash = zeroblob(32) WHERE number = 11", 11),
        ("DELETE FROM audit WHERE number = 9", 9),
        ("DELETE FROM audit WHERE number = 9; UPDATE audit SET number = number - 1 WHERE number > 9", 9),
        (
            "UPDATE audit SET number = -1 WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 4; "
                + "UPDATE audit SET number = 4 WHERE number = -1", 3
        ),
        ("DELETE FROM audit WHERE number > 15", 16), ("DELETE FROM audit WHERE number = 20", 20),
        ("DELETE FROM audit", 1),
    ])
    func `names the first row that was changed, moved, removed or cut off`(sql: String, row: Int64) throws {
        guard case .broken(let found, _) = try finding(after: sql) else {
            Issue.record("nothing was found after \(sql)")
            return
        }
        #expect(found == row)
    }

    /// Whoever can compute hashes can write a chain of their own, but the checkpoint has another head.
    @Test func `finds a log that was written anew`() throws {
        var (sql, previous) = ("DELETE FROM audit;", AuditChain.start)
        for number in 1...Int64(Self.rows) {
            let entry = AuditEntry(at: 0, actor: MemberID(0), action: "nothing")
            previous = AuditChain.hash(entry, number: number, after: previous)
            let hash = previous.map { String(format: "%02x", $0) }.joined()
            sql += "INSERT INTO audit VALUES (\(number), 0, 0, 'nothing', NULL, NULL, NULL, '{}', x'\(hash)');"
        }
        #expect(try finding(after: sql).isIntact == false)
    }

    @Test func `misses its checkpoint`() throws {
        let test = try filled()
        try test.reopen { try FileManager.default.removeItem(at: test.folder.url.appending(path: "audit.head")) }
        #expect(try test.store.verifyAudit().isIntact == false)
    }

    @Test func `refuses changes and deletions`() throws {
        let test = try filled()
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        try #require(sqlite3_open(test.folder.url.appending(path: "lyceum.db").path, &connection) == SQLITE_OK)
        for sql in ["DELETE FROM audit", "UPDATE audit SET actor = 2"] {
            #expect(sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_CONSTRAINT)
        }
    }

    /// A transaction that fails leaves neither the change nor the row.
    @Test func `stands and falls with what it records`() throws {
        struct Failure: Error {}
        let test = try filled()
        #expect(throws: Failure.self) {
            try test.write { transaction in
                try transaction.append(AuditEntry(at: 1, actor: MemberID(0), action: "undone"))
                throw Failure()
            }
        }
        #expect(try test.store.verifyAudit() == .intact(rows: 20))
    }
}
