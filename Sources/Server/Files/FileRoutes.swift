import Community
import LyceumProtocol
import Transport

/// The routes of files, whose bodies are no commands.
///
/// `POST /v1/files` takes the bare bytes, with `lyceum-room` (the room's id) and `lyceum-file-name` (percent-encoded
/// UTF-8) as header fields: no page of another site can send those without being asked first. The type is told by the
/// content. `GET /v1/files/{id}` gives it to whoever may see the message that it hangs on.
struct FileRoutes {
    static let path = "/v1/files"

    let hub: Hub

    /// Longer bodies than a file may be are read to their end and refused with a reason, up to this many times.
    private static let patience = 2

    static func bodyLimit(for head: RequestHead, _ settings: Settings) -> Int {
        isUpload(head) ? settings.files.bytes * patience : settings.limits.frameBytes
    }

    static func isUpload(_ head: RequestHead) -> Bool {
        head.method == "POST" && head.path == path && head.listenerLabel == Daemon.mainListener
    }

    func receiver(for head: RequestHead, with responder: HTTPResponder) -> FileUpload {
        hub.server.metrics.requests.increment()
        let key = hub.makeTransferKey()
        let upload = FileUpload(
            Result { () throws(Refusal) in try plan(head) }, key: key, responder: responder, hub: hub)
        hub.uploads[key] = upload
        upload.begin()
        return upload
    }

    private func plan(_ head: RequestHead) throws(Refusal) -> FileUpload.Plan {
        let actor = try HTTPRouter(hub: hub).admittedActor(head)
        guard let member = actor.member else { throw Refusal(.unauthenticated, "Sign in first.") }
        guard let room = head.header("lyceum-room").flatMap({ Int64($0) }).map({ RoomID($0) }) else {
            throw Refusal(.malformed, "Header lyceum-room must be a room's id.")
        }
        guard let name = FileName.clean(head.header("lyceum-file-name") ?? "") else {
            throw Refusal(.malformed, "Header lyceum-file-name must be percent-encoded UTF-8.")
        }
        guard let count = head.header("content-length").flatMap({ Int($0) }), count <= hub.server.settings.files.bytes
        else { throw Refusal(.tooLarge, "A file may have \(hub.server.settings.files.bytes / 1_000_000) MB.") }
        try hub.server.committed.withLock { community throws(Refusal) in
            try Gate.admit(.within(.post), for: member, in: room, of: community, at: hub.server.now())
        }
        return FileUpload.Plan(actor: actor, member: member, room: room, name: name, byteCount: count)
    }

    /// - Returns: False if the path is not one of files.
    func answer(_ request: HTTPRequest, _ responder: HTTPResponder) -> Bool {
        let segments = request.head.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard segments.prefix(2).elementsEqual(["v1", "files"]), segments.count <= 3 else { return false }
        let isOne = segments.count == 3
        let allowed = isOne ? ["GET", "HEAD"] : ["POST"]
        guard allowed.contains(request.head.method) else {
            responder.send(.methodNotAllowed(taking: allowed))
            return true
        }
        guard isOne, let id = segments.last else {
            // A body that is not empty has gone to its receiver.
            responder.send(Problem(Refusal(.malformed, "A file has content.")).response)
            return true
        }
        give(String(id), request.head, responder)
        return true
    }

    private func give(_ id: String, _ head: RequestHead, _ responder: HTTPResponder) {
        do {
            let actor = try HTTPRouter(hub: hub).admittedActor(head)
            guard let member = actor.member else { throw Refusal(.unauthenticated, "Sign in first.") }
            let key = hub.makeTransferKey()
            let download = FileDownload(head, key: key, responder: responder, hub: hub)
            hub.downloads[key] = download
            download.begin(id, for: member)
        } catch {
            responder.send(Problem(Refusal(error)).response)
        }
    }
}
