import Community
import GRDB
import LyceumProtocol

/// The one writer's view of an open transaction.
///
/// Rooms' heads, read marks and the heads of members' streams change with nearly every event, so they are gathered
/// here and written once each before the commit.
final class SQLiteTransaction: SQLiteReader, CommunityTransaction {
    struct ReadMark: Hashable {
        let member: MemberID
        let room: RoomID
    }

    var heads: [RoomID: (seq: SequenceNumber, ordinal: Int64)] = [:]
    var readMarks: [ReadMark: (seq: SequenceNumber, ordinal: Int64)] = [:]
    var meHeads: [MemberID: SequenceNumber] = [:]
    /// The newest event of each room that was appended to.
    private(set) var appended: [RoomID: SequenceNumber] = [:]

    private let insertEvent: SQLStatement
    private let insertNonce: SQLStatement
    private let findNonce: SQLStatement

    init(writingTo database: Database) throws(StoreError) {
        insertEvent = try SQLStatement("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", in: database)
        insertNonce = try SQLStatement("INSERT OR REPLACE INTO nonce VALUES (?, ?, ?, ?, ?)", in: database)
        findNonce = try SQLStatement("SELECT room, reply FROM nonce WHERE nonce = ? AND author = ?", in: database)
        super.init(database)
    }

    func append(_ event: RoomEvent) throws {
        let newest = try appended[event.room] ?? newestEvent(of: event.room)
        guard event.seq == newest + 1 else {
            throw StoreError.unavailable("Room \(event.room): event \(event.seq) does not follow \(newest).")
        }
        insertEvent.bind(1, event.room.rawValue)
        insertEvent.bind(2, event.seq)
        insertEvent.bind(3, Int64(event.kind.rawValue))
        insertEvent.bind(4, event.at)
        insertEvent.bind(5, event.author.rawValue)
        insertEvent.bind(6, event.thread)
        insertEvent.bind(7, event.ordinal)
        insertEvent.bind(8, event.body)
        try insertEvent.run()
        appended[event.room] = event.seq
    }

    func outcome(of nonce: String, by author: MemberID) throws -> PostOutcome? {
        defer { findNonce.reset() }
        findNonce.bind(1, nonce)
        findNonce.bind(2, author.rawValue)
        guard try findNonce.step() else { return nil }
        return PostOutcome(room: RoomID(findNonce.int64(0)), reply: findNonce.bytes(1))
    }

    func remember(_ outcome: PostOutcome, nonce: String, by author: MemberID, at: UnixMilliseconds) throws {
        insertNonce.bind(1, nonce)
        insertNonce.bind(2, author.rawValue)
        insertNonce.bind(3, at)
        insertNonce.bind(4, outcome.room.rawValue)
        insertNonce.bind(5, outcome.reply)
        try insertNonce.run()
    }

    override func unreadMentions(of member: MemberID) throws -> [RoomID: Int] {
        try flushReadMarks()
        return try countUnreadMentions(of: member)
    }

    private func newestEvent(of room: RoomID) throws(StoreError) -> SequenceNumber {
        try first(
            "SELECT seq FROM event WHERE room = ? ORDER BY seq DESC LIMIT 1", { $0.bind(1, room.rawValue) },
            { $0.int64(0) }) ?? 0
    }

    /// Writes what was gathered; the last thing before the commit.
    func flush() throws(StoreError) {
        try flushHeads()
        try flushReadMarks()
        try flushMeHeads()
    }

    private func flushHeads() throws(StoreError) {
        guard !heads.isEmpty else { return }
        let update = try prepare("UPDATE room_head SET seq = ?, ordinal = ? WHERE room = ?")
        for (room, head) in heads {
            update.bind(1, head.seq)
            update.bind(2, head.ordinal)
            update.bind(3, room.rawValue)
            try update.run()
        }
        heads.removeAll(keepingCapacity: true)
    }

    func flushReadMarks() throws(StoreError) {
        guard !readMarks.isEmpty else { return }
        let update = try prepare("UPDATE membership SET read_seq = ?, read_ordinal = ? WHERE member = ? AND room = ?")
        for (place, mark) in readMarks {
            update.bind(1, mark.seq)
            update.bind(2, mark.ordinal)
            update.bind(3, place.member.rawValue)
            update.bind(4, place.room.rawValue)
            try update.run()
        }
        readMarks.removeAll(keepingCapacity: true)
    }

    private func flushMeHeads() throws(StoreError) {
        guard !meHeads.isEmpty else { return }
        let update = try prepare("UPDATE member SET me_seq = ? WHERE id = ?")
        for (member, seq) in meHeads {
            update.bind(1, seq)
            update.bind(2, member.rawValue)
            try update.run()
        }
        meHeads.removeAll(keepingCapacity: true)
    }
}
