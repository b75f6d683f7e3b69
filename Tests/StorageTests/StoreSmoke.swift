import Community
import LyceumProtocol
import Storage
import Testing

@Test func `what was written is there after the store is opened again`() throws {
    let folder = try TemporaryFolder()
    let event = RoomEvent(
        room: RoomID(1), seq: 1, kind: .messagePosted, at: 5, author: MemberID(1), thread: nil, ordinal: 1,
        body: Array("{}".utf8))
    do {
        let store = try SQLiteStore(folder: folder.url)
        try store.write { try $0.append(event) }
    }
    let store = try SQLiteStore(folder: folder.url)
    #expect(try store.read { try $0.event(1, in: RoomID(1)) } == event)
}
