import LyceumProtocol
import Transport

/// A refusal over HTTP: problem details by RFC 9457, with the socket's `code` beside them.
struct Problem: Error {
    let refusal: Refusal
    let status: Int

    init(_ refusal: Refusal, status: Int? = nil) {
        self.refusal = refusal
        self.status = status ?? refusal.code.httpStatus
    }

    var response: HTTPResponse {
        let body = object { json in
            json.field("type", "about:blank")
            json.field("title", refusal.code.rawValue)
            json.field("status", status)
            json.field("detail", refusal.message)
            json.field("code", refusal.code.rawValue)
            json.field("retryable", refusal.code.isRetryable)
            json.field("retry_after_ms", refusal.retryAfterMilliseconds)
            if let details = refusal.details { json.field("details", raw: details) }
        }
        var headers = HTTPHeaders.common + [("content-type", "application/problem+json")]
        if let wait = refusal.retryAfterMilliseconds { headers.append(("retry-after", String((wait + 999) / 1000))) }
        if status == 401 { headers.append(("www-authenticate", "Bearer")) }
        return HTTPResponse(status: status, headers: headers, body: .bytes(body))
    }
}

extension HTTPResponse {
    /// What a path answers to a method that it does not take.
    static func methodNotAllowed(taking methods: [String]) -> HTTPResponse {
        var response = Problem(Refusal(.malformed, "This path does not take this method."), status: 405).response
        // Whatever can be read answers as much of itself.
        let allowed = Set(methods).union(methods.contains("GET") ? ["HEAD"] : [])
        response.headers.append(("allow", allowed.sorted().joined(separator: ", ")))
        return response
    }
}

/// Headers that every answer carries: nothing may be framed, sniffed, cached by accident or run.
enum HTTPHeaders {
    static let common: [(name: String, value: String)] = [
        ("cache-control", "no-store"), ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"), ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
    ]
}
