import CLibwebsockets

/// One HTTP request on its way in and its answer on the way out.
final class HTTPExchange {
    let number: Int
    let head: RequestHead
    let contentLength: Int
    var body: [UInt8] = []
    /// Who takes the body instead, piece by piece, and how much came.
    var receiver: (any BodyReceiver)?
    var receivedBytes = 0
    var isPaused = false
    /// Who gives the answer's body, whether a piece was asked for, and how much is still to come.
    var source: (any BodySource)?
    var isAsked = false
    var missingBytes = 0
    /// The connection ends with the answer.
    var isLast: Bool

    init(number: Int, head: RequestHead, contentLength: Int) {
        self.number = number
        self.head = head
        self.contentLength = contentLength
        let wantsClose = head.headerList("connection", contains: "close")
        let wantsKeepAlive = head.isVersion11 || head.headerList("connection", contains: "keep-alive")
        isLast = wantsClose || !wantsKeepAlive
    }
}

extension Connection {
    /// Most time that an answer may take to be decided, in milliseconds.
    static let responseTime: LoopTime = 120_000
    /// Bytes of body that renew the time for it.
    private static let bodyStep = 65_536
    /// Bytes of further requests that are kept while one waits for its answer.
    private static let pipelineBytes = 131_072

    /// Bytes of answers to write above which no further request is read.
    private static let answerBytes = 262_144

    // MARK: Requests

    /// Reads a request's head; returns its length, or 0 if it is not whole yet.
    func consumeHead(_ bytes: UnsafeRawBufferPointer) -> Int {
        // Empty lines before a request are ignored, as RFC 9112 section 2.2 asks.
        if bytes.count >= 2, bytes[0] == 0x0d, bytes[1] == 0x0a { return 2 }
        guard bytes[0] == 0x0d || RequestParser.isTokenByte(bytes[0]) else {
            return refuse(400, "not an HTTP request", dropping: bytes.count)
        }
        // Answers that nobody reads must not pile up: the next request waits until they are written.
        guard outbox.byteCount <= Self.answerBytes else { return 0 }
        let limit = core.limits.headerBytes
        guard let length = RequestParser.headLength(bytes), length <= limit else {
            if bytes.count > limit { return refuse(431, "header fields are too large", dropping: bytes.count) }
            startHeadClock()
            return 0
        }
        do {
            try begin(RequestParser.parse(UnsafeRawBufferPointer(rebasing: bytes[..<length])))
            return length
        } catch {
            return refuse(error.status, error.reason, dropping: bytes.count)
        }
    }

    /// A later request's time starts with its first byte; the first one's with the connection.
    private func startHeadClock() {
        guard flags.contains(.idle) else { return }
        flags.remove(.idle)
        deadline = core.now + core.limits.headerTimeout.milliseconds
    }

    private func begin(_ parsed: RequestParser.Head) throws(RequestParser.Refusal) {
        core.statistics.requests += 1
        flags.remove(.idle)
        let head = RequestHead(
            method: parsed.method, path: parsed.target.path, query: parsed.target.query, peerAddress: peerAddress,
            listenerLabel: listenerLabel, isTLS: acceptor?.vhost.tls != nil, headers: parsed.headers,
            isVersion11: parsed.isVersion11)
        let exchange = HTTPExchange(
            number: core.statistics.requests, head: head, contentLength: parsed.contentLength)
        self.exchange = exchange
        // libwebsockets gives a TLS connection a time of its own after the handshake.
        if head.isTLS, let wsi { lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0) }
        switch Handshake.request(in: head) {
        case .refused(let status, let reason): throw .init(status: status, reason: reason)
        case .upgrade(let key):
            guard parsed.contentLength == 0 else { throw .malformed("a body in an upgrade") }
            upgrade(exchange, key: key)
        case .none: try beginBody(exchange)
        }
    }

    private func beginBody(_ exchange: HTTPExchange) throws(RequestParser.Refusal) {
        guard let delegate = core.delegate else { return doom() }
        // A client of before HTTP/1.1 waits for no interim answer and would take it for the answer (RFC 9110, 10.1.1).
        let expectation = exchange.head.isVersion11 ? exchange.head.header("expect") : nil
        guard expectation.map({ $0.matchesField("100-continue") }) ?? true else {
            throw .init(status: 417, reason: "expectation is not known")
        }
        guard exchange.contentLength > 0 else { return dispatch(exchange) }
        guard exchange.contentLength <= delegate.bodyLimit(for: exchange.head) else {
            throw .init(status: 413, reason: "body is too large")
        }
        exchange.receiver = delegate.bodyReceiver(for: exchange.head, with: responder(for: exchange))
        if expectation != nil { enqueue(Chunk(framed: Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))) }
        phase = .body
        deadline = core.now + core.limits.bodyTimeout.milliseconds
    }

    func consumeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let exchange else { return bytes.count }
        if let receiver = exchange.receiver { return consume(bytes, for: receiver, of: exchange) }
        let before = exchange.body.count
        let count = min(bytes.count, exchange.contentLength - before)
        exchange.body.append(contentsOf: bytes[..<count])
        if exchange.body.count / Self.bodyStep > before / Self.bodyStep {
            deadline = core.now + core.limits.bodyTimeout.milliseconds
        }
        if exchange.body.count == exchange.contentLength { dispatch(exchange) }
        return count
    }

    private func dispatch(_ exchange: HTTPExchange) {
        awaitAnswer()
        let request = HTTPRequest(head: exchange.head, body: exchange.body)
        exchange.body = []
        core.delegate?.respond(to: request, with: responder(for: exchange))
    }

    func awaitAnswer() {
        phase = .responding
        deadline = core.now + Self.responseTime
    }

    private func responder(for exchange: HTTPExchange) -> HTTPResponder {
        HTTPResponder(connection: self, requestNumber: exchange.number, head: exchange.head)
    }

    /// Further requests wait in the stash; more of them than fit there is abuse.
    func refusePipelining(_ count: Int) -> Int {
        guard count > Self.pipelineBytes else { return 0 }
        doom()
        return count
    }

    // MARK: Answers

    func isAwaitingResponse(to number: Int) -> Bool {
        phase == .responding && exchange?.number == number
    }

    func answer(_ head: RequestHead, with response: HTTPResponse, closing: Bool) {
        let isLast = closing || (exchange?.isLast ?? true)
        enqueue(response, isHead: head.method == "HEAD", isVersion11: head.isVersion11, keepAlive: !isLast)
        endAnswer(isLast: isLast)
    }

    /// The answer is on its way: the next request may come, or none.
    func endAnswer(isLast: Bool) {
        guard !isLast else { return finishAnswer() }
        exchange = nil
        phase = .head
        flags.insert(.idle)
        deadline = core.now + core.limits.keepAliveTimeout.milliseconds
        if !flags.contains(.consuming), !stash.isEmpty { consumeStash() }
    }

    func enqueue(_ response: HTTPResponse, isHead: Bool, isVersion11: Bool, keepAlive: Bool) {
        let date = core.dateCache.current()
        do {
            var bytes = try ResponseEncoder.head(response, date: date, keepAlive: keepAlive, isVersion11: isVersion11)
            let hasBody = !isHead && response.status != 204 && response.status != 304
            if hasBody, case .bytes(let body) = response.body { bytes += body }
            enqueue(Chunk(framed: bytes))
            if hasBody, case .shared(let chunk) = response.body, chunk.byteCount > 0 { enqueue(chunk) }
        } catch {
            LWSLog.write("an answer was not sent: its header \(error.name.debugDescription) could split it")
            enqueue(HTTPResponse(status: 500), isHead: isHead, isVersion11: isVersion11, keepAlive: keepAlive)
        }
    }

    /// Lets the last answer be written.
    private func finishAnswer() {
        finish()
        exchange = nil
    }

    /// Answers a request that breaks the rules and ends the connection.
    private func refuse(_ status: Int, _ reason: String, dropping count: Int) -> Int {
        core.statistics.badRequests += 1
        var response = core.delegate?.answer(status: status, reason: reason) ?? .text(status, reason + "\n")
        if status == 426 { response.headers += [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")] }
        enqueue(response, isHead: exchange?.head.method == "HEAD", isVersion11: true, keepAlive: false)
        finishAnswer()
        return count
    }

    // MARK: Upgrade

    private func upgrade(_ exchange: HTTPExchange, key: String) {
        guard let delegate = core.delegate else { return doom() }
        switch delegate.shouldUpgrade(exchange.head) {
        case .refuse(let response):
            phase = .responding
            answer(exchange.head, with: response, closing: true)
        case .accept(let subprotocol):
            let isOffered = subprotocol.map { exchange.head.headerList("sec-websocket-protocol").contains($0) } ?? true
            precondition(isOffered, "a subprotocol that the client did not offer was accepted")
            enqueue(Chunk(framed: Handshake.answer(key: key, subprotocol: subprotocol)))
            self.exchange = nil
            openWebSocket()
            delegate.opened(self, head: exchange.head)
        }
    }
}
