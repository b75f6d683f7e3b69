import Locking

/// Counters of one event loop, or the sum over several, at one moment.
public struct TransportStatistics: Sendable, Equatable {
    /// Connections that are open now, of any kind.
    public var connections = 0
    /// WebSocket connections that are open now.
    public var webSockets = 0
    public var accepted = 0
    /// Turned away by a limit on connections.
    public var refused = 0
    /// Failures of `accept`, such as for want of file descriptors.
    public var acceptErrors = 0
    public var requests = 0
    /// Requests that were answered by the transport itself with an error.
    public var badRequests = 0
    public var messagesReceived = 0
    public var bytesReceived = 0
    public var bytesSent = 0
    /// Calls that wrote to a socket; chunks sent divided by this is how well writes were coalesced.
    public var writes = 0
    public var chunksSent = 0
    /// WebSocket connections closed because their outbox was full.
    public var slowReaders = 0
    /// WebSocket connections closed because the peer broke the protocol or a limit.
    public var violations = 0
    /// Connections cut because a request, an answer or a pong took too long.
    public var timeouts = 0

    public init() {}

    static func + (a: Self, b: Self) -> Self {
        var sum = a
        for path in Self.fields { sum[keyPath: path] += b[keyPath: path] }
        return sum
    }

    private static var fields: [WritableKeyPath<Self, Int>] {
        [
            \.connections, \.webSockets, \.accepted, \.refused, \.acceptErrors, \.requests, \.badRequests,
            \.messagesReceived, \.bytesReceived, \.bytesSent, \.writes, \.chunksSent, \.slowReaders, \.violations,
            \.timeouts,
        ]
    }
}

/// Lets any thread read the counters of a loop: the loop counts in a plain value and publishes it once a tick.
final class PublishedStatistics: Sendable {
    private let value = Locked(TransportStatistics())

    var current: TransportStatistics { value.withLock { $0 } }
    func publish(_ statistics: TransportStatistics) { value.withLock { $0 = statistics } }
}
