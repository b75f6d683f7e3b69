import LyceumProtocol
import Transport

/// What is served besides commands: health, readiness, metrics, the published contract and the web client.
struct OperatorPages {
    static let paths = ["/", "/healthz", "/readyz", "/v1/asyncapi.json", "/v1/openapi.json"]

    let server: ServerState

    func answer(_ head: RequestHead, _ responder: HTTPResponder) {
        guard head.method == "GET" || head.method == "HEAD" else {
            return responder.send(Problem(Refusal.notFound).response)
        }
        switch head.path {
        case "/healthz": responder.send(.text(200, "alive\n", headers: HTTPHeaders.common))
        case "/readyz": responder.send(readiness)
        case "/v1/asyncapi.json": responder.send(json(AsyncAPIDocument.bytes))
        case "/v1/openapi.json": responder.send(json(OpenAPIDocument.bytes))
        default: responder.send(StaticAssets.shared.response(to: head) ?? Problem(Refusal.notFound).response)
        }
    }

    func answerMetrics(_ head: RequestHead, _ responder: HTTPResponder) {
        guard head.path == "/metrics" else { return responder.send(Problem(Refusal.notFound).response) }
        responder.send(
            HTTPResponse(
                status: 200,
                headers: [("content-type", "application/openmetrics-text; version=1.0.0; charset=utf-8")],
                body: .bytes(Array(server.metrics.exposition(server).utf8))))
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
