import Community
import Foundation
import LyceumProtocol
import Storage
import Testing

@Suite struct `Files of a store` {
    private let room = RoomID(1)
    private let ann = MemberID(1)

    private func file(_ id: String, at: UnixMilliseconds, bytes: Int64 = 10, message: SequenceNumber? = nil)
        -> FileRecord
    {
        FileRecord(
            id: id, room: room, member: ann, name: "名字.png", type: "image/png", byteCount: bytes, width: 3, height: 2,
            digest: "00", at: at, message: message)
    }

    @Test func `are kept as they were put, and counted by member`() throws {
        let test = try StoreUnderTest()
        try test.write { transaction throws in
            try transaction.put(file("a", at: 1, bytes: 10))
            try transaction.put(file("b", at: 2, bytes: 20, message: 7))
        }
        try test.reopen()
        #expect(try test.read { try $0.file("a") } == file("a", at: 1, bytes: 10))
        #expect(try test.read { try $0.file("c") } == nil)
        #expect(try test.read { try $0.fileBytes(of: ann) } == 30)
        #expect(try test.read { try $0.fileBytes(of: MemberID(2)) } == 0)
    }

    @Test func `are forgotten if they hang on nothing, or their message is gone, and not before`() throws {
        let test = try StoreUnderTest()
        try test.write { transaction throws in
            for (id, at) in [("old", 10), ("new", 30)] { try transaction.put(file(id, at: UnixMilliseconds(at))) }
            try transaction.put(file("posted", at: 10, message: 7))
            try transaction.put(file("gone", at: 10, message: 8))
            try transaction.setGone(15, filesOf: 8, in: room)
        }
        func forgotten(_ unattached: UnixMilliseconds, _ gone: UnixMilliseconds) throws -> Set<String> {
            try test.read {
                Set(try $0.filesToForget(unattachedSince: unattached, goneSince: gone, limit: 9))
            }
        }
        #expect(try forgotten(10, 15) == [])
        #expect(try forgotten(20, 16) == ["old", "gone"])
        try test.write { try $0.setGone(nil, filesOf: 8, in: room) }
        #expect(try forgotten(20, 16) == ["old"])
        try test.write { try $0.removeFile("old") }
        #expect(try forgotten(20, 16) == [])
    }

    @Test func `are seen once they are whole, under no name but their id`() throws {
        let test = try StoreUnderTest()
        let store = try #require(test.store as? SQLiteStore)
        let incoming = try store.makeFile()
        try incoming.append(Array("hello".utf8))
        try incoming.write(Array("J".utf8), at: 0)
        #expect(throws: StoreError.self) { try store.openFile("abc") }
        let digest = try incoming.finish(as: "abc")
        // `printf Jello | sha256sum`
        #expect(digest == "2c5cccf620a95c8f5d20dceb7ec4ab6b6225319b215e9c00f697caeb9ae79a1b")
        #expect(try store.openFile("abc").read(at: 1, count: 100) == Array("ello".utf8))
        for name in ["../lyceum.db", "", ".", "a/b"] {
            #expect(throws: StoreError.self) { try store.openFile(name) }
            #expect(throws: StoreError.self) { try store.removeFile(name) }
        }
        let half = try store.makeFile()
        try half.append([1])
        try store.removeStrayFiles()
        #expect(throws: StoreError.self) { try store.openFile("abc") }
        #expect(FileManager.default.fileExists(atPath: test.folder.url.appending(path: "lyceum.db").path))
    }
}
