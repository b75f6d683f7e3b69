import LyceumProtocol
import Transport

/// One request that waits for a command's outcome.
struct HTTPExchange {
    let responder: HTTPResponder
    let successStatus: Int
    var cookie = SessionCookie.Effect.none

    func answer(_ outcome: Outcome) {
        switch outcome {
        case .refused(let refusal): responder.send(Problem(refusal).response)
        case .done(let ok):
            let (header, body) = cookie.apply(to: ok)
            responder.send(
                HTTPResponse(
                    status: successStatus,
                    headers: HTTPHeaders.common + [("content-type", "application/json")] + header,
                    body: .bytes(body)))
        }
    }
}
