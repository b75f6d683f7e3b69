import Community
import LyceumProtocol
import Transport

/// From a frame to its handler: decode, rate, gate, moderation, then the writer or the readers.
extension Hub {
    func dispatch(frame: UnsafeRawBufferPointer, from client: Client) {
        server.metrics.commands.increment()
        var id: Int64?
        do {
            let json = try JSONObject(parsing: frame)
            id = json["id"]?.integer.flatMap { $0 > 0 ? $0 : nil }
            guard let id else { throw JSONError.field("id", "an integer in 1...9007199254740991") }
            guard let name = json["do"]?.string else { throw JSONError.field("do", "a command's name") }
            let address = ReplyAddress(loop: index, key: client.connection.id, id: id)
            try dispatch(name, CommandFields(json: json), client.actor, address, client, byteCount: frame.count)
        } catch {
            refuse(error, client, id)
        }
    }

    private func refuse(_ error: any Error, _ client: Client, _ id: Int64?) {
        // What cannot be read costs as much as a command, so that garbage is not free.
        if error is JSONError { _ = client.bucket.take(1, at: server.now()) }
        client.connection.send(
            Reply.chunk(.refused(Refusal(error)), to: id, within: server.allowance(of: client)))
    }

    /// Carries out one command, or hands it on; throws a ``Refusal`` or ``JSONError`` where it goes no further.
    func dispatch(
        _ name: String, _ fields: CommandFields, _ actor: Actor, _ address: ReplyAddress, _ client: Client?,
        byteCount: Int
    ) throws {
        guard let row = CommandTable.row(named: name) else {
            throw Refusal(.unknownCommand, "There is no such command.")
        }
        if let client { try charge(row.cost, client) }
        try server.chargeBot(actor.member, row.cost, isKnown: client.map { $0.bot != nil })
        if row.requirement != .anyone, actor.member == nil { throw Refusal(.unauthenticated, "Sign in first.") }
        for field in row.fields { try field.check(fields.json) }
        switch row.handler {
        case .write(let make):
            let command = try make(fields)
            try admitToWriter(row, actor, command.room)
            try server.submit(
                Submission(
                    command, needs: row.requirement, as: actor, reply: address, byteCount: byteCount + 256,
                    through: server))
        case .read(let make):
            let command = try make(fields)
            try admit(row, actor, command.room)
            try read(command, row, actor, address)
        case .live(let make):
            let command = try make(fields)
            try admit(row, actor, command.room)
            let call = LiveCall(hub: self, actor: actor, address: address, client: client)
            if let ok = try command.run(in: call) { reply(.done(ok), to: address) }
        }
    }

    private func charge(_ cost: Double, _ client: Client) throws(Refusal) {
        let now = server.now()
        guard !client.bucket.take(cost, at: now) else { return }
        throw Refusal(
            .rateLimited, "Too many commands; slow down.",
            retryAfterMilliseconds: client.bucket.milliseconds(until: cost, at: now))
    }

    /// A room that the command before this one joins is joined once that is committed. Here it is therefore enough that
    /// the same may be done there by whoever joins; the writer asks the gate again, in its order. Who may not look into
    /// the room goes no further, so that nothing they send is judged, and counted, among the texts of that room.
    private func admitToWriter(_ row: CommandRow, _ actor: Actor, _ room: RoomID?) throws(Refusal) {
        if case .within(let permission) = row.requirement, refusal(by: .seeing(permission), actor, room) == nil {
            return
        }
        try admit(row, actor, room)
    }

    private func admit(_ row: CommandRow, _ actor: Actor, _ room: RoomID?) throws(Refusal) {
        guard let refusal = refusal(by: row.requirement, actor, room) else { return }
        if row.requirement.isPrivileged, refusal.code != .unauthenticated {
            server.noteDenial(of: row.name, room, by: actor, refusal)
        }
        throw refusal
    }

    /// What the gate says on what is committed; `nil` where it lets through.
    private func refusal(by requirement: Requirement, _ actor: Actor, _ room: RoomID?) -> Refusal? {
        let now = server.now()
        return server.committed.withLock { community in
            do throws(Refusal) {
                try Gate.admit(requirement, for: actor.member, in: room, of: community, at: now)
                return nil
            } catch {
                return error
            }
        }
    }

    private func read(_ command: any PoolCommand, _ row: CommandRow, _ actor: Actor, _ address: ReplyAddress) throws {
        guard let member = actor.member else { throw Refusal(.unauthenticated, "Sign in first.") }
        let server = server
        try server.readPool.submit {
            let outcome = server.answer(command, for: member)
            server.onHub(address.loop) { hub in
                // Asked again: what was read may have become invisible while it was read.
                if case .done = outcome, let refusal = hub.refusal(row, actor, command.room) {
                    hub.reply(.refused(refusal), to: address)
                } else {
                    hub.reply(outcome, to: address)
                }
            }
        }
    }

    private func refusal(_ row: CommandRow, _ actor: Actor, _ room: RoomID?) -> Refusal? {
        do throws(Refusal) {
            try admit(row, actor, room)
            return nil
        } catch {
            return error
        }
    }
}

extension ServerState {
    /// Answers a question. Runs on the read pool.
    func answer(_ command: any PoolCommand, for member: MemberID) -> Outcome {
        do {
            return .done(try command.answer(for: member, on: self))
        } catch let error as StoreError {
            return .refused(refusal(for: error))
        } catch let error as Refusal {
            return .refused(error)
        } catch {
            log.error("a question failed", metadata: ["command": "\(type(of: command))", "error": "\(error)"])
            return .refused(Refusal(.internal, "The server failed; it has been logged."))
        }
    }
}

extension Refusal {
    /// What a client is told of an error that its command threw.
    init(_ error: any Error) {
        switch error {
        case let refusal as Refusal: self = refusal
        case let error as JSONError: self = Refusal(.malformed, error.message)
        default: self = Refusal(.internal, "The server failed; it has been logged.")
        }
    }
}
