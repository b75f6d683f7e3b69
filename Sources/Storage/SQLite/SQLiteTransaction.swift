import Community
import GRDB
import LyceumProtocol

/// The one writer's view of an open transaction.
final class SQLiteTransaction: SQLiteReader, CommunityTransaction {
    /// What moved forward in this transaction; written as one row before the commit.
    var advances = Advances()
    /// Whether ``Advances`` of earlier transactions have been brought into the tables.
    private var isSettled = false
    /// The newest event of each room that was appended to in this transaction.
    private(set) var newest: [RoomID: SequenceNumber] = [:]
    /// The audit log's last row, if this transaction appended any.
    var auditHead: AuditCheckpoint?
    private let known: KnownHeads
    /// How many rows this transaction left waiting; see ``Tails``.
    private(set) var tailGrowth = 0

    /// What goes into the log of activity with this transaction.
    var activity = PendingActivity()

    private let insertEvent: SQLStatement
    private let insertNonce: SQLStatement
    private let findNonce: SQLStatement

    init(writingTo database: Database, known: KnownHeads) throws(StoreError) {
        self.known = known
        insertEvent = try SQLStatement("INSERT INTO event_tail VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", in: database)
        insertNonce = try SQLStatement("INSERT OR REPLACE INTO nonce VALUES (?, ?, ?, ?, ?)", in: database)
        findNonce = try SQLStatement("SELECT room, reply FROM nonce WHERE nonce = ? AND author = ?", in: database)
        super.init(database)
    }

    func append(_ event: RoomEvent) throws {
        let last = try newest[event.room] ?? known.heads[event.room] ?? newestEvent(of: event.room)
        guard event.seq == last + 1 else {
            throw StoreError.unavailable("Room \(event.room): event \(event.seq) does not follow \(last).")
        }
        insertEvent.bind(1, event.room.rawValue)
        insertEvent.bind(2, event.seq)
        insertEvent.bind(3, Int64(event.kind.rawValue))
        insertEvent.bind(4, event.at)
        insertEvent.bind(5, event.author.rawValue)
        insertEvent.bind(6, event.thread)
        insertEvent.bind(7, event.ordinal)
        try insertEvent.run(with: event.body, as: 8)
        newest[event.room] = event.seq
        activity.events.append(ActivityLogEntry.Place(room: event.room, seq: event.seq))
        tailGrowth += 1
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
        try insertNonce.run(with: outcome.reply, as: 5)
    }

    /// A row that is replaced whole brings its own position, which no earlier advance may overrule.
    func settleOnce() throws(StoreError) {
        guard !isSettled else { return }
        isSettled = true
        try settleAdvances()
    }

    /// Writes what was gathered; the last thing before the commit.
    func flush() throws(StoreError) {
        try flushActivity()
        guard !advances.isEmpty else { return }
        try run("INSERT INTO advance (body) VALUES (?)") { $0.bind(1, advances.encoded) }
        advances.removeAll()
        tailGrowth += 1
        isSettled = false
    }
}

/// The newest event of rooms that were written to, kept from one transaction to the next.
///
/// `@unchecked Sendable`: touched only inside the pool's access for writing, which is serial.
final class KnownHeads: @unchecked Sendable {
    var heads: [RoomID: SequenceNumber] = [:]
}
