import Foundation
import Locking
import Synchronization
import Transport

/// A count that only rises.
final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func increment(by amount: Int = 1) { value.add(amount, ordering: .relaxed) }
    var current: Int { value.load(ordering: .relaxed) }
}

/// How long something took: cumulative buckets of seconds, as OpenMetrics wants them.
final class DurationHistogram: Sendable {
    static let bounds: [Double] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5]

    private struct State {
        var buckets = [Int](repeating: 0, count: DurationHistogram.bounds.count + 1)
        var sum = 0.0
    }

    private let state = Locked(State())

    func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let value = Double(seconds) + Double(attoseconds) * 1e-18
        let bucket = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.buckets[bucket] += 1
            state.sum += value
        }
    }

    /// An estimate of a quantile in seconds, by a straight line through the bucket that holds it, as Prometheus' own
    /// `histogram_quantile` has it; `nil` before anything was measured.
    func quantile(_ share: Double) -> Double? {
        let buckets = state.withLock { $0.buckets }
        let rank = Double(buckets.reduce(0, +)) * share
        guard rank > 0 else { return nil }
        var below = 0.0
        for (index, bound) in Self.bounds.enumerated() {
            let count = Double(buckets[index])
            let start = index == 0 ? 0 : Self.bounds[index - 1]
            if below + count >= rank { return start + (bound - start) * (rank - below) / count }
            below += count
        }
        return Self.bounds.last
    }

    func expose(_ name: String, _ help: String) -> String {
        let state = state.withLock { $0 }
        var text = "# TYPE \(name) histogram\n# UNIT \(name) seconds\n# HELP \(name) \(help)\n"
        var count = 0
        for (index, bound) in Self.bounds.enumerated() {
            count += state.buckets[index]
            text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
        }
        count += state.buckets[Self.bounds.count]
        return text + "\(name)_bucket{le=\"+Inf\"} \(count)\n\(name)_sum \(state.sum)\n\(name)_count \(count)\n"
    }
}

/// What the daemon measures of itself, told as OpenMetrics 1.0.
final class Metrics: Sendable {
    let commands = Counter()
    let requests = Counter()
    let events = Counter()
    let commits = Counter()
    let storageErrors = Counter()
    let rulesReloads = Counter()
    let rulesErrors = Counter()
    let commitTime = DurationHistogram()

    func commit(commands: Int, events count: Int, took: Duration) {
        commits.increment()
        events.increment(by: count)
        commitTime.record(took)
    }

    func exposition(_ server: ServerState) -> String {
        var text = ""
        text += counter("lyceum_commands", "Commands received over sockets.", commands)
        text += counter("lyceum_http_requests", "HTTP requests received.", requests)
        text += counter("lyceum_room_events", "Events committed to rooms.", events)
        text += counter("lyceum_commits", "Transactions committed.", commits)
        text += counter("lyceum_storage_errors", "Writes that the store refused.", storageErrors)
        text += commitTime.expose("lyceum_commit_seconds", "From the start of a batch to the end of its fsync.")
        text += gauge("lyceum_writer_queue_bytes", "Commands that wait for the writer.", server.writer.queuedBytes)
        text += counter("lyceum_rules_reloads", "Rule sets that were loaded.", rulesReloads)
        text += counter("lyceum_rules_reload_errors", "Rule sets that were refused; the old one stayed.", rulesErrors)
        text += server.stage.time.expose("lyceum_moderation_seconds", "Judging one text.")
        let (members, rooms, sessions) = server.committed.withLock { community in
            (community.members.count, community.rooms.count, community.sessions.count)
        }
        text += gauge("lyceum_members", "Accounts.", members)
        text += gauge("lyceum_rooms", "Rooms.", rooms)
        text += gauge("lyceum_sessions", "Signed-in sessions.", sessions)
        text += transport(server.transportStatistics.withLock { $0 }())
        text += webhooks(server.webhooks?.figures)
        text += activity(server.activity?.currentFigures)
        return text + "# EOF\n"
    }

    private func activity(_ figures: ActivityService.Figures?) -> String {
        guard let figures else { return "" }
        return counter("lyceum_activity_events", "Events that recommendations have followed.", figures.events)
            + counter("lyceum_activity_rankings", "Members whose lists were ranked for a push.", figures.rankings)
            + counter("lyceum_activity_pushes", "Pushes of recommendations.", figures.pushes)
            + counter("lyceum_activity_questions", "Commands answered from activity.", figures.questions)
            + gauge("lyceum_activity_waiting", "Members who wait for a ranking.", figures.waiting)
            + figures.pushTime.expose(
                "lyceum_activity_push_seconds", "From an event's counting to the push that follows from it.")
    }

    private func webhooks(_ figures: WebhookService.Figures?) -> String {
        guard let figures else { return "" }
        return counter("lyceum_webhook_deliveries", "Deliveries that webhooks took.", figures.delivered)
            + counter("lyceum_webhook_failures", "Attempts at deliveries that failed.", figures.failed)
            + counter("lyceum_webhook_dead", "Deliveries given up.", figures.dead)
            + counter("lyceum_webhook_withheld", "Deliveries that their hook's owner may not see.", figures.withheld)
    }

    private func transport(_ figures: TransportStatistics) -> String {
        gauge("lyceum_connections", "Open connections.", figures.connections)
            + gauge("lyceum_websockets", "Open WebSocket connections.", figures.webSockets)
            + counter("lyceum_connections_accepted", "Connections accepted.", figures.accepted)
            + counter("lyceum_connections_refused", "Connections turned away by a limit.", figures.refused)
            + counter("lyceum_accept_errors", "Failures to accept, as for want of descriptors.", figures.acceptErrors)
            + counter("lyceum_bytes_received", "Bytes received.", figures.bytesReceived)
            + counter("lyceum_bytes_sent", "Bytes sent.", figures.bytesSent)
            + counter("lyceum_socket_writes", "Calls that wrote to a socket.", figures.writes)
            + counter("lyceum_slow_readers", "Connections closed over a full outbox.", figures.slowReaders)
            + counter("lyceum_protocol_violations", "Connections closed over a broken rule.", figures.violations)
            + counter("lyceum_timeouts", "Connections cut for being silent or slow.", figures.timeouts)
    }

    private func counter(_ name: String, _ help: String, _ counter: Counter) -> String {
        self.counter(name, help, counter.current)
    }

    private func counter(_ name: String, _ help: String, _ value: Int) -> String {
        "# TYPE \(name) counter\n# HELP \(name) \(help)\n\(name)_total \(value)\n"
    }

    private func gauge(_ name: String, _ help: String, _ value: Int) -> String {
        "# TYPE \(name) gauge\n# HELP \(name) \(help)\n\(name) \(value)\n"
    }
}
