import Community
import Foundation
import LyceumProtocol
import Testing

@testable import Storage

/// What is special to the index in SQLite: it is a file of its own that may be lost.
@Suite struct `The search index` {
    private func makeStore() throws -> (StoreUnderTest, RoomID) {
        let test = try StoreUnderTest()
        let room = try test.write { transaction throws in
            let room = try transaction.makeRoom("one")
            for seq: SequenceNumber in 1...2_000 { try transaction.post("word number n\(seq)", in: room, seq: seq) }
            return room
        }
        #expect(try test.found("n2000", in: [room]) == [2_000])
        return (test, room)
    }

    enum Loss: CaseIterable { case removed, overwritten, emptied }

    @Test(arguments: Loss.allCases)
    func `is built again from the record when it is lost or damaged`(loss: Loss) throws {
        let (test, room) = try makeStore()
        let file = test.folder.url.appending(path: "search.db")
        try test.reopen(after: {
            switch loss {
            case .removed: try FileManager.default.removeItem(at: file)
            case .overwritten: try Data(repeating: 0x5A, count: 100_000).write(to: file)
            case .emptied: try Data().write(to: file)
            }
        })
        #expect(try test.found("n1234", in: [room]) == [1_234])
    }

    @Test func `is built again when pages of it turn out damaged in use`() throws {
        let (test, room) = try makeStore()
        let file = test.folder.url.appending(path: "search.db")
        try test.reopen(after: {
            // All but the first page, so that it opens.
            let bytes = try Data(contentsOf: file)
            try (bytes.prefix(4_096) + Data(repeating: 0x5A, count: bytes.count - 4_096)).write(to: file)
        })
        #expect(try test.found("n1234", in: [room]) == [1_234])
    }

    @Test func `reads what was written while it was not there`() throws {
        let (test, room) = try makeStore()
        let search = test.folder.url.appending(path: "search.db")
        let aside = test.folder.url.appending(path: "aside.db")
        try test.reopen(after: { try FileManager.default.copyItem(at: search, to: aside) })
        try test.write { try $0.post("later", in: room, seq: 2_001) }
        #expect(try test.found("later", in: [room]) == [2_001])
        try test.reopen(after: {
            try FileManager.default.removeItem(at: search)
            try FileManager.default.moveItem(at: aside, to: search)
        })
        #expect(try test.found("later", in: [room]) == [2_001])
    }

    @Test func `keeps nothing of an erased text in its files`() throws {
        let (test, room) = try makeStore()
        let secret = "zyxwvutsecret"
        try test.write { try $0.post("a \(secret) word", in: room, seq: 2_001) }
        #expect(try test.found(secret, in: [room]) == [2_001])
        #expect(try test.searchFilesContain(secret))
        try test.write { transaction throws in
            try transaction.rewrite(2_001, in: room, body: Array("{}".utf8))
            try transaction.note(.messageDeleted, in: room, seq: 2_002, ordinal: 2_001, message: 2_001)
        }
        #expect(try test.found(secret, in: [room]) == [])
        let store = try #require(test.store as? SQLiteStore)
        store.indexer.purge()
        store.indexer.purged()
        #expect(try !test.searchFilesContain(secret))
        #expect(try test.found("n77", in: [room]) == [77])
    }
}

extension StoreUnderTest {
    /// Whether the bytes stand anywhere in the index or its log.
    fileprivate func searchFilesContain(_ text: String) throws -> Bool {
        try ["search.db", "search.db-wal"].contains { name in
            try Data(contentsOf: folder.url.appending(path: name)).range(of: Data(text.utf8)) != nil
        }
    }
}
