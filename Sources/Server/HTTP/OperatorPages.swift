import LyceumProtocol
import Transport

/// What is served besides commands: health, readiness, metrics, the published contract and the web client.
struct OperatorPages {
    static let paths = ["/", "/healthz", "/readyz", "/v1/asyncapi.json", "/v1/openapi.json"]

    let server: ServerState

    func answer(_ head: RequestHead, _ responder: HTTPResponder) {
        responder.send(answer(head, page(at: head)))
    }

    func answerMetrics(_ head: RequestHead, _ responder: HTTPResponder) {
        responder.send(answer(head, head.path == "/metrics" ? metrics : nil))
    }

    private func answer(_ head: RequestHead, _ page: HTTPResponse?) -> HTTPResponse {
        guard let page else { return Problem(Refusal.notFound).response }
        return head.method == "GET" || head.method == "HEAD" ? page : .methodNotAllowed(taking: ["GET"])
    }

    /// What a path answers whoever reads it; `nil` where nothing is.
    private func page(at head: RequestHead) -> HTTPResponse? {
        switch head.path {
        case "/healthz": .text(200, "alive\n", headers: HTTPHeaders.common)
        case "/readyz": readiness
        case "/v1/asyncapi.json": json(AsyncAPIDocument.bytes)
        case "/v1/openapi.json": json(OpenAPIDocument.bytes)
        case UpgradePolicy.path: upgradeRequired
        default: StaticAssets.shared.response(to: head)
        }
    }

    /// What the socket's path says to whoever opens no socket (RFC 9110 section 15.5.22).
    private var upgradeRequired: HTTPResponse {
        var response = Problem(Refusal(.malformed, "Here a WebSocket is opened."), status: 426).response
        response.headers += [("upgrade", "websocket"), ("connection", "upgrade"), ("sec-websocket-version", "13")]
        return response
    }

    private var metrics: HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [("content-type", "application/openmetrics-text; version=1.0.0; charset=utf-8")],
            body: .bytes(Array(server.metrics.exposition(server).utf8)))
    }

    /// 200 while members can read and write; otherwise 503 with the reasons.
    private var readiness: HTTPResponse {
        var reasons: [String] = []
        if server.isDraining.load(ordering: .relaxed) { reasons.append("going away") }
        if server.storageTrouble.withLock({ $0 }) != nil { reasons.append("storage: the last write failed") }
        let body = object { json in
            json.field("ready", reasons.isEmpty)
            json.field("reasons", array: reasons) { $0.value($1) }
        }
        return HTTPResponse(
            status: reasons.isEmpty ? 200 : 503,
            headers: HTTPHeaders.common + [("content-type", "application/json")], body: .bytes(body))
    }

    private func json(_ bytes: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: HTTPHeaders.common + [("content-type", "application/json")], body: .bytes(bytes))
    }
}
