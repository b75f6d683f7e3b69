import Community
import LyceumProtocol
import Transport

/// One HTTP route that is a command under another name.
struct HTTPRoute: Sendable {
    let method: String
    /// Segments; one in braces gives the command's field of that name, a whole number but for ``secretSegment``.
    let path: [String]
    let command: String
    var successStatus = 200
    /// Query parameters that become the command's fields, whole numbers all.
    var query: [String] = []

    /// The one that takes any text: who knows it, may.
    static let secretSegment = "{secret}"

    init(_ method: String, _ path: String, _ command: String, successStatus: Int = 200, query: [String] = []) {
        self.method = method
        self.path = path.split(separator: "/").map(String.init)
        self.command = command
        self.successStatus = successStatus
        self.query = query
    }
}

/// Finds what answers a request.
struct HTTPRouter {
    static let routes: [HTTPRoute] = [
        HTTPRoute("POST", "/v1/accounts", "account.register", successStatus: 201),
        HTTPRoute("POST", "/v1/sessions", "session.open", successStatus: 201),
        HTTPRoute("GET", "/v1/sessions", "session.list"),
        HTTPRoute("DELETE", "/v1/sessions/current", "session.close"),
        HTTPRoute("DELETE", "/v1/sessions/{session}", "session.revoke"),
        HTTPRoute("POST", "/v1/tickets", "session.ticket", successStatus: 201),
        HTTPRoute("POST", "/v1/moderate", "moderation.judge"),
        HTTPRoute("POST", "/v1/bots", "bot.create", successStatus: 201),
        HTTPRoute("POST", "/v1/hooks/{secret}", "webhook.post"),
        HTTPRoute("GET", "/v1/rooms/{room}/events", "history.get", query: ["after", "before", "limit"]),
    ]

    let hub: Hub

    func route(_ request: HTTPRequest, _ responder: HTTPResponder) {
        let head = request.head
        hub.server.metrics.requests.increment()
        if head.listenerLabel == Daemon.metricsListener {
            return OperatorPages(server: hub.server).answerMetrics(head, responder)
        }
        guard !UpgradePolicy.carriesSecret(head.query) else {
            return responder.send(Problem(Refusal(.malformed, "Tokens are never accepted in a URL.")).response)
        }
        if FileRoutes(hub: hub).answer(request, responder) { return }
        let segments = head.path.split(separator: "/").map(String.init)
        let candidates = Self.routes.filter { Self.matches($0.path, segments) }
        let method = head.method == "HEAD" ? "GET" : head.method
        if let route = candidates.first(where: { $0.method == method }) {
            return perform(route, segments, request, responder)
        }
        guard candidates.isEmpty else {
            return responder.send(.methodNotAllowed(taking: candidates.map(\.method)))
        }
        OperatorPages(server: hub.server).answer(head, responder)
    }

    private static func matches(_ path: [String], _ segments: [String]) -> Bool {
        path.count == segments.count
            && zip(path, segments).allSatisfy { name, segment in
                name == segment || name == HTTPRoute.secretSegment || name.hasPrefix("{") && Int64(segment) != nil
            }
    }

    private func perform(_ route: HTTPRoute, _ segments: [String], _ request: HTTPRequest, _ responder: HTTPResponder) {
        do {
            let body = try self.body(route, segments, request)
            let actor = try admittedActor(request.head)
            var exchange = HTTPExchange(responder: responder, successStatus: route.successStatus)
            exchange.cookie = try SessionCookie.effect(of: route, body, request.head)
            let address = hub.wait(for: exchange)
            do {
                try body.withUnsafeBytes { bytes in
                    let fields = CommandFields(json: try JSONObject(parsing: bytes))
                    try hub.dispatch(route.command, fields, actor, address, nil, byteCount: bytes.count)
                }
            } catch {
                hub.reply(.refused(Refusal(error)), to: address)
            }
        } catch {
            responder.send((error as? Problem ?? Problem(Refusal(error))).response)
        }
    }

    /// The command's fields as JSON: the request's body, or what its path and query say.
    private func body(_ route: HTTPRoute, _ segments: [String], _ request: HTTPRequest) throws -> [UInt8] {
        if route.method == "POST", !request.body.isEmpty {
            // A form that another site's page sends cannot have this type, so the browser asks us first and is refused.
            let type = (request.head.header("content-type") ?? "").prefix { $0 != ";" }
            guard type.lowercased() == "application/json" else {
                throw Problem(Refusal(.malformed, "Send application/json."), status: 415)
            }
            guard String(validating: request.body, as: UTF8.self) != nil else {
                throw Refusal(.malformed, "The body is not UTF-8.")
            }
            return try adding(secretOf: route, segments, to: request.body)
        }
        var json = JSONWriter()
        try json.object { json in
            for (name, value) in zip(route.path, segments) where name.hasPrefix("{") {
                json.name(dynamic: String(name.dropFirst().dropLast()))
                json.value(Int64(value) ?? 0)
            }
            for pair in (request.head.query ?? "").split(separator: "&") {
                let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
                guard sides.count == 2, route.query.contains(sides[0]) else { continue }
                guard let value = Int64(sides[1]) else { throw JSONError.field(sides[0], "a whole number") }
                json.name(dynamic: sides[0])
                json.value(value)
            }
        }
        return json.bytes
    }

    /// Who asks, unless they ask too often.
    func admittedActor(_ head: RequestHead) throws(Refusal) -> Actor {
        let actor = try actor(head)
        guard hub.server.httpLimiter.withLock({ $0.admit(actor.address, at: hub.server.now()) }) else {
            throw Refusal(.rateLimited, "Too many requests; slow down.", retryAfterMilliseconds: 1000)
        }
        return actor
    }

    /// The body with the path's secret as its last field, which the JSON reader takes before one of that name in it.
    private func adding(
        secretOf route: HTTPRoute, _ segments: [String], to body: [UInt8]
    ) throws -> [UInt8] {
        guard let secret = zip(route.path, segments).first(where: { $0.0 == HTTPRoute.secretSegment })?.1 else {
            return body
        }
        let isEmpty = try body.withUnsafeBytes { try JSONObject(parsing: $0).keys.isEmpty }
        guard let end = body.lastIndex(of: UInt8(ascii: "}")) else { throw JSONError.notAnObject }
        let field = object { $0.field("secret", secret) }.dropFirst()
        return body[..<end] + (isEmpty ? [] : [UInt8(ascii: ",")]) + field
    }

    private func actor(_ head: RequestHead) throws(Refusal) -> Actor {
        let address = ClientAddress.of(head, trusting: hub.server.settings.trustedProxies)
        guard let authorization = head.header("authorization") else {
            guard let session = try SessionCookie.session(head, hub.server) else { return Actor(address: address) }
            return Actor(member: session.member, session: session.id, address: address)
        }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 100,
            let session = hub.server.session(forToken: String(parts[1]))
        else { throw Refusal(.unauthenticated, "This token opens no session.") }
        return Actor(member: session.member, session: session.id, address: address)
    }
}
