import Community
import Foundation
import Locking
import LyceumProtocol

/// The one thread that changes the record: takes whatever waits, runs it in one transaction, and tells the outcome
/// once the transaction is on disk.
///
/// While one batch is being synced the next one gathers, so under load one `fsync` serves hundreds of posts and an
/// idle server answers a single post at once.
final class Writer: Sendable {
    /// Most bytes of waiting commands; beyond it, commands are refused as `unavailable`.
    private static let queueLimit = 32 << 20
    /// Most commands in one transaction, so that a reply never waits for thousands of others.
    private static let batchLimit = 1024

    private static let maintenanceSeconds = 5

    /// When the next batch is let grow before it is taken; see ``gather(after:)``.
    private enum Gathering {
        /// A batch of so many commands says that many clients write at once.
        static let crowd = 32
        /// With so many waiting, more would save little.
        static let enough = 256
        /// One step, in microseconds, and how many there are at most: a millisecond in all.
        static let (step, steps): (UInt32, Int) = (250, 4)
        /// Fewer new commands in a step, and nobody is worth waiting for.
        static let company = 4
    }

    private struct Queue {
        var waiting: [Submission] = []
        var bytes = 0
        var isStopped = false
    }

    private let queue = Locked(Queue())
    private let wake = DispatchSemaphore(value: 0)
    private let finished = DispatchSemaphore(value: 0)
    private let server: ServerState

    init(server: ServerState) { self.server = server }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "writer"
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Queues a command; its answer comes after its commit.
    func submit(_ submission: Submission) throws(Refusal) {
        let first: Bool? = queue.withLock { queue in
            guard queue.bytes + submission.byteCount <= Self.queueLimit, !queue.isStopped else { return nil }
            queue.waiting.append(submission)
            queue.bytes += submission.byteCount
            return queue.waiting.count == 1
        }
        guard let first else {
            throw Refusal(.unavailable, "The server is overloaded; try again.", retryAfterMilliseconds: 1000)
        }
        if first { wake.signal() }
    }

    var queuedBytes: Int { queue.withLock { $0.bytes } }

    /// Finishes what waits, and returns when the thread has ended.
    func stop() {
        queue.withLock { $0.isStopped = true }
        wake.signal()
        finished.wait()
    }

    private func run() {
        let working = WorkingCommunity(server.committed.withLock { $0 })
        working.isUncertain = !readAgenda(working)
        var maintainedAt = ContinuousClock.now
        while true {
            _ = wake.wait(timeout: .now() + secondsToWait(working.agenda))
            while case let batch = takeBatch() + takeDue(working), !batch.isEmpty {
                perform(batch, on: working)
                gather(after: batch.count)
            }
            if maintainedAt.duration(to: .now) >= .seconds(Self.maintenanceSeconds) {
                maintain()
                maintainedAt = .now
            }
            if queue.withLock({ $0.isStopped && $0.waiting.isEmpty }) { break }
        }
        finished.signal()
    }

    // MARK: What is due by itself

    private func secondsToWait(_ agenda: Agenda) -> Double {
        let rest = agenda.rest(at: .now, server.now()) ?? .seconds(Self.maintenanceSeconds)
        return min(Double(Self.maintenanceSeconds), rest / .seconds(1))
    }

    private func takeDue(_ working: WorkingCommunity) -> [Submission] {
        let (tallies, deadlines) = working.agenda.take(at: .now, server.now())
        return (deadlines.map(\.command) + tallies.map(\.command)).map {
            Submission($0, needs: .anyone, as: Actor(address: ""), through: server)
        }
    }

    private func readAgenda(_ working: WorkingCommunity) -> Bool {
        do {
            working.agenda = try server.store.read { try Agenda(of: $0, at: .now) }
            return true
        } catch {
            server.log.error("what is to be done cannot be read", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func maintain() {
        guard server.store.hasRoom() else { return }
        do {
            try server.store.maintain(at: server.now())
        } catch {
            server.log.error("maintenance failed", metadata: ["error": "\(error)"])
        }
    }

    /// After a large batch, lets the next one grow for as long as commands keep coming, but a millisecond at most.
    ///
    /// A transaction writes the pages that it touches once, whether one post touched them or ten, so under load fewer
    /// and larger batches cost less per post. A single post, or a handful, never waits.
    private func gather(after batch: Int) {
        guard batch >= Gathering.crowd else { return }
        var waiting = queue.withLock { $0.waiting.count }
        for _ in 0..<Gathering.steps where waiting < Gathering.enough {
            usleep(Gathering.step)
            let (before, isStopped) = (waiting, queue.withLock { $0.isStopped })
            waiting = queue.withLock { $0.waiting.count }
            if isStopped || waiting < before + Gathering.company { return }
        }
    }

    private func takeBatch() -> [Submission] {
        queue.withLock { queue in
            if queue.waiting.count <= Self.batchLimit {
                defer { queue.waiting.removeAll(keepingCapacity: true) }
                queue.bytes = 0
                return queue.waiting
            }
            let batch = Array(queue.waiting.prefix(Self.batchLimit))
            queue.waiting.removeFirst(Self.batchLimit)
            queue.bytes -= batch.reduce(0) { $0 + $1.byteCount }
            return batch
        }
    }

    /// Runs a batch in one transaction. If one command fails in a way that is not a refusal, the transaction is rolled
    /// back and every command runs again in one of its own, so that only the faulty one is lost.
    private func perform(_ waiting: [Submission], on working: WorkingCommunity) {
        let batch = admitted(waiting)
        guard !batch.isEmpty else { return }
        do {
            try reloadIfUncertain(working)
            try commit(batch, on: working)
        } catch let error as StoreError {
            if case .unavailable = error { working.isUncertain = true }
            fail(batch, with: server.refusal(for: error), on: working)
        } catch  where batch.count > 1 {
            recover(working)
            for submission in batch { perform([submission], on: working) }
        } catch {
            server.log.error(
                "a command failed", metadata: ["command": "\(type(of: batch[0].command))", "error": "\(error)"])
            fail(batch, with: Refusal(.internal, "The server failed; it has been logged."), on: working)
        }
    }

    /// All that waits, but on a full disk only what takes things away; the rest is refused without being tried.
    private func admitted(_ waiting: [Submission]) -> [Submission] {
        if server.store.hasRoom() { return waiting }
        let refusal = server.refusal(for: .full("no room for ordinary writes"))
        answer(waiting.filter { !$0.command.freesSpace }, with: refusal)
        return waiting.filter(\.command.freesSpace)
    }

    /// After an I/O error nobody knows whether the transaction is on disk, though nobody was told that it is: the
    /// community is read again, and if it is there, everybody finds it as a hole that they fill.
    private func reloadIfUncertain(_ working: WorkingCommunity) throws {
        guard working.isUncertain else { return }
        let onDisk = try server.store.loadCommunity()
        server.committed.withLock { $0 = onDisk }
        working.value = onDisk
        working.isUncertain = !readAgenda(working)
    }

    private func commit(_ batch: [Submission], on working: WorkingCommunity) throws {
        let started = ContinuousClock.now
        var completions: [(Submission, Outcome)] = []
        var attempt: WriteContext?
        let context: WriteContext
        do {
            context = try server.store.write { transaction in
                let context = WriteContext(
                    transaction: transaction, working: working, now: server.now(), settings: server.settings.community,
                    stage: server.stage)
                attempt = context
                for submission in batch {
                    let outcome = try run(submission, in: context)
                    context.finish(outcome, replyingTo: submission.reply)
                    if submission.completion != nil { completions.append((submission, outcome)) }
                }
                return context
            }
        } catch {
            for revert in (attempt?.reverts ?? []).reversed() { revert() }
            throw error
        }
        server.metrics.commit(commands: batch.count, events: context.events.count, took: started.duration(to: .now))
        server.didCommit(context)
        working.agenda.note(context.agendaNotes, at: .now)
        for (submission, outcome) in completions { submission.completion?(outcome) }
    }

    private func run(_ submission: Submission, in context: WriteContext) throws -> Outcome {
        context.actor = submission.actor
        context.judgements = submission.judgements
        let changesBefore = context.changes.count
        do {
            // Asked again here, where nothing can come between the answer and the change it permits.
            if let session = submission.actor.session, context.community.session(session) == nil {
                throw Refusal(.unauthenticated, "The session has ended.")
            }
            try Gate.admit(
                submission.requirement, for: submission.actor.member, in: submission.command.room,
                of: context.community, at: context.now)
            return .done(try submission.command.perform(in: context))
        } catch let refusal as Refusal {
            precondition(context.changes.count == changesBefore, "a command was refused after it had changed something")
            try noteDenial(refusal, of: submission, in: context)
            return .refused(refusal)
        }
    }

    /// Whoever tries what only staff may do leaves a trace.
    private func noteDenial(_ refusal: Refusal, of submission: Submission, in context: WriteContext) throws {
        guard submission.requirement.isPrivileged, [.forbidden, .notFound].contains(refusal.code),
            server.mayNoteDenial(by: submission.actor)
        else { return }
        try context.audit("denied", room: submission.command.room) { json in
            json.field("command", "\(type(of: submission.command))")
            json.field("code", refusal.code.rawValue)
        }
    }

    private func fail(_ batch: [Submission], with refusal: Refusal, on working: WorkingCommunity) {
        recover(working)
        answer(batch, with: refusal)
    }

    private func answer(_ submissions: [Submission], with refusal: Refusal) {
        server.tell(submissions.compactMap { submission in submission.reply.map { ($0, .refused(refusal)) } })
        for submission in submissions { submission.completion?(.refused(refusal)) }
    }

    /// Goes back to what is on disk, which is what everybody else sees.
    private func recover(_ working: WorkingCommunity) {
        working.value = server.committed.withLock { $0 }
    }
}
