import Community
import LyceumProtocol

/// Sanctions and what they do to a member. What a member may do is always computed from the sanctions that stand, so
/// lifting one gives back exactly what it took.
extension WriteContext {
    /// What a moderator asks to be imposed.
    struct SanctionOrder {
        let kind: Sanction.Kind
        /// Where; `nil` for the whole community.
        let room: RoomID?
        /// For how long; `nil` for good.
        let seconds: Int64?
        var reason: String
    }

    /// Refuses what the one who acts may not impose on the member.
    func checkMaySanction(_ member: MemberID, in room: RoomID?) throws -> Member {
        let moderator = try requirePerson()
        guard let target = community.members[member] else { throw Refusal.notFound }
        if let room {
            try require(.seeing(.moderate), in: room)
            let place = try self.room(room)
            guard place.kind != .direct else { throw Refusal(.forbidden, "Nobody is sanctioned in a direct room.") }
            guard rank(of: target, in: place) < rank(of: moderator, in: place) else { throw Self.outranked }
        } else {
            try require(.community(.moderate))
            guard target.role.rank < moderator.role.rank else { throw Self.outranked }
        }
        return target
    }

    private static let outranked = Refusal(.forbidden, "You may not sanction a member at or above your own rank.")

    /// Whether the one who acts keeps order in the whole community, or is the stage itself.
    private var isActingForAll: Bool { actor.member.map { Gate.mayReview(nil, $0, of: community) } ?? true }

    /// Whether what is decided in a room counts in the whole community. Everybody moderates the room that they have made,
    /// so of a room's moderators it does where one of the community's has made the room, and with it them.
    func countsEverywhere(decidingIn room: RoomID?) -> Bool {
        if isActingForAll { return true }
        let maker = room.flatMap { community.rooms[$0] }.flatMap { community.members[$0.createdBy] }
        return maker.map { $0.role.rank >= Role.moderator.rank } ?? false
    }

    /// What a member is told as the reason of a decision, as far as the stage lets it pass; the community's own moderators
    /// may quote what they decide about.
    func admitReason(ofDecision reason: String) throws(Refusal) -> String {
        isActingForAll || reason.isEmpty ? reason : try admit(reason, as: .reason)
    }

    /// Imposes a sanction: strike, effect, word to the member, audit.
    func impose(_ order: SanctionOrder, on member: MemberID, from item: ReviewItemID) throws -> Sanction {
        let sanction = Sanction(
            id: try transaction.makeSanctionID(), member: member, room: order.room, kind: order.kind,
            by: actor.member ?? MemberID(0), at: now, until: order.seconds.map { now + $0 * 1000 },
            reason: order.reason, item: item, isStrike: countsEverywhere(decidingIn: order.room))
        try transaction.put(sanction)
        if sanction.isStrike {
            var standing = community.standing(of: member)
            standing.strikes.append(sanction.strike)
            try apply(.standing(member, standing))
        }
        try tell(.sanctioned, to: member) { json in
            json.field("sanction", sanction.id)
            json.field("kind", sanction.kind.rawValue)
            json.field("room", sanction.room?.rawValue)
            json.field("until", sanction.until)
            json.field("reason", sanction.reason)
            json.field("review", item)
        }
        try bringAbout(sanction)
        try audit("member.sanction", room: order.room, member: try named(member, by: item), item: item) { json in
            json.field("sanction", sanction.id)
            json.field("kind", sanction.kind.rawValue)
            json.field("until", sanction.until)
            json.field("reason", sanction.reason)
        }
        return sanction
    }

    private func bringAbout(_ sanction: Sanction) throws {
        try restrict(sanction.member, in: sanction.room)
        switch (sanction.kind, sanction.room) {
        case (.warn, _), (.mute, _): break
        case (.kick, nil): try end(community.sessions(of: sanction.member), code: .revoked)
        case (.ban, nil):
            try end(community.sessions(of: sanction.member), code: .banned)
            for bot in community.bots(of: sanction.member) {
                try end(community.sessions(of: bot.member), code: .revoked)
            }
        case (.kick, let room?), (.ban, let room?):
            guard community.membership(of: sanction.member, in: room) != nil else { return }
            try leave(
                sanction.member, room, by: actor.member ?? MemberID(0),
                reason: sanction.kind == .ban ? "banned" : "removed")
            try tell(.roomRemoved, to: sanction.member) { $0.field("room", room.rawValue) }
        }
    }

    /// Lifts a sanction, and takes its strike away.
    func lift(_ sanction: Sanction) throws {
        guard sanction.liftedAt == nil else { return }
        var lifted = sanction
        lifted.liftedAt = now
        lifted.liftedBy = actor.member ?? MemberID(0)
        try transaction.put(lifted)
        var standing = community.standing(of: sanction.member)
        standing.strikes.removeAll { $0.sanction == sanction.id }
        try apply(.standing(sanction.member, standing))
        try restrict(sanction.member, in: sanction.room)
        try tell(.pardoned, to: sanction.member) { json in
            json.field("sanction", sanction.id)
            json.field("kind", sanction.kind.rawValue)
            json.field("room", sanction.room?.rawValue)
        }
        let named = try named(sanction.member, by: sanction.item)
        try audit("member.pardon", room: sanction.room, member: named, item: sanction.item) { json in
            json.field("sanction", sanction.id)
            json.field("kind", sanction.kind.rawValue)
        }
    }

    /// Whom the audit log may name beside an item; `nil` where the item's author is under seal.
    private func named(_ member: MemberID, by item: ReviewItemID) throws -> MemberID? {
        try transaction.reviewItem(item)?.isSealed == true ? nil : member
    }

    /// Makes what the member may do follow from the sanctions that stand now.
    func restrict(_ member: MemberID, in room: RoomID?) throws {
        let active = try transaction.sanctions(of: member).filter { $0.room == room && $0.isActive(at: now) }
        let restriction = Restriction(
            mutedUntil: active.filter { $0.kind == .mute }.map { $0.until ?? .max }.max(),
            bannedUntil: active.filter { $0.kind == .ban }.map { $0.until ?? .max }.max())
        if let room {
            guard restriction != community.restriction(of: member, in: room) else { return }
            try apply(.restricted(room, member, restriction))
        } else if var changed = community.members[member] {
            (changed.mutedUntil, changed.bannedUntil) = (restriction.mutedUntil, restriction.bannedUntil)
            if changed != community.members[member] { try apply(.member(changed)) }
        }
    }

    /// Imposes what has no message to hang on; the item it makes is what an appeal names.
    func imposeAlone(
        _ order: SanctionOrder, on member: MemberID, text: String = "", judged: Judged? = nil
    ) throws -> Sanction {
        var item = ReviewItem(
            id: try transaction.makeReviewItemID(), kind: .sanction, room: order.room, member: member, text: text,
            createdAt: now)
        item.state = .decided
        item.decision = .init(action: .reject, by: actor.member ?? MemberID(0), at: now, reason: order.reason)
        var undo = UndoRecord()
        let sanction = try impose(order, on: member, from: item.id)
        undo.sanctions = [sanction.id]
        item.undo = undo.encoded
        try add(&item, judged)
        return sanction
    }
}

/// The time-out that a rule asks for, behind the message that it blocked.
struct MuteByRule: WriteCommand {
    let member: MemberID
    /// Where it was written; the mute holds everywhere.
    let place: RoomID?
    let text: String
    let judged: Judged
    let duration: Duration
    let reason: String
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        guard let member = context.community.members[member], member.role.rank < Role.moderator.rank,
            !member.isMuted(at: context.now)
        else { return emptyObject }
        let order = WriteContext.SanctionOrder(
            kind: .mute, room: nil, seconds: max(1, duration.components.seconds), reason: reason)
        _ = try context.imposeAlone(order, on: member.id, text: text, judged: judged)
        return emptyObject
    }
}
