/// One HTTP request with its whole body.
public struct HTTPRequest: Sendable {
    public let head: RequestHead
    public let body: [UInt8]
}

/// One HTTP answer. `Content-Length`, `Connection` and `Date` are added when it is sent.
///
/// A header name that is not a token, or a value with a control character, would let data become protocol (header
/// injection): such an answer is never sent, the peer gets a bare 500 instead and the log says which field it was.
public struct HTTPResponse: Sendable {
    /// `200...599`.
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: HTTPBody

    public init(status: Int, headers: [(name: String, value: String)] = [], body: HTTPBody = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer of plain text.
    public static func text(_ status: Int, _ text: String, headers: [(name: String, value: String)] = []) -> Self {
        HTTPResponse(
            status: status, headers: [("content-type", "text/plain; charset=utf-8")] + headers,
            body: .bytes(Array(text.utf8)))
    }
}

/// The bytes of an answer.
public enum HTTPBody: Sendable {
    case bytes([UInt8])
    /// Bytes that are shared with other answers, such as an asset, and never copied per answer.
    case shared(Chunk)
    /// So many bytes that follow piece by piece; see ``HTTPResponder/send(_:from:)``.
    case later(Int)

    public var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .shared(let chunk): chunk.byteCount
        case .later(let count): count
        }
    }
}

/// The one chance to answer a request. Not `Sendable`: keep it on its loop.
///
/// Answering is safe at any time: if the peer has gone, or the request was answered already, ``send(_:)`` does nothing.
public final class HTTPResponder {
    private(set) weak var connection: Connection?
    let requestNumber: Int
    let head: RequestHead

    init(connection: Connection, requestNumber: Int, head: RequestHead) {
        self.connection = connection
        self.requestNumber = requestNumber
        self.head = head
    }

    /// Whether an answer would still reach the peer.
    public var isWanted: Bool { connection?.isAwaitingResponse(to: requestNumber) ?? false }

    /// Sends the answer at the end of this loop turn.
    ///
    /// - Parameter closing: Ends the connection after it, for requests whose sender is not trusted with another.
    public func send(_ response: HTTPResponse, closing: Bool = false) {
        guard let connection, connection.isAwaitingResponse(to: requestNumber) else { return }
        connection.answer(head, with: response, closing: closing)
    }
}
