/// What the server does with the connections of one event loop.
///
/// One delegate belongs to one loop; every call comes on that loop's thread, so a delegate needs no locks. No call may
/// block: everybody else on the loop would wait. Connections passed in must not leave the loop.
public protocol LoopDelegate: AnyObject {
    /// Decides on a request to upgrade to WebSocket, which is already well-formed by RFC 6455.
    func shouldUpgrade(_ head: RequestHead) -> UpgradeDecision
    /// A WebSocket connection is open; what is sent now follows the handshake.
    ///
    /// `head` is not kept by the transport, so that idle connections stay small: copy what is needed of it.
    func opened(_ connection: Connection, head: RequestHead)
    /// One whole text message: valid UTF-8 of at most `limits.frameBytes`. `text` is valid during the call only.
    func received(_ connection: Connection, text: UnsafeRawBufferPointer)
    /// A binary message of at most `limits.frameBytes` arrived; its content is dropped.
    func receivedBinary(_ connection: Connection)
    /// A WebSocket connection has ended. Called once for each ``opened(_:)``, never from inside
    /// ``Connection/send(_:)`` or ``Connection/close(code:reason:)``.
    func closed(_ connection: Connection)
    /// Most bytes that a body for `head` may have; a longer one is answered 413.
    func bodyLimit(for head: RequestHead) -> Int
    /// Who takes the body for `head` piece by piece and then answers; nil to have it whole by
    /// ``respond(to:with:)``. Asked once a body of allowed length is about to come.
    func bodyReceiver(for head: RequestHead, with responder: HTTPResponder) -> (any BodyReceiver)?
    /// Answers a plain HTTP request, now or later, through `responder`.
    func respond(to request: HTTPRequest, with responder: HTTPResponder)
    /// What is answered to a request that breaks the rules of HTTP, or of its handshake, before its connection ends.
    func answer(status: Int, reason: String) -> HTTPResponse
    /// Called about every 250 ms.
    func tick(now: ContinuousClock.Instant)
    /// Called at the end of each loop turn, at least once, before what was queued in the turn is written.
    func turnEnded()
}

extension LoopDelegate {
    public func bodyReceiver(for head: RequestHead, with responder: HTTPResponder) -> (any BodyReceiver)? { nil }
    public func answer(status: Int, reason: String) -> HTTPResponse { .text(status, reason + "\n") }
}

/// The answer to a request to upgrade to WebSocket.
public enum UpgradeDecision {
    /// Upgrades; `subprotocol` must be one that the client offered, or nil to name none.
    case accept(subprotocol: String?)
    /// Answers with this instead and closes the connection.
    case refuse(HTTPResponse)
}
