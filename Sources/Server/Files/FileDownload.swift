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
    /// What has not been read yet of what was asked for.
    private var rest = 0..<0

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
            give(response)
        }
    }

    private func give(_ response: FileResponse) {
        switch response.range(askedBy: head) {
        case .whole:
            rest = 0..<response.byteCount
            responder.send(response.whole, from: self)
        case .part(let range):
            rest = range
            responder.send(response.part(range), from: self)
        case .unsatisfiable:
            responder.send(response.unsatisfiable)
            ended()
        }
    }

    func wantsPiece() {
        guard let file else { return }
        let (server, loop, key, offset) = (hub.server, hub.index, key, rest.lowerBound)
        let count = min(Self.pieceBytes, rest.count)
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
        rest = (rest.lowerBound + count)..<rest.upperBound
        responder.push(piece)
    }

    func ended() { hub.downloads[key] = nil }
}
