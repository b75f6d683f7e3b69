import Community
import LyceumProtocol
import Transport

/// One `GET /v1/files/{id}` on its event loop: asks the gate, then gives the file piece by piece as the peer reads it.
final class FileDownload: BodySource {
    private static let pieceBytes = 131_072

    private let hub: Hub
    private let key: UInt64
    private let responder: HTTPResponder
    private let head: RequestHead
    private var file: (any StoredFile)?
    private var byteCount = 0
    private var offset = 0

    init(_ head: RequestHead, key: UInt64, responder: HTTPResponder, hub: Hub) {
        self.hub = hub
        self.key = key
        self.responder = responder
        self.head = head
    }

    func begin(_ id: String, for member: MemberID) {
        let (server, loop, key) = (hub.server, hub.index, key)
        do {
            try server.readPool.submit {
                let outcome = server.outcome { () throws -> Opened in
                    let record = try server.visibleFile(id, to: member)
                    return Opened(record: record, file: try server.files.openFile(id))
                }
                server.onHub(loop) { $0.downloads[key]?.opened(outcome) }
            }
        } catch {
            opened(.failure(error))
        }
    }

    struct Opened: Sendable {
        let record: FileRecord
        let file: any StoredFile
    }

    private func opened(_ outcome: Result<Opened, Refusal>) {
        switch outcome {
        case .failure(let refusal):
            responder.send(Problem(refusal).response)
            ended()
        case .success(let opened):
            let response = FileResponse(opened.record)
            guard !response.isKnown(to: head) else {
                responder.send(response.notModified)
                return ended()
            }
            file = opened.file
            byteCount = Int(opened.record.byteCount)
            responder.send(response.whole, from: self)
        }
    }

    func wantsPiece() {
        guard let file else { return }
        let (server, loop, key, offset) = (hub.server, hub.index, key, offset)
        let count = min(Self.pieceBytes, byteCount - offset)
        do {
            try server.filePool.submit {
                let outcome = server.outcome { try file.read(at: offset, count: count) }
                server.onHub(loop) { $0.downloads[key]?.read(outcome, count: count) }
            }
        } catch {
            read(.failure(error), count: count)
        }
    }

    private func read(_ outcome: Result<[UInt8], Refusal>, count: Int) {
        guard case .success(let piece) = outcome, piece.count == count else {
            responder.abort()
            return ended()
        }
        offset += count
        responder.push(piece)
    }

    func ended() { hub.downloads[key] = nil }
}

/// How a file is answered: nothing of it can run, be framed, or pass for something else.
struct FileResponse {
    private let file: FileRecord

    init(_ file: FileRecord) { self.file = file }

    /// Content never changes under an id, so the id tells it.
    private var tag: String { "\"\(file.id)\"" }

    /// Whether the peer has it already; it may still see it, or this would not be asked.
    func isKnown(to head: RequestHead) -> Bool { head.headerList("if-none-match").contains(tag) }

    var notModified: HTTPResponse { HTTPResponse(status: 304, headers: headers) }
    var whole: HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: headers + [
                ("content-type", type), ("content-disposition", disposition), ("accept-ranges", "none"),
            ], body: .later(Int(file.byteCount)))
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
