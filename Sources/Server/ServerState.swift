import Activity
import Cluster
import Community
import Foundation
import Locking
import Logging
import LyceumProtocol
import Synchronization
import Transport

/// What the parts of a running server share. Everything here is safe from any thread.
final class ServerState: Sendable {
    let settings: Settings
    let store: any CommunityStore & SearchIndex
    let archiving: any ActivityArchiving
    /// The bytes of files.
    let files: any FileKeeping
    let bus: any Bus
    let log: Logger
    let metrics = Metrics()
    let tickets = Tickets()
    let presence = PresenceBoard()
    let stage: ModerationStage
    let similarQuestions = SimilarQuestions()
    let rules: RulesKeeper
    /// Hashes passwords: slow on purpose, so one thread of its own and a short queue.
    let hashPool: WorkerPool
    /// Answers questions to the store.
    let readPool: WorkerPool
    /// Reads and writes files.
    let filePool: WorkerPool
    let uploadPlaces = Locked(UploadPlaces())
    /// Long work that nobody waits for: compiling rules, going through stored history.
    let slowPool: WorkerPool
    /// So that whoever is refused again and again does not fill the audit log.
    let denialLimiter = Locked(AddressLimiter(capacity: 20, perSecond: 0.1))
    /// Looks for changed packs, for what has run out in moderation, and for files that nobody needs.
    let moderationRounds = Locked(Cadence(seconds: 2))
    let moderationSweeps = Locked(Cadence(seconds: 10))
    let fileSweeps = Locked(Cadence(seconds: 600))
    let loginLimiter = Locked(LoginLimiter())
    /// What passwords for names that nobody has are checked against.
    let decoyHash: String
    /// By incoming webhook, and by address for guesses at their secrets.
    let webhookLimiter: Locked<AddressLimiter>
    let webhookGuessLimiter = Locked(AddressLimiter(capacity: 30, perSecond: 0.5))
    let registrationLimiter = Locked(AddressLimiter(capacity: 1000, perSecond: 1.0 / 6))
    /// The community as far as it is on disk.
    let committed: Locked<Community>
    /// Set while the disk refuses writes; readiness tells it.
    let storageTrouble = Locked<String?>(nil)
    let isDraining = Atomic<Bool>(false)
    /// By loop; each has its ``Hub`` as delegate.
    private let loops = Locked<[Int: EventLoop]>([:])
    private let writerBox = Locked<Writer?>(nil)
    private let activityBox = Locked<ActivityService?>(nil)
    private let webhooksBox = Locked<WebhookService?>(nil)
    /// Set once the transport is there.
    let transportStatistics = Locked<@Sendable () -> TransportStatistics>({ TransportStatistics() })
    let httpLimiter: Locked<AddressLimiter>
    /// What each bot may still ask, over all of its connections.
    let botBuckets = Locked<[MemberID: TokenBucket]>([:])
    /// Told to every connection that opens; framed once.
    let helloChunk: Chunk

    init(settings: Settings, store: any Daemon.Store, bus: any Bus, log: Logger) throws {
        self.settings = settings
        self.store = store
        archiving = store
        files = store
        self.bus = bus
        self.log = log
        hashPool = WorkerPool(name: "hash", threads: 1, capacity: settings.accounts.hashQueue)
        decoyHash = settings.accounts.passwordHash.decoy()
        readPool = WorkerPool(name: "read", threads: 2, capacity: 20_000)
        filePool = WorkerPool(name: "file", threads: 2, capacity: 10_000)
        slowPool = WorkerPool(name: "slow", threads: 1, capacity: 64)
        let rate = Double(settings.limits.requestsPerMinute)
        httpLimiter = Locked(AddressLimiter(capacity: rate, perSecond: rate / 60))
        let posts = Double(settings.webhooks.postsPerMinute)
        webhookLimiter = Locked(AddressLimiter(capacity: posts, perSecond: posts / 60))
        helloChunk = Hello.chunk(settings)
        committed = Locked(try store.loadCommunity())
        rules = try RulesKeeper(settings: settings, log: log)
        stage = ModerationStage(
            settings: settings.moderation, rules: rules.initial,
            learner: try ClassifierKeeper(rules.starterModel(), store: store), now: Self.now())
        writerBox.withLock { $0 = Writer(server: self) }
    }

    var writer: Writer {
        guard let writer = writerBox.withLock({ $0 }) else {
            preconditionFailure("the writer lives as long as the server")
        }
        return writer
    }

    /// What recommends; `nil` where that is switched off, and before the start.
    var activity: ActivityService? { activityBox.withLock { $0 } }

    func startActivity() {
        guard settings.activity.enabled == .on else { return }
        let service = ActivityService(server: self)
        activityBox.withLock { $0 = service }
        service.start()
    }

    /// Ends it once nobody writes any more, so that what it keeps is whole.
    func stopActivity() {
        activity?.stop()
        activityBox.withLock { $0 = nil }
    }

    /// What brings events to other people's servers; `nil` before the start and after the end.
    var webhooks: WebhookService? { webhooksBox.withLock { $0 } }

    func startWebhooks() {
        let service = WebhookService(server: self)
        webhooksBox.withLock { $0 = service }
        service.start()
    }

    /// Ends it while the writer still takes what it has to write down.
    func stopWebhooks() {
        webhooks?.stop()
        webhooksBox.withLock { $0 = nil }
    }

    /// Breaks the cycle with the writer, once it has stopped.
    func releaseWriter() { writerBox.withLock { $0 = nil } }

    func now() -> UnixMilliseconds { Self.now() }

    static func now() -> UnixMilliseconds {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UnixMilliseconds(time.tv_sec) * 1000 + UnixMilliseconds(time.tv_nsec) / 1_000_000
    }

    func register(_ loop: EventLoop, at index: Int) { loops.withLock { $0[index] = loop } }

    /// Runs `work` on every event loop.
    func onEveryHub(_ work: @escaping @Sendable (Hub) -> Void) {
        for loop in loops.withLock({ Array($0.values) }) { Self.perform(on: loop, work) }
    }

    /// Runs `work` on one event loop.
    func onHub(_ index: Int, _ work: @escaping @Sendable (Hub) -> Void) {
        if let loop = loops.withLock({ $0[index] }) { Self.perform(on: loop, work) }
    }

    private static func perform(on loop: EventLoop, _ work: @escaping @Sendable (Hub) -> Void) {
        loop.perform { loop in
            if let hub = loop.delegate as? Hub { work(hub) }
        }
    }

    /// Tells everybody what a transaction has committed. Called on the writer's thread, in commit order.
    func didCommit(_ context: WriteContext) {
        if store.hasRoom() { storageTrouble.withLock { $0 = nil } }
        var delivery = context.delivery
        delivery.finish()
        let steps = delivery.steps
        committed.withLock { community in
            for change in context.changes { community.apply(change) }
            // Under the lock: whoever sees the community with these changes finds what they tell on its way, so that no
            // answer which counts an event, or replays it, comes to a connection before the event's own delivery.
            if !steps.isEmpty { onEveryHub { $0.deliver(steps) } }
        }
        similarQuestions.note(context.changedQuestions)
        bus.publish(context.events)
        webhooks?.look(at: context.awakenedWebhooks)
    }

    /// Answers commands outside a commit.
    func tell(_ replies: [(ReplyAddress, Outcome)]) {
        for (address, outcome) in replies { onHub(address.loop) { $0.reply(outcome, to: address) } }
    }

    /// What a client is told when the store fails; the cause goes into the log and the readiness report.
    func refusal(for error: StoreError) -> Refusal {
        let (code, cause): (ErrorCode, String) =
            switch error {
            case .full(let cause): (.storageFull, cause)
            case .unavailable(let cause): (.unavailable, cause)
            }
        storageTrouble.withLock { $0 = cause }
        metrics.storageErrors.increment()
        log.error("the store failed", metadata: ["code": "\(code.rawValue)", "cause": "\(cause)"])
        let sentence =
            code == .storageFull ? "The server's disk is full." : "The server cannot store anything right now."
        return Refusal(code, sentence, retryAfterMilliseconds: 5000)
    }
}
