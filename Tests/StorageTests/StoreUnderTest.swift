import Community
import Foundation
import LyceumProtocol
import Storage
import Testing

/// The stores that pass the contract. A new one is added here, and to nothing else.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case sqlite

    func open(in folder: URL) throws -> any CommunityStore & SearchIndex {
        switch self {
        case .sqlite: try SQLiteStore(folder: folder)
        }
    }

    var testDescription: String { rawValue }
}

/// A store in a folder of its own, which can be closed and opened again.
final class StoreUnderTest {
    let folder: TemporaryFolder
    private let kind: StoreKind
    private(set) var store: any CommunityStore & SearchIndex

    init(_ kind: StoreKind = .sqlite) throws {
        self.kind = kind
        folder = try TemporaryFolder()
        store = try kind.open(in: folder.url)
    }

    /// - Parameter change: What to do to the files while nobody has them open.
    func reopen(after change: () throws -> Void = {}) throws {
        // The folder's lock goes with the old store, so it must be gone first.
        store = Closed()
        try change()
        store = try kind.open(in: folder.url)
    }

    func read<Result>(_ body: (any CommunityReader) throws -> Result) throws -> Result { try store.read(body) }

    @discardableResult
    func write<Result>(_ body: (any CommunityTransaction) throws -> Result) throws -> Result { try store.write(body) }
}

/// What stands where a store was, until it is opened again.
private struct Closed: CommunityStore, SearchIndex {
    func loadCommunity() throws(StoreError) -> Community { throw .unavailable("closed") }
    func write<Result>(_ body: (any CommunityTransaction) throws -> Result) throws -> Result {
        throw StoreError.unavailable("closed")
    }
    func read<Result>(_ body: (any CommunityReader) throws -> Result) throws -> Result {
        throw StoreError.unavailable("closed")
    }
    func verifyAudit() throws -> AuditFinding { throw StoreError.unavailable("closed") }
    func search(_ query: SearchQuery) throws -> [SearchHit] { throw StoreError.unavailable("closed") }
    func hasRoom() -> Bool { false }
    func close() {}
    func maintain(at now: UnixMilliseconds) throws { throw StoreError.unavailable("closed") }
}

extension CommunityTransaction {
    /// Appends a message and moves the room's head to it.
    @discardableResult
    func post(
        _ text: String, in room: RoomID, seq: SequenceNumber, by author: MemberID = MemberID(1),
        thread: SequenceNumber? = nil, ordinal: Int64? = nil, at: UnixMilliseconds = 1_000
    ) throws -> RoomEvent {
        let event = RoomEvent(
            room: room, seq: seq, kind: .messagePosted, at: at, author: author, thread: thread,
            ordinal: ordinal ?? seq, body: messageBody(text))
        try append(event)
        try put(.roomAdvanced(room, seq: seq, ordinal: event.ordinal))
        return event
    }

    /// Appends an event that is no message.
    @discardableResult
    func note(
        _ kind: EventKind, in room: RoomID, seq: SequenceNumber, ordinal: Int64, by author: MemberID = MemberID(1),
        message: SequenceNumber? = nil
    ) throws -> RoomEvent {
        var json = JSONWriter()
        json.object { $0.field("message", message) }
        let event = RoomEvent(
            room: room, seq: seq, kind: kind, at: 1_000, author: author, thread: nil, ordinal: ordinal,
            body: json.bytes)
        try append(event)
        try put(.roomAdvanced(room, seq: seq, ordinal: ordinal))
        return event
    }

    /// Makes a public room with nothing in it.
    func makeRoom(_ name: String) throws -> RoomID {
        let id = try makeRoomID()
        try put(.room(Room(id: id, kind: .public, name: name, title: name, createdBy: MemberID(1), createdAt: 1)))
        return id
    }

    func makeMember(_ name: String, role: Role = .member) throws -> MemberID {
        let id = try makeMemberID()
        try put(.member(Member(id: id, name: name, role: role, createdAt: 1)))
        return id
    }

    func join(_ room: RoomID, _ member: MemberID, readSeq: SequenceNumber = 0) throws {
        try put(.joined(room, member, Membership(joinedSeq: 0, readSeq: readSeq, readOrdinal: readSeq)))
    }
}

func messageBody(_ text: String) -> [UInt8] {
    var json = JSONWriter()
    json.object { $0.field("text", text) }
    return json.bytes
}
