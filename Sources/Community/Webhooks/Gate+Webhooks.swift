import LyceumProtocol

/// The gate for webhooks: a hook may do what its owner may do at this moment, and no more.
extension Gate {
    /// Whether an outgoing hook may be sent what happens in a room now.
    public static func maySend(
        _ hook: Webhook, from room: RoomID, of community: Community, at now: UnixMilliseconds
    ) -> Bool {
        guard hook.isEnabled, let outgoing = hook.outgoing else { return false }
        if !outgoing.rooms.isEmpty {
            return outgoing.rooms.contains(room) && admits(.seeing(.manageRoom), hook.owner, room, community, now)
        }
        return community.rooms[room]?.kind == .public && admits(.seeing([]), hook.owner, room, community, now)
            && admits(.community(.manageCommunity), hook.owner, nil, community, now)
    }

    /// Whether an incoming hook may post now; what else a post must heed is asked of the hook's own account, which,
    /// like a bot, writes only where its owner may.
    public static func mayPost(_ hook: Webhook, of community: Community, at now: UnixMilliseconds) -> Bool {
        guard hook.isEnabled, let incoming = hook.incoming else { return false }
        return admits(.within(.manageRoom), hook.owner, incoming.room, community, now)
    }

    private static func admits(
        _ requirement: Requirement, _ member: MemberID, _ room: RoomID?, _ community: Community, _ now: UnixMilliseconds
    ) -> Bool {
        do throws(Refusal) {
            try admit(requirement, for: member, in: room, of: community, at: now)
            return true
        } catch {
            return false
        }
    }
}
