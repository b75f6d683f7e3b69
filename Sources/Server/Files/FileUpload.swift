import Community
import LyceumProtocol
import Transport

/// One `POST /v1/files` on its event loop: hands pieces to a worker, and holds the peer back while the disk is slower.
///
/// A file that is refused is still read to its end, unseen: browsers show the reason only if their request was taken
/// whole.
final class FileUpload: BodyReceiver {
    /// Bytes that are written at a time, and bytes that may wait while they are.
    private static let pieceBytes = 65_536
    private static let waitingBytes = 262_144

    /// Who uploads, and what it is to be.
    struct Plan {
        let actor: Actor
        let member: MemberID
        let room: RoomID
        let name: String
        let byteCount: Int
    }

    private let hub: Hub
    private let key: UInt64
    private let responder: HTTPResponder
    private let plan: Plan?
    private let desk: UploadDesk
    private var refusal: Refusal?
    private var waiting: [UInt8] = []
    private var isBusy = false
    private var isWhole = false
    private var isGone = false
    private var holdsPlace = false

    init(_ plan: Result<Plan, Refusal>, key: UInt64, responder: HTTPResponder, hub: Hub) {
        self.hub = hub
        self.key = key
        self.responder = responder
        desk = UploadDesk(hub.server)
        switch plan {
        case .success(let plan): self.plan = plan
        case .failure(let refusal):
            self.plan = nil
            self.refusal = refusal
        }
    }

    func begin() {
        guard let plan else { return }
        let taken = hub.server.uploadPlaces.withLock { $0.take(for: plan.member) }
        guard taken else {
            refusal = Refusal(
                .rateLimited, "Too many files at once; wait for one to end.", retryAfterMilliseconds: 1000)
            return
        }
        holdsPlace = true
        work { try $0.begin(for: plan.member, byteCount: plan.byteCount) }
    }

    // MARK: From the peer

    var isFull: Bool { refusal == nil && waiting.count >= Self.waitingBytes }

    func received(_ bytes: UnsafeRawBufferPointer) {
        guard refusal == nil else { return }
        waiting.append(contentsOf: bytes)
        proceed()
    }

    func finished() {
        isWhole = true
        proceed()
    }

    func aborted() {
        isGone = true
        proceed()
    }

    // MARK: To the disk

    private func proceed() {
        guard !isBusy else { return }
        if isGone { return end() }
        if let refusal {
            waiting = []
            responder.resumeBody()
            guard isWhole else { return }
            hub.reply(.refused(refusal), to: hub.wait(for: exchange))
            return end()
        }
        if !waiting.isEmpty, isWhole || waiting.count >= Self.pieceBytes {
            let piece = waiting
            waiting = []
            work { try $0.take(piece) }
            responder.resumeBody()
        } else if isWhole {
            finish()
        }
    }

    private var exchange: HTTPExchange { HTTPExchange(responder: responder, successStatus: 201) }

    private func work(_ job: @escaping @Sendable (UploadDesk) throws -> Void) {
        isBusy = true
        let (server, desk, loop, key) = (hub.server, desk, hub.index, key)
        do {
            try server.filePool.submit {
                let outcome = server.outcome { try job(desk) }
                server.onHub(loop) { $0.uploads[key]?.worked(outcome) }
            }
        } catch {
            worked(.failure(error))
        }
    }

    private func worked(_ outcome: Result<Void, Refusal>) {
        isBusy = false
        if case .failure(let refusal) = outcome { self.refusal = refusal }
        proceed()
    }

    private func finish() {
        guard let plan else { return }
        isBusy = true
        let (server, desk, loop, key) = (hub.server, desk, hub.index, key)
        let job = { @Sendable in
            let outcome = server.outcome { try desk.finish(as: plan.name, of: plan.member, in: plan.room) }
            server.onHub(loop) { $0.uploads[key]?.stored(outcome) }
        }
        do {
            try server.filePool.submit(job)
        } catch {
            worked(.failure(error))
        }
    }

    private func stored(_ outcome: Result<FileRecord, Refusal>) {
        isBusy = false
        guard let plan, case .success(let file) = outcome else {
            if case .failure(let refusal) = outcome { self.refusal = refusal }
            return proceed()
        }
        let (server, address) = (hub.server, hub.wait(for: exchange))
        do {
            try server.submit(
                Submission(
                    AddFile(file: file), needs: .within(.post), as: plan.actor, reply: address, through: server
                ) { outcome in
                    if case .refused = outcome { server.removeFiles([file.id]) }
                })
        } catch {
            server.removeFiles([file.id])
            hub.reply(.refused(error), to: address)
        }
        end()
    }

    private func end() {
        let desk = desk
        // A full queue leaves it to the last reference.
        try? hub.server.filePool.submit { desk.discard() }
        if holdsPlace, let plan { hub.server.uploadPlaces.withLock { $0.give(back: plan.member) } }
        holdsPlace = false
        hub.uploads[key] = nil
    }
}
