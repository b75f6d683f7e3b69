/// Why a command was refused. Raw values are wire format, shared by socket and HTTP: add cases, never rename one.
public enum ErrorCode: String, CaseIterable, Sendable {
    case malformed
    case unknownCommand = "unknown_command"
    case unauthenticated
    case forbidden
    case notFound = "not_found"
    case conflict
    case tooLarge = "too_large"
    case rateLimited = "rate_limited"
    case slowMode = "slow_mode"
    case muted
    case rejected
    case archived
    case storageFull = "storage_full"
    case unavailable
    case `internal`

    /// Whether the same command may succeed later without the client changing it.
    public var isRetryable: Bool {
        switch self {
        case .rateLimited, .slowMode, .muted, .storageFull, .unavailable, .internal: true
        default: false
        }
    }

    /// The status of the same refusal over HTTP (RFC 9110 section 15).
    public var httpStatus: Int {
        switch self {
        case .malformed: 400
        case .unauthenticated: 401
        case .forbidden, .muted: 403
        case .unknownCommand, .notFound: 404
        case .conflict, .archived: 409
        case .tooLarge: 413
        case .rejected: 422
        case .rateLimited, .slowMode: 429
        case .internal: 500
        case .unavailable: 503
        case .storageFull: 507
        }
    }
}

/// A refusal as the client sees it: a code to act on and a sentence to show.
public struct Refusal: Error, Hashable, Sendable {
    public var code: ErrorCode
    /// English; a client that speaks another language shows its own sentence for `code`.
    public var message: String
    /// When the same command may be tried again, in milliseconds from now.
    public var retryAfterMilliseconds: Int64?
    /// More about it as a JSON object, such as a verdict's reasons.
    public var details: [UInt8]?

    public init(_ code: ErrorCode, _ message: String, retryAfterMilliseconds: Int64? = nil, details: [UInt8]? = nil) {
        self.code = code
        self.message = message
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.details = details
    }

    /// What is not there and what may not be seen answer alike, so that neither can be told from the other.
    public static let notFound = Refusal(.notFound, "There is no such thing here.")

    /// Writes the object that stands under `"error"`.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("code", code.rawValue)
            json.field("message", message)
            json.field("retryable", code.isRetryable)
            json.field("retry_after_ms", retryAfterMilliseconds)
            if let details { json.field("details", raw: details) }
        }
    }
}

/// For logs: the code and the sentence, without the details.
extension Refusal: CustomStringConvertible {
    public var description: String { "\(code.rawValue): \(message)" }
}

/// WebSocket close codes of the contract: the hundred says what a client should do next.
public enum CloseCode: UInt16, CaseIterable, Sendable {
    /// 4000–4099: reconnect and resume.
    case slowReader = 4000
    case goingAway = 4001
    case idle = 4002
    /// 4100–4199: sign in again.
    case signedOut = 4100
    case revoked = 4101
    /// 4200–4299: do not come back.
    case protocolViolation = 4200
    case banned = 4201
}
