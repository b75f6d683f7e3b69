import Community
import Egress
import Foundation
import Locking
import LyceumProtocol
import Synchronization

/// The one thread that brings events to other people's servers.
///
/// Nothing on the way of a message knows of it. It follows the log of activity, which every transaction writes anyway,
/// copies what a hook wants into the hook's queue in the store, and works the queues off; so what waits survives every
/// crash, and a hook that cannot keep up holds up its own position in the log and nothing else.
final class WebhookService: Sendable {
    private struct Inbox {
        var jobs: [@Sendable (WebhookCourier) -> Void] = []
        var hasNews = true
        var isStopped = false
    }

    private let server: ServerState
    private let calls: OutboundCalls
    private let inbox = Locked(Inbox())
    private let finished = DispatchSemaphore(value: 0)
    let figures = Figures()

    /// What the metrics page tells.
    struct Figures: Sendable {
        let delivered = Counter()
        let failed = Counter()
        let dead = Counter()
        let withheld = Counter()
    }

    init(server: ServerState) {
        self.server = server
        calls = OutboundCalls(policy: server.settings.webhooks.policy)
    }

    func start() {
        server.bus.subscribe { [weak self] _ in self?.ring() }
        let thread = Thread { [self] in run() }
        thread.name = "webhooks"
        thread.stackSize = 2 << 20
        thread.start()
    }

    /// Something has been committed.
    private func ring() {
        guard server.committed.withLock({ !$0.webhooks.isEmpty }) else { return }
        let isFirst = inbox.withLock { inbox in
            defer { inbox.hasNews = true }
            return !inbox.hasNews
        }
        if isFirst { calls.wake() }
    }

    /// Has `job` run on the thread, soon.
    func submit(_ job: @escaping @Sendable (WebhookCourier) -> Void) {
        inbox.withLock { $0.jobs.append(job) }
        calls.wake()
    }

    /// Queues of these hooks are to be looked at.
    func look(at hooks: Set<WebhookID>) {
        guard !hooks.isEmpty else { return }
        submit { courier in for hook in hooks { courier.look(at: hook) } }
    }

    /// Returns when the thread has ended. What is under way is cut off and brought again at the next start.
    func stop() {
        inbox.withLock { $0.isStopped = true }
        calls.wake()
        finished.wait()
    }

    private func run() {
        defer { finished.signal() }
        let courier = WebhookCourier(server: server, service: self, calls: calls)
        while true {
            let (jobs, hasNews, isStopped) = inbox.withLock { inbox in
                defer {
                    inbox.jobs.removeAll(keepingCapacity: true)
                    inbox.hasNews = false
                }
                return (inbox.jobs, inbox.hasNews, inbox.isStopped)
            }
            if isStopped { return }
            for job in jobs { job(courier) }
            let wait = courier.work(hasNews: hasNews)
            courier.take(calls.advance(waiting: wait))
        }
    }
}
