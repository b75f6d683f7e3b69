import Community
import LyceumProtocol
import Synchronization
import Transport

/// What one event loop serves: its connections, who is signed in on them, and which rooms they follow.
///
/// Lives on its loop. It applies what commits tell in commit order, memberships included, so a connection gets exactly
/// the events between its member's joining and leaving.
final class Hub: LoopDelegate {
    /// Most bytes that wait for one opening session.
    static let heldLimit = 1 << 20
    /// Rooms with more members pass on neither typing nor single presences: the traffic would grow with the square.
    static let chattyRoomLimit = 200

    /// Bytes up to which an answer is always sent; what tells of a change is smaller.
    private static let smallAnswer = 16_384

    /// How long a connection may stay that nobody signs in on.
    private static let signInMilliseconds: UnixMilliseconds = 120_000

    let server: ServerState
    let index: Int
    /// By ``Connection/id``.
    private(set) var clients: [UInt64: Client] = [:]
    /// Those that follow the review stream.
    var reviewers: [Client] = []
    private var clientsByMember: [MemberID: [Client]] = [:]
    private var subscribers: [RoomID: [Client]] = [:]
    /// Newest `seq` and when this loop learned of it, by room.
    private var heads: [RoomID: (seq: SequenceNumber, at: UnixMilliseconds)] = [:]
    /// HTTP requests that wait for their answer.
    private var waiting: [UInt64: HTTPExchange] = [:]
    private var nextExchange: UInt64 = 0
    /// Files on their way in and out.
    var uploads: [UInt64: FileUpload] = [:]
    var downloads: [UInt64: FileDownload] = [:]
    private var lastSweep: UnixMilliseconds = 0

    init(server: ServerState, index: Int) {
        self.server = server
        self.index = index
    }

    // MARK: WebSocket

    func shouldUpgrade(_ head: RequestHead) -> UpgradeDecision { UpgradePolicy(server: server).decide(head) }

    func opened(_ connection: Connection, head: RequestHead) {
        let limits = server.settings.limits
        let now = server.now()
        let client = Client(
            connection: connection, address: ClientAddress.of(head, trusting: server.settings.trustedProxies),
            bucket: TokenBucket(
                capacity: Double(limits.commandsPerMinute), perSecond: Double(limits.commandsPerMinute) / 60, at: now),
            now: now)
        connection.context = client
        clients[connection.id] = client
        connection.send(server.helloChunk)
        if server.isDraining.load(ordering: .relaxed) {
            connection.close(code: CloseCode.goingAway.rawValue, reason: "the server is going away")
        }
    }

    func received(_ connection: Connection, text: UnsafeRawBufferPointer) {
        guard let client = connection.context as? Client else { return }
        dispatch(frame: text, from: client)
    }

    func receivedBinary(_ connection: Connection) {
        connection.close(code: CloseCode.protocolViolation.rawValue, reason: "frames are JSON text")
    }

    func closed(_ connection: Connection) {
        guard let client = clients.removeValue(forKey: connection.id) else { return }
        connection.context = nil
        signOut(client)
    }

    // MARK: HTTP

    func bodyLimit(for head: RequestHead) -> Int { FileRoutes.bodyLimit(for: head, server.settings) }

    func bodyReceiver(for head: RequestHead, with responder: HTTPResponder) -> (any BodyReceiver)? {
        FileRoutes.isUpload(head) ? FileRoutes(hub: self).receiver(for: head, with: responder) : nil
    }

    func respond(to request: HTTPRequest, with responder: HTTPResponder) {
        HTTPRouter(hub: self).route(request, responder)
    }

    func answer(status: Int, reason: String) -> HTTPResponse {
        let code: ErrorCode = status == 413 || status == 431 ? .tooLarge : .malformed
        return Problem(Refusal(code, "Not a request that is taken here: \(reason)."), status: status).response
    }

    /// Keeps a request until its answer comes, and returns the key that the answer is addressed to.
    func wait(for exchange: HTTPExchange) -> ReplyAddress {
        nextExchange += 1
        waiting[nextExchange] = exchange
        return ReplyAddress(loop: index, key: nextExchange | Self.exchangeBit, id: nil)
    }

    /// A key for a file on its way, never given twice.
    func makeTransferKey() -> UInt64 {
        nextExchange += 1
        return nextExchange
    }

    /// Keys of waiting requests have it; connection ids, which count from 1, never do.
    private static let exchangeBit: UInt64 = 1 << 63

    // MARK: Delivery

    func deliver(_ steps: [Delivery.Step]) {
        let now = server.now()
        for step in steps {
            switch step {
            case .events(let room, let chunk, _, let last):
                heads[room] = (last, now)
                for client in subscribers[room] ?? [] { client.deliver(chunk, of: room, last: last) }
            case .joined(let member, let room):
                for client in clientsByMember[member] ?? [] where !client.isAppealing { subscribe(client, to: room) }
            case .left(let member, let room):
                for client in clientsByMember[member] ?? [] { unsubscribe(client, from: room) }
            case .me(let member, let chunk, let seq):
                for client in clientsByMember[member] ?? [] { client.deliverMe(chunk, last: seq) }
            case .review(let event): deliver(event)
            case .reply(let address, let outcome):
                if address.loop == index { reply(outcome, to: address) }
            case .end(let sessions, let code): end(sessions, code)
            }
        }
    }

    /// Answers a command on its connection or its waiting request, if that is still there.
    func reply(_ outcome: Outcome, to address: ReplyAddress) {
        if address.key & Self.exchangeBit != 0 {
            waiting.removeValue(forKey: address.key & ~Self.exchangeBit)?.answer(outcome)
        } else {
            guard let client = clients[address.key] else { return }
            answer(client, outcome, address.id)
        }
    }

    /// Who asks for much at once is no slow reader yet: a large answer that does not fit beside what they have still to
    /// read is refused, to be asked for again.
    private func answer(_ client: Client, _ outcome: Outcome, _ id: Int64?) {
        let chunk = Reply.chunk(outcome, to: id, within: server.allowance(of: client))
        if chunk.byteCount <= Self.smallAnswer || client.connection.hasRoom(for: chunk.byteCount) {
            client.connection.send(chunk)
        } else {
            let refusal = Refusal(.rateLimited, "Read what you asked for, then ask again.", retryAfterMilliseconds: 500)
            client.connection.send(Reply.chunk(.refused(refusal), to: id, within: server.allowance(of: client)))
        }
    }

    /// Tells those in a room something ephemeral.
    func signal(_ body: [UInt8], in room: RoomID, except member: MemberID? = nil) {
        guard let clients = subscribers[room], !clients.isEmpty else { return }
        let chunk = Chunk.text(body)
        for client in clients where client.session?.member != member && client.hearsSignals { client.signal(chunk) }
    }

    /// Tells the connection that a command came on something ephemeral; whoever asked over HTTP hears nothing.
    func signal(_ body: [UInt8], to address: ReplyAddress) { clients[address.key]?.signal(.text(body)) }

    private func end(_ sessions: [Session], _ code: CloseCode) {
        for session in sessions {
            for client in clientsByMember[session.member] ?? [] where client.session?.id == session.id {
                signOut(client)
                client.connection.close(code: code.rawValue, reason: "the session has ended")
            }
        }
    }

    // MARK: Sessions

    /// Gives the connection to a session's member and has the answer prepared off the loop.
    ///
    /// - Parameter intents: What a bot wants to be told; `nil` leaves it to what it is set to.
    func signIn(
        _ session: Session, token: String?, resume: ResumeRequest, intents: BotIntents? = nil, _ call: LiveCall
    ) throws(Refusal) {
        let (server, address, loop) = (server, call.address, index)
        let isSocket = call.client != nil
        let bot = server.botSession(of: session.member, intents)
        if let client = call.client { begin(session, bot, on: client) }
        do {
            try server.readPool.submit {
                let answer = SignInAnswer.prepare(
                    session, token: token, resume: resume, replays: isSocket, bot: bot, server)
                server.onHub(loop) { $0.complete(answer, session, address) }
            }
        } catch {
            if let client = call.client { signOut(client) }
            throw error
        }
    }

    /// Goes on after a session has been made for a name and password.
    func finishSignIn(
        _ outcome: Outcome, token: String, resume: ResumeRequest, reply address: ReplyAddress, isSocket: Bool
    ) {
        if case .refused = outcome { return reply(outcome, to: address) }
        let client = isSocket ? clients[address.key] : nil
        guard let session = server.session(forToken: token), !isSocket || client != nil else {
            return reply(.refused(Refusal(.unauthenticated, "The session has ended.")), to: address)
        }
        let call = LiveCall(
            hub: self, actor: Actor(member: session.member, session: session.id, address: ""), address: address,
            client: client)
        if let client, client.session != nil {
            return reply(.refused(Refusal(.conflict, "This connection is signed in already.")), to: address)
        }
        do {
            try signIn(session, token: token, resume: resume, call)
        } catch {
            reply(.refused(error), to: address)
        }
    }

    private func begin(_ session: Session, _ bot: BotSession?, on client: Client) {
        client.beginOpening(session, bot)
        clientsByMember[session.member, default: []].append(client)
        client.isAppealing = server.isBanned(session.member)
        guard !client.isAppealing else { return }
        for room in server.committed.withLock({ $0.roomIDs(of: session.member) }) { subscribe(client, to: room) }
        server.presence.connected(session.member)
    }

    private func complete(_ answer: Result<SignInAnswer, Refusal>, _ session: Session, _ address: ReplyAddress) {
        switch answer {
        case .failure(let refusal):
            if let client = clients[address.key], client.session == session { signOut(client) }
            reply(.refused(refusal), to: address)
        case .success(let answer):
            reply(.done(answer.reply), to: address)
            guard let client = clients[address.key], client.session == session else { return }
            for chunk in answer.replays { client.connection.send(chunk) }
            client.opened(heads: answer.heads, me: answer.me)
        // Between the preparation and now the session may have been ended on disk; its end was delivered, or will be.
        }
    }

    private func signOut(_ client: Client) {
        guard let session = client.session else { return }
        for room in client.rooms { subscribers[room]?.removeAll { $0 === client } }
        for room in client.rooms where subscribers[room]?.isEmpty == true { subscribers[room] = nil }
        clientsByMember[session.member]?.removeAll { $0 === client }
        if clientsByMember[session.member]?.isEmpty == true { clientsByMember[session.member] = nil }
        reviewers.removeAll { $0 === client }
        if !client.isAppealing { server.presence.disconnected(session.member) }
        client.signedOut()
    }

    private func subscribe(_ client: Client, to room: RoomID) {
        if client.subscribe(to: room) { subscribers[room, default: []].append(client) }
    }

    private func unsubscribe(_ client: Client, from room: RoomID) {
        client.unsubscribe(from: room)
        subscribers[room]?.removeAll { $0 === client }
    }

    // MARK: Time

    func tick(now instant: ContinuousClock.Instant) {
        let now = server.now()
        guard abs(now - lastSweep) >= 1000 else { return }
        lastSweep = now
        for client in clients.values where abs(now - client.lastBeat) >= Hello.heartbeatMilliseconds {
            beat(client, now)
        }
        for client in clients.values where client.isAppealing { letIn(client) }
        for client in clients.values where client.session == nil && now - client.openedAt >= Self.signInMilliseconds {
            client.connection.close(code: CloseCode.idle.rawValue, reason: "nobody has signed in")
        }
        if index == 0 { server.everySecond(at: now) }
    }

    /// Has a client whose member is banned no longer come anew, to be told of its rooms.
    private func letIn(_ client: Client) {
        guard let member = client.session?.member, !server.isBanned(member) else { return }
        client.connection.close(code: CloseCode.goingAway.rawValue, reason: "you may come in again")
    }

    func turnEnded() {}

    /// A heartbeat tells the heads of the rooms that changed since the last one, so a client that lost the tail of a
    /// room learns of it.
    private func beat(_ client: Client, _ now: UnixMilliseconds) {
        let body = object { json in
            json.field("event", SignalKind.heartbeat.rawValue)
            json.field("at", now)
            json.field(
                "heads",
                object: { json in
                    for room in client.rooms {
                        guard let head = heads[room], head.at >= client.lastBeat else { continue }
                        json.name(dynamic: String(room.rawValue))
                        json.value(head.seq)
                    }
                })
        }
        client.lastBeat = now
        client.signal(.text(body))
    }
}
