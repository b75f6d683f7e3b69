import Glibc

/// Writes the heads of HTTP answers.
enum ResponseEncoder {
    /// A field that cannot be sent.
    struct BadHeader: Error, Equatable {
        let name: String
    }

    /// The head of `response`.
    ///
    /// - Throws: ``BadHeader`` for a name that is not a token or a value with a control character.
    static func head(
        _ response: HTTPResponse, date: String, keepAlive: Bool, isVersion11: Bool
    ) throws(BadHeader) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        append("HTTP/1.1 \(response.status) \(reason(response.status))\r\n", to: &bytes)
        for (name, value) in response.headers {
            guard !name.isEmpty, name.utf8.allSatisfy(RequestParser.isTokenByte),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 })
            else { throw BadHeader(name: name) }
            append("\(name): \(value)\r\n", to: &bytes)
        }
        append("Date: \(date)\r\n", to: &bytes)
        // An answer without content has no length either (RFC 9110 section 8.6).
        if response.status != 204, response.status != 304, response.status >= 200 {
            append("Content-Length: \(response.body.byteCount)\r\n", to: &bytes)
        }
        if !keepAlive {
            append("Connection: close\r\n", to: &bytes)
        } else if !isVersion11 {
            append("Connection: keep-alive\r\n", to: &bytes)
        }
        append("\r\n", to: &bytes)
        return bytes
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: text.utf8)
    }

    /// The phrase beside a status code; clients ignore it, people do not.
    static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 206: "Partial Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 507: "Insufficient Storage"
        default: "Status"
        }
    }
}

/// The `Date` of answers, formatted at most once a tick.
struct DateCache {
    var isStale = true
    private var text = ""

    /// The present as RFC 9110 section 5.6.7 writes it.
    mutating func current() -> String {
        guard isStale else { return text }
        isStale = false
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        text = Self.format(parts)
        return text
    }

    /// Not `strftime`, whose names of days and months depend on the locale.
    private static func format(_ parts: tm) -> String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return """
            \(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(1900 + parts.tm_year) \
            \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT
            """
    }
}
