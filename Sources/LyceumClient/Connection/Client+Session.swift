import LyceumProtocol

/// What a client does with what the server says.
extension Client {
    func received(_ text: JSONText) {
        lastHeard = .now
        if let id = text.integer("re") {
            answered(id, text)
        } else if let event = try? Event(text) {
            received(event)
        }
    }

    private func answered(_ id: Int64, _ text: JSONText) {
        if let ok = text.object("ok") {
            pending.finish(id, .success(ok))
        } else if let error = text.object("error") {
            pending.finish(id, .failure(ClientError.refused(Refusal(error))))
        } else {
            pending.finish(id, .failure(ClientError.unexpectedReply(text.description)))
        }
    }

    private func received(_ event: Event) {
        switch (event.name, event.stream) {
        case ("hello", _): greeted(event.json)
        case ("heartbeat", _): compareHeads(event.json)
        case (_, .room(let room)): receivedDurable(event, in: room)
        case (_, .me): receivedMe(event)
        default: deliver(event)
        }
    }

    private func greeted(_ hello: JSONText) {
        self.hello = hello
        if let beat = hello.integer("heartbeat_ms") { heartbeat = .milliseconds(beat) }
        phase = .open
        backoff.reset()
        if credentials != nil { openSession() }
        resumeArrivals()
        transmitWaiting()
    }

    // MARK: Signing in

    func openSession() {
        guard phase == .open, let credentials else { return }
        phase = .signingIn
        let (cursors, me) = (positions.cursors, positions.me)
        let generation = generation
        Task {
            let result: Result<SignIn, any Error>
            do {
                let reply = try await send("session.open") { json in
                    Self.write(credentials, cursors, me, to: &json)
                }
                result = .success(try SignIn(reply))
            } catch {
                result = .failure(error)
            }
            if generation == self.generation { signedIn(result) }
        }
    }

    private static func write(
        _ credentials: Credentials, _ cursors: [Cursor], _ me: StreamPositions.Position?, to json: inout JSONWriter
    ) {
        if let token = credentials.token {
            json.field("token", token)
        } else if let (name, password) = credentials.password {
            json.field("name", name)
            json.field("password", password)
        }
        guard let me else { return }
        json.name("resume")
        json.array([nil] + cursors) { json, cursor in
            json.object { json in
                if let cursor {
                    json.field("room", cursor.room.rawValue)
                    json.field("epoch", cursor.epoch)
                    json.field("seq", cursor.seq)
                } else {
                    json.field("stream", "me")
                    json.field("epoch", me.epoch)
                    json.field("seq", me.seq)
                }
            }
        }
    }

    private func signedIn(_ result: Result<SignIn, any Error>) {
        switch result {
        case .success(let signIn):
            self.signIn = signIn
            if let token = signIn.token { credentials?.token = token }
            phase = .signedIn
            queue?.append(.connected(signIn))
            takePositions(from: signIn)
            resumeArrivals()
            transmitWaiting()
        case .failure(ClientError.refused(let refusal)) where refusal.code.isRetryable:
            dropLink()
            retry(atLeast: .milliseconds(refusal.retryAfterMilliseconds ?? 0))
        case .failure where credentials?.token != nil && credentials?.password != nil:
            credentials?.token = nil
            phase = .open
            openSession()
        case .failure(ClientError.refused(let refusal)):
            let failure = ClientError.refused(refusal)
            let waiting = arrivals
            arrivals = []
            for arrival in waiting { arrival.continuation.resume(throwing: failure) }
            // Whoever waits now is told why; on a later connection there is nobody to tell but by stopping.
            if waiting.isEmpty { stop(.signedOut(code: nil)) } else { (credentials, phase) = (nil, .open) }
        case .failure:
            breakConnection()
        }
    }

    private func takePositions(from signIn: SignIn) {
        var replayed: Set<RoomID> = []
        for outcome in signIn.json.objects("resumed") {
            guard let room = outcome.integer("room").map({ RoomID($0) }) else {
                takeMe(outcome.object("reset"))
                continue
            }
            replayed.insert(room)
            // No longer in the room: what follows takes it off the list.
            guard let reset = outcome.object("reset"), let seq = reset.integer("seq") else { continue }
            let epoch = reset.string("epoch") ?? ""
            positions.reset(room, epoch: epoch, seq: seq)
            queue?.append(.reset(room, epoch: epoch, seq: seq))
        }
        if positions.me == nil { takeMe(signIn.json.object("me")) }
        positions.keepOnly(signIn.hearsRooms ? Set(signIn.rooms.map(\.id)) : [])
        for entry in signIn.rooms where !replayed.contains(entry.id) { entered(entry) }
    }

    private func takeMe(_ json: JSONText?) {
        guard let json, let seq = json.integer("seq") else { return }
        positions.resetMe(epoch: json.string("epoch") ?? "", seq: seq)
    }

    /// Takes note of where a room stands that the client is in.
    func entered(_ entry: RoomEntry) {
        guard signIn?.hearsRooms ?? true else { return }
        if let after = positions.entered(entry) { repair(entry.id, after: after) }
    }

    // MARK: Sending

    func transmit(_ id: Int64) {
        if let text = pending.markSent(id) { link?.send(text) }
    }

    private func transmitWaiting() {
        for (id, command) in pending.unsent where mayTransmit(command) { transmit(id) }
    }

    // MARK: Events

    private func receivedDurable(_ event: Event, in room: RoomID) {
        guard let seq = event.seq, hasRoomForEvents() else { return }
        switch positions.admit(seq, in: room) {
        case .new: deliver(event)
        case .ignored: break
        case .hole(let after): repair(room, after: after)
        }
    }

    private func receivedMe(_ event: Event) {
        guard let seq = event.seq, hasRoomForEvents() else { return }
        switch positions.admitMe(seq) {
        case .new:
            if event.name == "me.room_removed", let room = event.room { positions.left(room) }
            deliver(event)
        case .ignored: break
        // There is no history of this stream to ask; resuming replays it.
        case .hole: breakConnection()
        }
    }

    private func compareHeads(_ heartbeat: JSONText) {
        let heads = heartbeat.object("heads") ?? JSONText([])
        for room in positions.rooms.keys {
            let head = try? heads.read { $0[dynamic: room.description]?.integer }
            if let head, let after = positions.heard(of: head, in: room) { repair(room, after: after) }
        }
    }

    private func deliver(_ event: Event) { queue?.append(.event(event)) }

    /// Whether the reader takes more; if not, the client pauses.
    private func hasRoomForEvents() -> Bool {
        guard let queue, !queue.hasRoom() else { return true }
        if phase != .paused { pause() }
        return false
    }

    // MARK: Holes

    /// Fills a hole from history, page by page, until the newest number that was heard of.
    private func repair(_ room: RoomID, after first: SequenceNumber) {
        let generation = generation
        Task {
            var after: SequenceNumber? = first
            while let position = after, generation == self.generation {
                let page = try? await history(of: room, after: position, limit: 200)
                guard generation == self.generation else { return }
                guard let page, takeRepair(page.elements, in: room) else {
                    return positions.abandonRepair(of: room)
                }
                after = positions.continueRepair(of: room)
            }
        }
    }

    /// - Returns: Whether it brought the room further.
    private func takeRepair(_ events: [Event], in room: RoomID) -> Bool {
        var advanced = false
        for event in events {
            guard let seq = event.seq, hasRoomForEvents() else { return false }
            guard positions.admitRepair(seq, in: room) else { continue }
            deliver(event)
            advanced = true
        }
        return advanced
    }
}
