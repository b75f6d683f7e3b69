import Community
import Foundation
import LyceumProtocol
import Storage
import Testing

@Suite struct `A backup` {
    private func filledStore(messages: Int64 = 300) throws -> (StoreUnderTest, RoomID) {
        let test = try StoreUnderTest()
        let room = try test.write { transaction throws in
            _ = try transaction.makeMember("ann", role: .owner)
            let room = try transaction.makeRoom("one")
            try transaction.join(room, MemberID(1))
            for seq in 1...messages { try transaction.post("message \(seq)", in: room, seq: seq) }
            return room
        }
        return (test, room)
    }

    @Test func `of a store in use holds all that was acknowledged before it began`() throws {
        let (test, room) = try filledStore()
        let file = test.folder.url.appending(path: "copies/one.db")
        let contents = try SQLiteBackup.create(of: test.folder.url, as: file)
        try test.write { try $0.post("later", in: room, seq: 301) }
        #expect(contents.events == 300)
        #expect(try SQLiteBackup.verify(file) == contents)
        #expect(throws: SQLiteBackup.Failure.self) { try SQLiteBackup.create(of: test.folder.url, as: file) }
    }

    @Test func `restores into a new folder under a new epoch`() throws {
        let (test, room) = try filledStore()
        let epoch = try test.store.loadCommunity().epoch
        let file = test.folder.url.appending(path: "one.db")
        _ = try SQLiteBackup.create(of: test.folder.url, as: file)
        let target = test.folder.url.appending(path: "restored")
        let contents = try SQLiteBackup.restore(file, to: target)
        #expect(contents.epoch != epoch)
        let store = try SQLiteStore(folder: target)
        #expect(try store.loadCommunity().epoch == contents.epoch)
        #expect(try store.loadCommunity().rooms[room]?.seq == 300)
        #expect(try store.verify() == [])
        #expect(try store.search(SearchQuery(text: "message", rooms: [room], limit: 5)).count == 5)
        let mode = try FileManager.default.attributesOfItem(atPath: target.appending(path: "lyceum.db").path)
        #expect(mode[.posixPermissions] as? Int == 0o600)
    }

    @Test func `is not restored over anything`() throws {
        let (test, _) = try filledStore()
        let file = test.folder.url.appending(path: "one.db")
        _ = try SQLiteBackup.create(of: test.folder.url, as: file)
        let target = test.folder.url.appending(path: "taken")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: target.appending(path: "file"))
        #expect(throws: SQLiteBackup.Failure.self) { try SQLiteBackup.restore(file, to: target) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == ["file"])
    }

    @Test(arguments: UInt64(0)..<20)
    func `with any byte changed or its end cut off does not verify`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let (test, _) = try filledStore()
        let file = test.folder.url.appending(path: "one.db")
        _ = try SQLiteBackup.create(of: test.folder.url, as: file)
        var bytes = try Data(contentsOf: file)
        let index = Int.random(in: 0..<bytes.count, using: &random)
        if Bool.random(using: &random) {
            bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        } else {
            bytes = bytes.prefix(index)
        }
        try bytes.write(to: file)
        #expect(throws: SQLiteBackup.Failure.self) { try SQLiteBackup.verify(file) }
        #expect(throws: SQLiteBackup.Failure.self) {
            try SQLiteBackup.restore(file, to: test.folder.url.appending(path: "restored"))
        }
    }

    @Test func `whose checksum is missing does not verify`() throws {
        let (test, _) = try filledStore()
        let file = test.folder.url.appending(path: "one.db")
        _ = try SQLiteBackup.create(of: test.folder.url, as: file)
        try FileManager.default.removeItem(at: file.appendingPathExtension("sha256"))
        #expect(throws: SQLiteBackup.Failure.self) { try SQLiteBackup.verify(file) }
    }
}
