import LyceumProtocol

/// One thing to be brought to an outgoing hook's URL.
public struct WebhookDelivery: Hashable, Sendable {
    /// Raw values are wire and storage format.
    public enum State: String, CaseIterable, Sendable {
        /// Not brought yet; it is tried at ``WebhookDelivery/dueAt``.
        case waiting
        case delivered
        /// Given up; it can be sent again by hand.
        case dead
        /// The hook's owner may not see it, or no longer; it was not sent.
        case withheld
    }

    public let id: Int64
    public let hook: WebhookID
    /// What the receiver knows it by, the same at every attempt.
    public let message: String
    /// The event; `nil` for a test.
    public let event: ActivityLogEntry.Place?
    public let createdAt: UnixMilliseconds
    public var state = State.waiting
    /// How often it was tried.
    public var attempts: Int64 = 0
    public var dueAt: UnixMilliseconds
    public var lastAt: UnixMilliseconds?
    /// The last answer's HTTP status.
    public var status: Int64?
    /// Why the last attempt failed, in one word.
    public var failure: String?

    public init(
        id: Int64, hook: WebhookID, message: String, event: ActivityLogEntry.Place?, createdAt: UnixMilliseconds
    ) {
        self.id = id
        self.hook = hook
        self.message = message
        self.event = event
        self.createdAt = createdAt
        dueAt = createdAt
    }
}

/// Questions about webhooks and their deliveries.
public protocol WebhookReader {
    /// Waiting deliveries whose time has come, in the order they came in.
    func dueDeliveries(of hook: WebhookID, at now: UnixMilliseconds, limit: Int) throws -> [WebhookDelivery]
    /// How many wait, and when the next one's time comes.
    func backlog(of hook: WebhookID) throws -> (count: Int, nextAt: UnixMilliseconds?)
    /// Newest first; `before` an identifier, in one state or any.
    func deliveries(of hook: WebhookID, state: WebhookDelivery.State?, before id: Int64?, limit: Int) throws
        -> [WebhookDelivery]
    func delivery(_ id: Int64) throws -> WebhookDelivery?
    /// Up to which entry of the log of activity the hook's deliveries have been queued.
    func position(of hook: WebhookID) throws -> Int64
}

/// Changes of what is on its way to webhooks. The hooks themselves are a ``Change`` of the community.
public protocol WebhookTransaction: WebhookReader {
    func makeWebhookID() throws -> WebhookID
    func makeDeliveryID() throws -> Int64
    /// Adds a delivery or replaces it.
    func put(_ delivery: WebhookDelivery) throws
    func setPosition(_ position: Int64, of hook: WebhookID) throws
    /// Counts deliveries that were given up in a row.
    /// - Parameter hasFailed: False starts anew.
    /// - Returns: The count.
    func countFailure(_ hasFailed: Bool, of hook: WebhookID) throws -> Int
    /// Gives up all that waits.
    func abandonDeliveries(of hook: WebhookID, failure: String, at now: UnixMilliseconds) throws
    /// Forgets the oldest of what does not wait, beyond the newest `count`.
    func pruneDeliveries(of hook: WebhookID, keeping count: Int) throws
}
