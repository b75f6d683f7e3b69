import Community
import LyceumProtocol
import Transport

extension ServerState {
    /// What moderation does without being asked: notices changed packs, lets held items fall when their time is over,
    /// ends sanctions, writes down what rules have done.
    func tendModeration(at now: UnixMilliseconds) {
        guard moderationRounds.withLock({ $0.isDue(at: now) }) else { return }
        // A full queue means that this very work is waiting; the next round comes in two seconds.
        try? slowPool.submit { [self] in
            if rules.hasChanged() { reloadRules() }
            if moderationSweeps.withLock({ $0.isDue(at: now) }) { sweep(at: now) }
        }
    }

    /// Writes down what rules have done since the last round, once the writer has stopped.
    func keepRuleCounts() {
        do {
            let counts = stage.counts.take()
            if !counts.isEmpty { try store.write { transaction in for day in counts { try transaction.add(day) } } }
        } catch {
            log.warning("what rules did last was not kept", metadata: ["error": "\(error)"])
        }
    }

    private func sweep(at now: UnixMilliseconds) {
        let counts = stage.counts.take()
        let due: Bool
        do {
            due = try store.read { try !$0.expiredItems(at: now, limit: 1).isEmpty }
        } catch {
            stage.counts.putBack(counts)
            return log.warning("the review queue cannot be read", metadata: ["error": "\(error)"])
        }
        let hasRunOut = committed.withLock { community in
            !community.expiredRestrictions(at: now).isEmpty || !community.expiredMembers(at: now).isEmpty
                || community.raidUntil.map { $0 <= now } ?? false
        }
        guard due || hasRunOut || !counts.isEmpty else { return }
        write(SweepModeration(counts: counts), as: Actor(address: "")) { [self] outcome in
            if case .refused = outcome { stage.counts.putBack(counts) }
        }
    }

    // MARK: Denials

    func mayNoteDenial(by actor: Actor) -> Bool {
        let key = actor.member.map { "member \($0)" } ?? actor.address
        return denialLimiter.withLock { $0.admit(key, at: now()) }
    }

    /// Notes that somebody tried what they may not do.
    func noteDenial(of command: String, _ room: RoomID?, by actor: Actor, _ refusal: Refusal) {
        noteDenial("command", room, by: actor) { json in
            json.field("command", command)
            json.field("code", refusal.code.rawValue)
        }
    }

    func noteDenial(
        _ what: String, _ room: RoomID? = nil, by actor: Actor, _ details: (inout JSONWriter) -> Void
    ) {
        guard mayNoteDenial(by: actor) else { return }
        let text = String(decoding: object(details), as: UTF8.self)
        write(RecordDenial(what: what, place: room, details: text), as: actor)
    }
}

private struct RecordDenial: WriteCommand {
    let what: String
    let place: RoomID?
    let details: String
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        try context.transaction.append(
            AuditEntry(
                at: context.now, actor: context.actor.member ?? MemberID(0), action: "denied.\(what)", room: place,
                details: details))
        return emptyObject
    }
}

/// The rounds' changes of the record.
private struct SweepModeration: WriteCommand {
    /// Most items that fall in one transaction.
    private static let limit = 200
    let counts: [RuleDay]
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        for day in counts { try context.transaction.add(day) }
        for item in try context.transaction.expiredItems(at: context.now, limit: Self.limit) {
            try context.expire(item, because: "No moderator has decided in time.")
        }
        for (room, member) in context.community.expiredRestrictions(at: context.now) {
            try context.restrict(member, in: room)
        }
        for member in context.community.expiredMembers(at: context.now) { try context.restrict(member, in: nil) }
        if let until = context.community.raidUntil, until <= context.now { try context.apply(.raid(until: nil)) }
        return emptyObject
    }
}
