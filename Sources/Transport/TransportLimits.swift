/// What one peer may ask of the process. Every limit is enforced before memory is spent.
public struct TransportLimits: Sendable {
    /// Most bytes in one WebSocket message, over all its fragments; a longer one closes with 1009.
    public var frameBytes = 65_536
    /// Most bytes that may wait for one slow WebSocket reader before it is closed with 4000.
    public var outboxBytes = 1_048_576
    /// Most connections over all loops and listeners; further ones are answered 503 or dropped.
    public var maximumConnections = 100_000
    /// Most connections from one IP address; 0 for no limit. ``unlimitedAddresses`` are not counted.
    public var connectionsPerAddress = 0
    /// Addresses that ``connectionsPerAddress`` does not apply to, such as trusted proxies.
    public var unlimitedAddresses: Set<String> = []
    /// Most bytes in the head of one HTTP request; a longer one is answered 431.
    public var headerBytes = 16_384
    /// Time from connecting, or from the first byte of a later request, to a whole request head, TLS handshake included.
    public var headerTimeout = Duration.seconds(10)
    /// Time in which another 64 KiB of a body must arrive, and another 64 KiB of an HTTP answer be read.
    public var bodyTimeout = Duration.seconds(10)
    /// Time an HTTP connection may be idle between requests.
    public var keepAliveTimeout = Duration.seconds(60)
    /// A WebSocket connection that was silent for this long is sent a ping …
    public var pingInterval = Duration.seconds(20)
    /// … and is dropped if nothing arrives within this time after it.
    public var pongTimeout = Duration.seconds(10)
    /// Time a peer has to answer a close frame.
    public var closeTimeout = Duration.seconds(3)
    /// The kernel's send buffer for one connection (`SO_SNDBUF`), in bytes; 0 leaves the kernel's own tuning on.
    public var sendBuffer = 262_144

    public init() {}
}
