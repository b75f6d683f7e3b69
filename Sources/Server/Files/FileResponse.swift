import Community
import Transport

/// How a file is answered: nothing of it can run, be framed, or pass for something else.
struct FileResponse {
    private let file: FileRecord

    init(_ file: FileRecord) { self.file = file }

    /// Content never changes under an id, so the id tells it.
    private var tag: String { "\"\(file.id)\"" }

    /// Whether the peer has it already; it may still see it, or this would not be asked.
    func isKnown(to head: RequestHead) -> Bool { head.headerList("if-none-match").contains(tag) }

    var notModified: HTTPResponse { HTTPResponse(status: 304, headers: headers) }
    var byteCount: Int { Int(file.byteCount) }

    func range(askedBy head: RequestHead) -> ByteRange { ByteRange(of: head, byteCount: byteCount, tag: tag) }

    var whole: HTTPResponse {
        HTTPResponse(status: 200, headers: headers + contentHeaders, body: .later(byteCount))
    }

    func part(_ range: Range<Int>) -> HTTPResponse {
        let place = ("content-range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(byteCount)")
        return HTTPResponse(status: 206, headers: headers + contentHeaders + [place], body: .later(range.count))
    }

    var unsatisfiable: HTTPResponse {
        HTTPResponse(status: 416, headers: headers + [("content-range", "bytes */\(byteCount)")])
    }

    private var contentHeaders: [(name: String, value: String)] {
        [("content-type", type), ("content-disposition", disposition), ("accept-ranges", "bytes")]
    }

    private var isInline: Bool { FileType.inlineTypes.contains(file.type) }
    private var type: String { file.type == "text/plain" ? "text/plain; charset=utf-8" : file.type }
    private var disposition: String {
        "\(isInline ? "inline" : "attachment"); \(FileName.disposition(file.name))"
    }

    /// A browser may keep it, but asks the gate each time before it shows it again.
    private var headers: [(name: String, value: String)] {
        [
            ("cache-control", "private, no-cache"), ("etag", tag), ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"), ("x-frame-options", "DENY"),
            ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
            ("cross-origin-resource-policy", "same-origin"),
        ]
    }
}
