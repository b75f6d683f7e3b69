import CLibwebsockets

/// Takes the body of one request piece by piece, so that a large one is never in memory whole.
///
/// Belongs to the request's loop. While it is full nothing more is read from the peer;
/// ``HTTPResponder/resumeBody()`` says that it can take more.
public protocol BodyReceiver: AnyObject {
    /// Whether it waits for something, such as a disk, before it can take more.
    var isFull: Bool { get }
    /// The next bytes, valid during the call only.
    func received(_ bytes: UnsafeRawBufferPointer)
    /// The body is whole; from now on the request may be answered.
    func finished()
    /// The peer has gone before the body was whole. Nothing else is called after it.
    func aborted()
}

/// Gives the body of one answer piece by piece; see ``HTTPResponder/send(_:from:)``.
public protocol BodySource: AnyObject {
    /// What was given has been written: the next piece is wanted, now or later, by ``HTTPResponder/push(_:)``.
    func wantsPiece()
    /// The answer is whole, or the peer has gone.
    func ended()
}

extension HTTPResponder {
    /// Reads on after the request's ``BodyReceiver`` was full.
    public func resumeBody() { connection?.resumeBody(of: requestNumber) }

    /// Begins an answer whose body is an ``HTTPBody/later(_:)`` that `source` gives.
    public func send(_ response: HTTPResponse, from source: any BodySource) {
        guard let connection, connection.isAwaitingResponse(to: requestNumber) else { return source.ended() }
        connection.answer(head, with: response, from: source)
    }

    /// Sends the next piece of the body.
    public func push(_ piece: [UInt8]) { connection?.push(piece, of: requestNumber) }

    /// Breaks the connection off in the middle of the body, which is how the peer learns that it is not whole.
    public func abort() {
        if connection?.isAwaitingResponse(to: requestNumber) ?? false { connection?.doom() }
    }
}

extension Connection {
    // MARK: In

    /// Hands on what belongs to the body; returns how much that was.
    func consume(_ bytes: UnsafeRawBufferPointer, for receiver: any BodyReceiver, of exchange: HTTPExchange) -> Int {
        guard !exchange.isPaused else { return 0 }
        let count = min(bytes.count, exchange.contentLength - exchange.receivedBytes)
        exchange.receivedBytes += count
        deadline = core.now + core.limits.bodyTimeout.milliseconds
        receiver.received(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        if exchange.receivedBytes == exchange.contentLength {
            exchange.receiver = nil
            awaitAnswer()
            receiver.finished()
        } else if receiver.isFull {
            exchange.isPaused = true
            deadline = core.now + Self.responseTime
            if let wsi { lws_rx_flow_control(wsi, 0) }
        }
        return count
    }

    func resumeBody(of number: Int) {
        guard let exchange, exchange.number == number, exchange.isPaused else { return }
        exchange.isPaused = false
        deadline = core.now + core.limits.bodyTimeout.milliseconds
        if let wsi, !flags.contains(.blocked) { lws_rx_flow_control(wsi, 1) }
        if !flags.contains(.consuming), !stash.isEmpty { consumeStash() }
    }

    // MARK: Out

    func answer(_ head: RequestHead, with response: HTTPResponse, from source: any BodySource) {
        let count = response.body.byteCount
        guard head.method != "HEAD", count > 0, let exchange else {
            answer(head, with: response, closing: false)
            return source.ended()
        }
        exchange.source = source
        exchange.missingBytes = count
        enqueue(response, isHead: false, isVersion11: head.isVersion11, keepAlive: !exchange.isLast)
    }

    /// Asks for the next piece once the one before has gone out; called when nothing waits to be written.
    func askForPiece() {
        guard phase == .responding, let exchange, let source = exchange.source, !exchange.isAsked else { return }
        exchange.isAsked = true
        source.wantsPiece()
    }

    func push(_ piece: [UInt8], of number: Int) {
        guard isAwaitingResponse(to: number), let exchange, let source = exchange.source else { return }
        precondition(piece.count <= exchange.missingBytes, "a body is longer than its head has said")
        exchange.isAsked = false
        exchange.missingBytes -= piece.count
        awaitAnswer()
        enqueue(Chunk(framed: piece))
        guard exchange.missingBytes == 0 else { return }
        exchange.source = nil
        endAnswer(isLast: exchange.isLast)
        source.ended()
    }

    /// Tells those who took or gave a body that the peer has gone.
    func abandonBody() {
        exchange?.receiver?.aborted()
        exchange?.source?.ended()
    }
}
