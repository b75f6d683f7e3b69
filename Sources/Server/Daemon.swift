import Activity
import Cluster
import Community
import Foundation
import Logging
import LyceumProtocol
import Synchronization
import Transport

/// The running daemon: puts the parts together, starts them in order and stops them in the reverse one.
public final class Daemon: Sendable {
    /// What keeps everything that outlives a run.
    public typealias Store = ActivityArchiving & CommunityStore & FileKeeping & SearchIndex

    static let mainListener = "main"
    static let metricsListener = "metrics"

    private let server: ServerState
    private let transport: TransportServer
    private let log: Logger

    /// Opens what `settings` name; nothing is served before ``start()``.
    ///
    /// - Throws: A ``StoreError``, or what the transport says of addresses and certificates.
    public init(settings: Settings, store: any Store) throws {
        let logSettings = settings.log
        log = Logger(label: "lyceum") { _ in LineLogHandler(logSettings) }
        let server = try ServerState(settings: settings, store: store, bus: InProcessBus(), log: log)
        self.server = server
        var limits = TransportLimits()
        limits.frameBytes = settings.limits.frameBytes
        limits.outboxBytes = settings.limits.outboxBytes
        limits.maximumConnections = settings.limits.connections
        limits.connectionsPerAddress = settings.limits.connectionsPerAddress
        limits.unlimitedAddresses = settings.trustedProxies
        let log = log
        transport = try TransportServer(
            loops: settings.loops, listeners: Self.listeners(settings), limits: limits,
            log: { log.warning("transport", metadata: ["line": "\($0)"]) },
            makeDelegate: { loop, index in
                let hub = Hub(server: server, index: index)
                server.register(loop, at: index)
                return hub
            })
        let figures = transport
        server.transportStatistics.withLock { $0 = { [weak figures] in figures?.statistics ?? .init() } }
    }

    private static func listeners(_ settings: Settings) -> [ListenerConfiguration] {
        let tls = settings.tlsCertificate.flatMap { certificate in
            settings.tlsKey.map { TLSConfiguration(certificateChain: certificate, privateKey: $0) }
        }
        return [
            ListenerConfiguration(
                host: settings.listen.host, port: settings.listen.port, label: mainListener, tls: tls,
                inheritedDescriptor: inheritedSocket),
            ListenerConfiguration(
                host: settings.metricsListen.host, port: settings.metricsListen.port, label: metricsListener),
        ]
    }

    /// The listening socket that systemd hands over (`sd_listen_fds(3)`): the first, if there is one for this process.
    private static var inheritedSocket: Int32? {
        let environment = ProcessInfo.processInfo.environment
        guard environment["LISTEN_PID"] == String(getpid()), let count = environment["LISTEN_FDS"].flatMap(Int.init),
            count > 0
        else { return nil }
        return 3
    }

    /// Shows renewed certificates to new connections; one that cannot be used is logged and the old one stays.
    public func reloadCertificates() {
        do throws(TransportError) {
            try transport.reloadTLS()
        } catch {
            log.error("the new certificate cannot be used", metadata: ["cause": "\(error)"])
        }
    }

    /// Begins to serve.
    ///
    /// - Returns: The addresses to be told to the operator, the main one first.
    public func start() throws -> [BoundAddress] {
        try server.files.removeStrayFiles()
        server.writer.start()
        server.sweepFiles(at: server.now())
        server.startActivity()
        try server.similarQuestions.start(on: server)
        server.startWebhooks()
        let bound = try transport.start()
        log.notice("serving", metadata: ["address": "\(bound.first?.url ?? "-")"])
        return bound.sorted { first, _ in first.label == Self.mainListener }
    }

    /// A code with which the first owner registers; `nil` if there is an owner. Each start makes a new one and the
    /// older ones end with their day.
    public func makeOwnerInvite() throws -> String? {
        guard !server.committed.withLock({ $0.members.values.contains { $0.role == .owner } }) else { return nil }
        let code = Secrets.makeInviteCode()
        try server.store.write { transaction in
            try transaction.put(
                Invite(
                    code: Secrets.hash(code), room: nil, role: .owner, createdBy: MemberID(0),
                    expiresAt: server.now() + 24 * 3_600_000, usesLeft: 1))
        }
        return code
    }

    /// Reads the rule packs again; what is wrong with them is logged, and the old set stays.
    public func reloadRules() { server.reloadRules() }

    /// Stops: not ready at once, connections asked to come back over the drain time, then the writer, then the rest.
    public func stop() {
        log.notice("going away")
        server.isDraining.store(true, ordering: .relaxed)
        transport.stopListening()
        // Commands that arrive meanwhile are still carried out; connections end at random moments of the drain time.
        let spread = min(Duration.seconds(server.settings.drainSeconds - 3), .seconds(5))
        transport.stop(
            grace: spread + .seconds(2), code: CloseCode.goingAway.rawValue, reason: "the server is going away",
            jitter: spread)
        server.stopWebhooks()
        server.writer.stop()
        server.stopActivity()
        server.readPool.stop()
        server.hashPool.stop()
        server.filePool.stop()
        server.slowPool.stop()
        server.keepRuleCounts()
        server.stage.learner.keepSnapshot(in: server)
        server.releaseWriter()
        server.store.close()
        log.notice("stopped")
    }
}
