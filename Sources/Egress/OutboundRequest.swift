/// One POST to somebody else's server.
public struct OutboundRequest: Sendable {
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(url: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What a call may cost.
public struct OutboundLimits: Sendable {
    /// From the look-up of the name to the end of the answer.
    public var milliseconds = 5000
    /// Headers and body of the answer.
    public var answerBytes = 1 << 20

    public init() {}
}

/// What became of a request.
public enum OutboundResult: Hashable, Sendable {
    /// - Parameter retryAfterSeconds: What the answer asked to wait; 0 if it did not say.
    case answered(status: Int, retryAfterSeconds: Int64)
    case failed(Failure)

    /// Raw values are wire format: add cases, never rename one.
    public enum Failure: String, CaseIterable, Sendable {
        /// The name leads to an address that may not be called.
        case address
        case nameNotFound = "name_not_found"
        case notConnected = "not_connected"
        case timeout
        case tooLarge = "too_large"
        /// The certificate or the handshake.
        case tls
        /// Anything else between the connection and the end of the answer.
        case interrupted
    }
}
