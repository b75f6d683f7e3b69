import Activity
import Community
import LyceumProtocol
import Transport

/// Whose lists may have changed, and what each has been told; on the thread of ``ActivityService``.
///
/// Members are ranked lazily: only with an open socket, pushed to at most once per ``interval``, and only told what changed
/// enough to matter. Those whom an event concerns come first; what the rest of the community does reaches a member's
/// lists in rounds, with the time that is left.
final class PushBoard {
    /// Milliseconds between two pushes to one member.
    static let interval: UnixMilliseconds = 2000
    /// Milliseconds between the first two rankings of one member whose lists did not change enough; from one to the next
    /// it doubles, up to ``interval``. Who writes seldom is ranked at once, who writes all the time once in two seconds.
    static let rankingInterval: UnixMilliseconds = 50
    /// Milliseconds between two rounds over everybody who is here.
    private static let roundInterval: UnixMilliseconds = 30_000
    /// Time spent ranking before new events have their turn.
    private static let patience = Duration.milliseconds(10)

    private struct Told {
        var lists: [Surface: [Subject]] = [:]
        var version: Int64 = 0
        var rankedAt: UnixMilliseconds = 0
        var pushedAt: UnixMilliseconds = 0
        /// Rankings one after the other that brought nothing.
        var idleRankings = 0

        /// Whether a ranking may be made, and a push may follow from it.
        func isDue(at now: UnixMilliseconds) -> Bool {
            let patience = min(PushBoard.rankingInterval << min(idleRankings, 8), PushBoard.interval)
            return abs(now - rankedAt) >= patience && abs(now - pushedAt) >= PushBoard.interval
        }

        mutating func noteRanking(at now: UnixMilliseconds, broughtNews: Bool) {
            let wasLongAgo = abs(now - rankedAt) >= 2 * PushBoard.interval
            idleRankings = broughtNews || wasLongAgo ? 0 : idleRankings + 1
            rankedAt = now
        }
    }

    private let server: ServerState
    private unowned let service: ActivityService
    private var told: [MemberID: Told] = [:]
    /// Waiting, with the time since when.
    private var dirty: [MemberID: ContinuousClock.Instant] = [:]
    private var queue: [MemberID] = []
    private var round: [MemberID] = []
    private var roundAt: UnixMilliseconds = 0
    /// Whether anything public has happened since the last round.
    private var hasNews = false

    init(server: ServerState, service: ActivityService) {
        self.server = server
        self.service = service
    }

    /// Whether nobody waits for a ranking.
    var isIdle: Bool { queue.isEmpty && round.isEmpty }

    /// Notes whose lists `event` may change.
    func touch(_ event: ActivityEvent, _ core: ActivityCore) {
        if event.audience == .everyone { hasNews = true }
        if case .read = event.kind { return }
        mark(event.member)
        for member in event.named { mark(member) }
        guard let root = event.thread else { return }
        let engine = event.audience == .everyone ? core.tracker.everyone : core.tracker.rooms[event.room]
        for member in engine?.participants(of: root, in: event.room) ?? [] { mark(member) }
    }

    /// Has `member` ranked soon, if they are here.
    func mark(_ member: MemberID) {
        guard dirty[member] == nil, server.presence.isConnected(member) else { return }
        dirty[member] = .now
        queue.append(member)
    }

    /// What `member` has been told by an answer, which pushes then build on.
    func answered(_ member: MemberID, _ surface: Surface, _ subjects: [Subject]) -> Int64 {
        told[member, default: Told()].lists[surface] = subjects
        return told[member]?.version ?? 0
    }

    /// Ranks those who are due, for a while.
    func work(_ core: ActivityCore) {
        let deadline = ContinuousClock.now + Self.patience
        let now = server.now()
        var later: [MemberID] = []
        var index = 0
        while index < queue.count, ContinuousClock.now < deadline {
            let member = queue[index]
            index += 1
            if told[member]?.isDue(at: now) ?? true {
                rank(member, core, at: now)
            } else {
                later.append(member)
            }
        }
        queue = later + queue[index...]
        service.note { $0.waiting = queue.count }
        startRound(at: now)
        while !round.isEmpty, ContinuousClock.now < deadline {
            let member = round.removeLast()
            if dirty[member] == nil, abs(now - (told[member]?.rankedAt ?? 0)) >= Self.roundInterval {
                rank(member, core, at: now)
            }
        }
    }

    private func startRound(at now: UnixMilliseconds) {
        guard round.isEmpty, hasNews, abs(now - roundAt) >= Self.interval else { return }
        hasNews = false
        roundAt = now
        round = server.presence.connectedMembers()
        let here = Set(round)
        told = told.filter { here.contains($0.key) }
    }

    private func rank(_ member: MemberID, _ core: ActivityCore, at now: UnixMilliseconds) {
        let since = dirty.removeValue(forKey: member)
        guard server.presence.isConnected(member) else {
            told[member] = nil
            return
        }
        let viewer = Viewer(member, server)
        guard viewer.isServed, core.counts(member) else { return }
        var state = told[member] ?? Told()
        var changes: [RecommendationPush.Change] = []
        for surface in Surface.allCases {
            let before = state.lists[surface] ?? []
            let proposal = core.proposal(surface, for: viewer, at: now)
            guard Self.matters(before, proposal.subjects) else { continue }
            let (subjects, items) = core.items(of: proposal, for: viewer, at: now)
            state.lists[surface] = subjects
            changes.append(RecommendationPush.Change(surface, from: before, to: items))
        }
        service.note { $0.rankings += 1 }
        state.noteRanking(at: now, broughtNews: !changes.isEmpty)
        if !changes.isEmpty {
            state.version = max(state.version + 1, now)
            state.pushedAt = now
            send(RecommendationPush(member: member, version: state.version, changes: changes), since)
        }
        told[member] = state
    }

    /// Whether a list has changed enough to be told: other subjects among the first three, or three others in all.
    static func matters(_ before: [Subject], _ after: [Subject]) -> Bool {
        Set(before.prefix(3)) != Set(after.prefix(3)) || Set(before).symmetricDifference(after).count >= 3
    }

    private func send(_ push: RecommendationPush, _ since: ContinuousClock.Instant?) {
        let server = server
        server.onEveryHub { hub in
            // Asked on the loop, where nothing can come between the answer and the sending.
            guard let body = push.body(on: server) else { return }
            hub.deliver([.me(push.member, .text(body), seq: nil)])
        }
        service.note { figures in
            figures.pushes += 1
            if let since { figures.pushTime.record(since.duration(to: .now)) }
        }
    }
}

/// One push: what has changed in a member's lists.
struct RecommendationPush: Sendable {
    struct Change: Sendable {
        let surface: Surface
        /// New in the list, each with its place.
        let added: [(place: Int, item: RecommendationItem)]
        let removed: [String]
        /// The whole list by its keys, for what only moved.
        let order: [String]

        init(_ surface: Surface, from before: [Subject], to items: [RecommendationItem]) {
            self.surface = surface
            let old = Set(before.map(\.key))
            added = items.enumerated().filter { !old.contains($0.element.key) }.map { ($0.offset, $0.element) }
            order = items.map(\.key)
            removed = old.subtracting(order).sorted()
        }
    }

    let member: MemberID
    let version: Int64
    let changes: [Change]

    /// The event, without what has become invisible since; `nil` if the member has.
    func body(on server: ServerState) -> [UInt8]? {
        let now = server.now()
        return server.committed.withLock { community in
            guard community.members[member].map({ !$0.isBanned(at: now) }) ?? false else { return nil }
            return object { json in
                json.field("event", SignalKind.recommendations.rawValue)
                json.field("version", version)
                json.field(
                    "kinds",
                    object: { json in
                        for change in changes {
                            json.name(dynamic: change.surface.rawValue)
                            json.write(change) { $0.isVisible(to: member, in: community, at: now) }
                        }
                    })
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ change: RecommendationPush.Change, _ isVisible: (RecommendationItem) -> Bool) {
        let shown = change.added.filter { isVisible($0.item) }
        let hidden = Set(change.added.map(\.item.key)).subtracting(shown.map(\.item.key))
        object { json in
            json.field("add", array: shown) { json, entry in
                json.object { json in
                    json.field("place", entry.place)
                    json.field("item", raw: entry.item.json)
                }
            }
            json.field("remove", array: change.removed) { $0.value($1) }
            json.field("order", array: change.order.filter { !hidden.contains($0) }) { $0.value($1) }
        }
    }
}
