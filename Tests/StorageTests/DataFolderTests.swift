import Community
import Foundation
import GRDBSQLite
import LyceumProtocol
import Storage
import Testing

@Suite struct `The data folder` {
    @Test func `belongs to one store at a time`() throws {
        let test = try StoreUnderTest()
        let error = #expect(throws: StoreError.self) { try SQLiteStore(folder: test.folder.url) }
        guard case .unavailable(let sentence) = try #require(error) else {
            Issue.record("not unavailable")
            return
        }
        #expect(sentence.contains("in use"))
        try test.reopen()
    }

    @Test func `can be looked into by nobody else`() throws {
        let folder = try TemporaryFolder()
        let data = folder.url.appending(path: "data")
        let store = try SQLiteStore(folder: data)
        let room = try store.write { try $0.makeRoom("one") }
        _ = try store.write { try $0.post("text", in: room, seq: 1) }
        _ = try store.search(SearchQuery(text: "text", rooms: [room], limit: 1))
        #expect(try permissions(of: data) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(atPath: data.path)
        #expect(Set(files).isSuperset(of: ["lyceum.db", "lyceum.db-wal", "search.db", "search.db-wal", "lyceum.lock"]))
        for file in files { #expect(try permissions(of: data.appending(path: file)) == 0o600, "\(file)") }
    }

    @Test func `of a newer Lyceum is refused with a sentence and left as it was`() throws {
        let test = try StoreUnderTest()
        let error = #expect(throws: StoreError.self) {
            try test.reopen(after: {
                var connection: OpaquePointer?
                defer { sqlite3_close(connection) }
                let path = test.folder.url.appending(path: "lyceum.db").path
                try #require(sqlite3_open(path, &connection) == SQLITE_OK)
                let sql = "INSERT INTO grdb_migrations VALUES ('99.0.0')"
                try #require(sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK)
            })
        }
        guard case .unavailable(let sentence) = try #require(error) else {
            Issue.record("not unavailable")
            return
        }
        #expect(sentence.contains("newer"))
    }

    private func permissions(of url: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
    }
}
