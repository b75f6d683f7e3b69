import LyceumProtocol

/// Why a command has no result.
public enum ClientError: Error, Sendable, Hashable {
    /// The server said no.
    case refused(Refusal)
    /// The connection ended before the answer came: the command may have been carried out or not.
    case disconnected
    /// No answer within the client's patience: the command may have been carried out or not.
    case timedOut
    /// The client has stopped.
    case stopped(StopReason)
    /// The server's answer is not what the contract says.
    case unexpectedReply(String)

    /// The code of a refusal.
    public var code: ErrorCode? {
        if case .refused(let refusal) = self { refusal.code } else { nil }
    }
}

/// Why a client does not connect any more.
public enum StopReason: Error, Sendable, Hashable {
    /// It was told to.
    case asked
    /// The session is over (close codes 4100–4199, or the token was refused): sign in again.
    case signedOut(code: UInt16?)
    /// The server does not want it back (close codes 4200–4299).
    case unwelcome(code: UInt16)
    /// The server answered the upgrade with this HTTP status, or the address is none.
    case cannotConnect(status: Int?, String)
}

extension Refusal {
    /// Reads the object under `"error"`; a code that this client does not know counts as `internal`.
    init(_ json: JSONText) {
        self.init(
            json.string("code").flatMap(ErrorCode.init(rawValue:)) ?? .internal, json.string("message") ?? "",
            retryAfterMilliseconds: json.integer("retry_after_ms"), details: json.object("details")?.bytes)
    }
}
