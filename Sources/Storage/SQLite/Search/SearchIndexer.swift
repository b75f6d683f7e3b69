import Community
import Foundation
import GRDB
import LyceumProtocol
import Synchronization

/// Follows the record and keeps the search index up to it, on a thread of its own that stands back behind all others.
///
/// `@unchecked Sendable`: what changes is read and written under `condition`; `pool` of the index is swapped only by
/// the worker, under it as well.
final class SearchIndexer: @unchecked Sendable {
    /// Events read from the record at a time, and at most this many bytes of them; each slice is one transaction, and one
    /// segment that FTS5 merges with others later, so many small ones would cost more.
    private static let slice = (events: 8192, bytes: 4 << 20)
    /// How long commits gather before the index follows them, so that a transaction on it serves many. A search does
    /// not wait for that.
    private static let gathering: TimeInterval = 0.1
    /// How long a search waits for the index before it gives up.
    private static let patience: TimeInterval = 10

    private let path: String
    private let epoch: String
    private let reserve: DiskReserve
    private let record: @Sendable () -> DatabasePool
    private let condition = NSCondition()
    private var index: DatabasePool?
    /// Rooms with events that the index has not seen, and their newest.
    private var waiting: [RoomID: SequenceNumber] = [:]
    /// How many commits have been noted, and how many of them the index has passed.
    private var (noted, passed) = (0, -1)
    private var failure: StoreError?
    private var wantsPurge = false
    private var wantsRebuild = false
    /// Searches that wait for the index.
    private var searchers = 0
    /// Whether the worker has been woken and will look at what waits without being woken again.
    private var isFollowing = false
    private var isStopping = false
    private var worker: Worker?

    /// - Parameter record: The record's current connections.
    init(path: String, epoch: String, reserve: DiskReserve, record: @escaping @Sendable () -> DatabasePool) {
        self.path = path
        self.epoch = epoch
        self.reserve = reserve
        self.record = record
        worker = Worker(name: "search indexer", niceness: 19) { [unowned self] in work() }
        worker?.wake()
    }

    func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
        }
        worker?.stop()
        condition.withLock { index = nil }
    }

    /// Tells of a commit.
    func note(_ newest: [RoomID: SequenceNumber]) {
        guard !newest.isEmpty else { return }
        let isFirst = condition.withLock {
            waiting.merge(newest) { max($0, $1) }
            noted += 1
            defer { isFollowing = true }
            return !isFollowing
        }
        if isFirst { worker?.wake() }
    }

    /// Asks for what was erased to be driven out of the file when there is nothing else to do.
    func purge() {
        condition.withLock { wantsPurge = true }
        worker?.wake()
    }

    /// Waits until the index has passed everything noted before the call; on a full disk it gives what there is.
    func caughtUp() throws(StoreError) -> DatabasePool {
        let outcome: Result<DatabasePool, StoreError> = condition.withLock {
            let target = noted
            let deadline = Date(timeIntervalSinceNow: Self.patience)
            failure = nil
            searchers += 1
            defer { searchers -= 1 }
            condition.broadcast()
            worker?.wake()
            while passed < target, failure == nil {
                guard condition.wait(until: deadline) else {
                    return .failure(.unavailable("The search index is being built; \(waiting.count) rooms to go."))
                }
            }
            // On a full disk what has been indexed is still worth having.
            if case .full? = failure, let index { return .success(index) }
            if let failure { return .failure(failure) }
            return index.map { .success($0) } ?? .failure(.unavailable("The search index is closed."))
        }
        return try outcome.get()
    }

    /// Has the index thrown away and built anew; for when a search has found it damaged.
    func rebuild() {
        condition.withLock {
            wantsRebuild = true
            passed = -1
        }
        worker?.wake()
    }

    // MARK: - On the worker

    private func work() {
        do {
            let index = try openedIndex()
            while let (goal, ticket) = nextRound() {
                do {
                    guard try reserve.whileHeld({ try follow(goal, index) }) != nil else {
                        throw StoreError.full("The index waits for room on the disk.")
                    }
                } catch {
                    condition.withLock { waiting.merge(goal) { max($0, $1) } }
                    throw error
                }
                finishRound(ticket)
                if worker?.shouldStop == true { return }
            }
            try purgeOnce(index)
        } catch let error {
            fail(with: error)
        }
    }

    private func fail(with error: any Error) {
        if SearchDatabase.isUseless(error) { return rebuild() }
        condition.withLock {
            failure = StoreError(error)
            isFollowing = false
            condition.broadcast()
        }
    }

    /// The index, and after opening it every room that it has not read to its end.
    private func openedIndex() throws -> DatabasePool {
        let (open, isUnwanted) = condition.withLock { (self.index, wantsRebuild) }
        if let open, !isUnwanted { return open }
        condition.withLock { (self.index, wantsRebuild, passed) = (nil, false, -1) }
        if isUnwanted { SearchDatabase.remove(path) }
        let index = try SearchDatabase.open(path, epoch: epoch)
        let heads = try record().read { database in
            let reader = SQLiteReader(database)
            let rooms = try reader.all("SELECT id FROM room", { _ in }, { RoomID($0.int64(0)) })
            return try rooms.map { ($0, try reader.newestEvent(of: $0)) }
        }
        let behind = try index.read { database in
            try heads.filter { try SearchWriter(database: database).watermark(of: $0.0) < $0.1 }
        }
        condition.withLock {
            for (room, seq) in behind { waiting[room] = max(waiting[room] ?? 0, seq) }
            self.index = index
        }
        return index
    }

    /// Everything that waits, once it has gathered for a while; `nil` if the index is up to the record.
    private func nextRound() -> (goal: [RoomID: SequenceNumber], ticket: Int)? {
        condition.withLock {
            gather()
            guard !wantsRebuild, !waiting.isEmpty || passed < noted else {
                isFollowing = false
                return nil
            }
            defer { waiting = [:] }
            return (waiting, noted)
        }
    }

    /// Called under `condition`.
    private func gather() {
        let deadline = Date(timeIntervalSinceNow: Self.gathering)
        while !waiting.isEmpty, searchers == 0, !wantsRebuild, !isStopping, condition.wait(until: deadline) {}
    }

    private func finishRound(_ ticket: Int) {
        condition.withLock {
            guard !wantsRebuild else { return }
            passed = ticket
            condition.broadcast()
        }
    }

    /// Indexes rooms up to their goals, about a slice of events per transaction.
    ///
    /// The record is read first and let go: while a snapshot of it lives, nothing newer leaves its log.
    private func follow(_ goal: [RoomID: SequenceNumber], _ index: DatabasePool) throws {
        var rest = goal
        while !rest.isEmpty {
            try index.write { database in
                let writer = SearchWriter(database: database)
                let slice = try record().read { try self.slice(of: rest, from: SQLiteReader($0), writer) }
                let entries =
                    slice.messages.map { SearchEntry($0.message, isNew: $0.isNew) }
                    + slice.questions.map { SearchEntry($0.question, $0.answers, isNew: $0.isNew) }
                for entry in entries.sorted(by: { $0.preferredID < $1.preferredID }) { try writer.put(entry) }
                for (room, seq) in slice.passed { try writer.setWatermark(of: room, to: seq) }
                rest = slice.rest
            }
            if worker?.shouldStop == true { throw StoreError.unavailable("The store is closing.") }
        }
    }

    /// What one transaction puts into the index.
    private struct Slice {
        var messages: [(message: RoomEvent, isNew: Bool)] = []
        var questions: [(question: Question, answers: [QuestionAnswer], isNew: Bool)] = []
        /// How far each room has been read.
        var passed: [RoomID: SequenceNumber] = [:]
        /// The rooms that have not reached their goal.
        var rest: [RoomID: SequenceNumber]
    }

    /// Reads the next events of some of the rooms.
    private func slice(
        of goal: [RoomID: SequenceNumber], from record: SQLiteReader, _ writer: SearchWriter
    ) throws -> Slice {
        var slice = Slice(rest: goal)
        var budget = Self.slice.events
        for (room, newest) in goal where budget > 0 {
            let seq = try writer.watermark(of: room)
            let events = try record.events(in: room, after: seq, limit: budget, maximumBytes: Self.slice.bytes)
            try read(events, from: record, into: &slice)
            if let last = events.last { slice.passed[room] = last.seq }
            if events.last.map({ $0.seq >= newest }) ?? true { slice.rest[room] = nil }
            budget -= max(1, events.count)
        }
        return slice
    }

    /// Adds what these events of one room brought or changed: always as it stands now. What one of them brought itself
    /// is new to the index.
    private func read(_ events: [RoomEvent], from record: SQLiteReader, into slice: inout Slice) throws {
        var messages: [SequenceNumber: RoomEvent] = [:]
        var questions: Set<SequenceNumber> = []
        for event in events {
            switch event.kind {
            case .messagePosted: messages[event.seq] = event
            case .messageEdited, .messageDeleted, .messageRestored:
                guard let changed = SearchEntry.message(changedBy: event) else { continue }
                messages[changed] = try record.event(changed, in: event.room)
            case .questionAsked: questions.insert(event.seq)
            case .questionUpdated:
                if let changed = SearchEntry.question(changedBy: event) { questions.insert(changed) }
            default: continue
            }
        }
        guard let first = events.first else { return }
        slice.messages += messages.values.map { ($0, $0.seq >= first.seq) }
        for seq in questions {
            guard let question = try record.question(seq, in: first.room) else { continue }
            let answers = try record.answers(to: seq, in: first.room)
            slice.questions.append((question, answers, seq >= first.seq))
        }
    }

    /// Merges the whole index step by step, which leaves out what was deleted, until other work comes.
    private func purgeOnce(_ index: DatabasePool) throws {
        guard condition.withLock({ wantsPurge }) else { return }
        let hasErased = try index.read { try Bool.fetchOne($0, sql: "SELECT value FROM meta WHERE name = 'erased'") }
        if hasErased == true {
            // A negative number of pages begins a merge of everything, a positive one carries it on.
            var pages = -256
            while try merge(index, pages: pages) {
                pages = 256
                if condition.withLock({ !waiting.isEmpty }) || worker?.shouldStop == true { return }
            }
            try index.write { try $0.execute(sql: "UPDATE meta SET value = 0 WHERE name = 'erased'") }
            _ = try index.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        }
        condition.withLock {
            wantsPurge = false
            condition.broadcast()
        }
    }

    /// - Returns: Whether there may be more to merge; FTS5 tells by having changed less than two rows.
    private func merge(_ index: DatabasePool, pages: Int) throws -> Bool {
        try index.write { database in
            let before = database.totalChangesCount
            try database.execute(sql: "INSERT INTO term (term, rank) VALUES ('merge', ?)", arguments: [pages])
            return database.totalChangesCount - before >= 2
        }
    }

    /// Waits until a purge that was asked for has ended.
    func purged() {
        condition.withLock { while wantsPurge { condition.wait() } }
    }
}
