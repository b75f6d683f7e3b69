import Activity
import Community
import Foundation
import Locking
import Logging
import LyceumProtocol

/// The one thread that follows the log of activity: it counts what is committed, ranks, and answers questions.
///
/// A commit only rings: what is new stands in the log in the store, so nothing queues up however fast members write, and
/// nothing is lost; the events themselves are handed over in memory as long as they fit. Questions queue up to a limit. Nothing here is waited for by the writer or an event loop.
final class ActivityService: Sendable {
    /// Questions that may wait.
    private static let capacity = 4096
    /// Entries of the log taken before questions and pushes have their turn.
    private static let slice = 256
    /// How long commits gather before they are read, so that one reading serves many. A question does not wait for that.
    private static let gathering = Duration.milliseconds(20)

    private struct Inbox {
        var jobs: [@Sendable (ActivityCore, PushBoard) -> Void] = []
        var hasNews = true
        var isStopped = false
    }

    let server: ServerState
    private let inbox = Locked(Inbox())
    private let handedOver = HandedOver()
    private let wake = DispatchSemaphore(value: 0)
    private let finished = DispatchSemaphore(value: 0)
    private let figures = Locked(Figures())

    /// What the metrics page tells.
    struct Figures {
        var events = 0
        var rankings = 0
        var pushes = 0
        var questions = 0
        var waiting = 0
        var pushTime = DurationHistogram()
    }

    init(server: ServerState) { self.server = server }

    func start() {
        server.bus.subscribe { [weak self] events in
            self?.handedOver.add(events)
            self?.ring()
        }
        // Asked before anybody can write: in a new community nothing is missing.
        let hasHistory = (try? server.store.read { try $0.activityHead() > 0 }) ?? true
        let thread = Thread { [self] in run(hasHistory: hasHistory) }
        thread.name = "activity"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Something new has been committed.
    private func ring() {
        let isFirst = inbox.withLock { inbox in
            defer { inbox.hasNews = true }
            return !inbox.hasNews
        }
        if isFirst { wake.signal() }
    }

    /// Has `job` run on the thread, soon.
    func submit(_ job: @escaping @Sendable (ActivityCore, PushBoard) -> Void) throws(Refusal) {
        let isAccepted = inbox.withLock { inbox in
            guard inbox.jobs.count < Self.capacity, !inbox.isStopped else { return false }
            inbox.jobs.append(job)
            return true
        }
        guard isAccepted else {
            throw Refusal(.unavailable, "Recommendations are busy; try again.", retryAfterMilliseconds: 1000)
        }
        wake.signal()
    }

    /// Keeps the state, and returns when the thread has ended.
    func stop() {
        inbox.withLock { $0.isStopped = true }
        wake.signal()
        finished.wait()
    }

    func note(_ change: (inout Figures) -> Void) { figures.withLock { change(&$0) } }
    var currentFigures: Figures { figures.withLock { $0 } }

    // MARK: The thread

    private func run(hasHistory: Bool) {
        defer { finished.signal() }
        // Of threads that want one core, those that carry the chat go first: at 19 this one has a sixtieth of it until
        // they rest. On Linux, 0 is the calling thread.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
        do {
            let core = try Self.open(server, hasHistory: hasHistory)
            serve(core, PushBoard(server: server, service: self))
        } catch {
            server.log.error("recommendations are off", metadata: ["cause": "\(error)"])
            // Whoever asks is still answered.
            inbox.withLock { $0.isStopped = true }
        }
    }

    private static func open(_ server: ServerState, hasHistory: Bool) throws -> ActivityCore {
        let core = ActivityCore(archive: try server.archiving.openArchive(), view: server.activityView)
        core.recommender.run(server.settings.activity.running)
        let epoch = server.committed.withLock { $0.epoch }
        do throws(ActivityCore.Loss) {
            try core.restore(epoch: epoch)
            core.recommender.run(server.settings.activity.running)
        } catch {
            if hasHistory {
                server.log.warning(
                    "the state of recommendations is derived from the record anew", metadata: ["cause": "\(error)"])
            }
            core.startOver()
        }
        return core
    }

    private func serve(_ core: ActivityCore, _ pushes: PushBoard) {
        var keeper = StateKeeper(server: server)
        var isBehind = true
        var advancedAt = ContinuousClock.now
        var turn = Turn()
        var handed: HandedOver.Events = [:]
        while true {
            if !isBehind { pause(turn.leavesNews || !pushes.isIdle ? .milliseconds(20) : .seconds(1)) }
            turn = takeTurn(mayGather: !isBehind && advancedAt.duration(to: .now) < Self.gathering)
            if turn.hasNews || isBehind {
                if handed.count < Self.capacity { handed.merge(handedOver.take()) { _, new in new } }
                isBehind = advance(core, pushes, handed)
                // The whole log has been read: what is left was read from the store before it was handed over.
                if !isBehind { handed.removeAll() }
                advancedAt = .now
            }
            for job in turn.jobs { job(core, pushes) }
            if turn.isLast, !isBehind { break }
            pushes.work(core)
            keeper.keepIfDue(core)
        }
        keeper.keep(core)
    }

    /// What one turn of the thread has to do.
    private struct Turn {
        var jobs: [@Sendable (ActivityCore, PushBoard) -> Void] = []
        var hasNews = false
        /// Whether news are left to gather; until they are taken, more of them wake nobody.
        var leavesNews = false
        var isLast = false
    }

    private func takeTurn(mayGather: Bool) -> Turn {
        inbox.withLock { inbox in
            let gathers = mayGather && inbox.jobs.isEmpty && !inbox.isStopped
            let turn = Turn(
                jobs: inbox.jobs, hasNews: inbox.hasNews && !gathers, leavesNews: inbox.hasNews && gathers,
                isLast: inbox.isStopped)
            inbox.jobs.removeAll(keepingCapacity: true)
            if turn.hasNews { inbox.hasNews = false }
            return turn
        }
    }

    private func pause(_ limit: DispatchTimeInterval) { _ = wake.wait(timeout: .now() + limit) }

    /// - Returns: Whether there may be more.
    private func advance(_ core: ActivityCore, _ pushes: PushBoard, _ handed: HandedOver.Events) -> Bool {
        do {
            let before = core.eventsTaken
            let mayBeMore = try core.advance(
                through: server.store, limit: Self.slice, at: server.now(), handed: handed,
                touched: { pushes.touch($0, core) }, judged: { pushes.mark($0) })
            note { $0.events += core.eventsTaken - before }
            return mayBeMore
        } catch {
            server.log.error("activity could not be followed", metadata: ["cause": "\(error)"])
            return false
        }
    }
}

/// Keeps the state from time to time, so that a start has little to catch up on.
struct StateKeeper {
    private let server: ServerState
    private var lastAt = ContinuousClock.now
    private var lastPosition: Int64 = -1

    init(server: ServerState) { self.server = server }

    mutating func keepIfDue(_ core: ActivityCore) {
        guard ContinuousClock.now - lastAt >= .seconds(server.settings.activity.keepSeconds) else { return }
        keep(core)
    }

    mutating func keep(_ core: ActivityCore) {
        lastAt = .now
        do {
            try core.archive.keep(try core.encoded(epoch: server.committed.withLock { $0.epoch }))
            lastPosition = core.position
        } catch {
            server.log.error("the state of recommendations was not kept", metadata: ["cause": "\(error)"])
        }
    }
}

extension ServerState {
    /// What mapping asks of the community as it is on disk.
    var activityView: ActivityMapping.CommunityView {
        ActivityMapping.CommunityView(
            kind: { [unowned self] room in committed.withLock { $0.rooms[room]?.kind } },
            mentions: { [unowned self] text, at in
                committed.withLock { Mentions.members(named: text, at: at, in: $0) }
            })
    }
}
