import LyceumProtocol

/// What a command asks of the one who sends it; its row in the command table names one of these.
public enum Requirement: Hashable, Sendable {
    /// No session.
    case anyone
    /// Any session, even of a member who is banned: what it takes to object to that.
    case anySession
    /// A session of a person, even of one who is banned: what it takes to come and go.
    case anyPerson
    /// Any session.
    case signedIn
    /// A session of a person, not of a bot.
    case person
    /// A session of a bot that has these scopes.
    case bot(BotScopes)
    /// A session whose role has the permission in the community.
    case community(Permission)
    /// ``Permission/moderate`` in the community or in any room the member is in; the command then asks room by room.
    case moderating
    /// A room that the member may look into, and the permission there.
    case seeing(Permission)
    /// A room that the member is in, and the permission there.
    case within(Permission)
}

/// The one gate: decides what a member may do or see, for commands, events, search, files and exports alike.
public enum Gate {
    /// Refuses what may not be; returns where it may.
    ///
    /// What the member may not see is refused as ``Refusal/notFound``, exactly as if it did not exist.
    public static func admit(
        _ requirement: Requirement, for actor: MemberID?, in room: RoomID?, of community: Community,
        at now: UnixMilliseconds
    ) throws(Refusal) {
        if requirement == .anyone { return }
        guard let actor, let member = community.members[actor] else {
            throw Refusal(.unauthenticated, "Sign in first.")
        }
        guard !member.isBanned(at: now) || requirement == .anySession || requirement == .anyPerson else {
            throw Refusal(.forbidden, "You are banned. You may object to it, and do nothing else.")
        }
        if member.role == .bot { try admitBot(actor, requirement, in: room, of: community, at: now) }
        switch requirement {
        case .anyone, .anySession, .anyPerson, .signedIn, .person: return
        case .bot:
            guard member.role == .bot else { throw Refusal(.forbidden, "This is for bots.") }
        case .community(let permission):
            try check(permission, granted: permissions(of: member, of: community), member: member, at: now)
        case .moderating:
            guard moderatesAnywhere(member.id, of: community) else {
                throw Refusal(.forbidden, "This is for moderators.")
            }
        case .seeing(let permission):
            let room = try visible(room, to: member, of: community)
            try check(permission, granted: permissions(of: member, in: room, of: community), member: member, at: now)
            try checkRoom(room, permission, member, community, at: now)
        case .within(let permission):
            let room = try enterable(room, to: member, of: community)
            guard community.membership(of: actor, in: room.id) != nil else {
                throw Refusal(.forbidden, "Join the room first.")
            }
            try check(permission, granted: permissions(of: member, in: room, of: community), member: member, at: now)
            try checkRoom(room, permission, member, community, at: now)
        }
    }

    /// Refuses a bot what its owner may not do now, and what no scope of its own covers but the switch does not see.
    private static func admitBot(
        _ actor: MemberID, _ requirement: Requirement, in room: RoomID?, of community: Community,
        at now: UnixMilliseconds
    ) throws(Refusal) {
        guard let bot = community.program(actor) else { throw Refusal(.unauthenticated, "This bot was deleted.") }
        switch requirement {
        case .anyone: return
        case .anyPerson, .person: throw Refusal(.forbidden, "This is for people, not for bots.")
        case .bot(let scopes):
            guard bot.scopes.isSuperset(of: scopes) else { throw Refusal(.forbidden, "This bot lacks the scope.") }
            try admit(.signedIn, for: bot.owner, in: room, of: community, at: now)
        case .anySession: try admit(.signedIn, for: bot.owner, in: room, of: community, at: now)
        case .signedIn, .community, .moderating, .seeing, .within:
            try admit(requirement, for: bot.owner, in: room, of: community, at: now)
        }
    }

    /// Whether a member works the review queue of a room, or for `nil` of what belongs to no room. What happens in a
    /// private room is for its own moderators, and for admins, who may see its items but not look into it.
    public static func mayReview(_ room: RoomID?, _ actor: MemberID, of community: borrowing Community) -> Bool {
        guard let member = community.members[actor] else { return false }
        if member.role == .bot {
            guard let bot = community.program(actor), bot.scopes.contains(.moderate) else { return false }
            return mayReview(room, bot.owner, of: community) && (room.map { canSee($0, actor, of: community) } ?? true)
        }
        guard let room else { return member.role.permissions.contains(.moderate) }
        if member.role.rank >= Role.admin.rank { return true }
        guard let room = community.rooms[room], canSee(room.id, actor, of: community) else { return false }
        return permissions(of: member, in: room, of: community).contains(.moderate)
    }

    /// Whether a member works the review queue of the community or of any room.
    public static func moderatesAnywhere(_ actor: MemberID, of community: Community) -> Bool {
        mayReview(nil, actor, of: community)
            || community.roomIDs(of: actor).contains { mayReview($0, actor, of: community) }
    }

    /// Whether a member may look into a room: its members always, others where it is public and their role reads those.
    public static func canSee(_ room: RoomID, _ actor: MemberID, of community: borrowing Community) -> Bool {
        guard let room = community.rooms[room], let member = community.members[actor] else { return false }
        // No clock here: a ban that has run out is taken away, not waited for.
        if community.restriction(of: actor, in: room.id).bannedUntil != nil { return false }
        if member.role == .bot {
            guard let bot = community.program(actor), bot.scopes.contains(.read) else { return false }
            return (room.kind == .public || community.membership(of: actor, in: room.id) != nil)
                && canSee(room.id, bot.owner, of: community)
        }
        return community.membership(of: actor, in: room.id) != nil
            || room.kind == .public && member.role.permissions.contains(.readPublic)
    }

    /// Whether a member is told what another is called: who reads public rooms knows everybody; others, who came by an
    /// invite into single rooms, know those who are in these with them.
    public static func mayName(_ member: MemberID, to viewer: MemberID, of community: borrowing Community) -> Bool {
        guard let record = community.members[viewer] else { return false }
        return member == viewer || permissions(of: record, of: community).contains(.readPublic)
            || !community.roomIDs(of: viewer).isDisjoint(with: community.roomIDs(of: member))
    }

    /// What a member may do in the community: a bot what both its owner and its scopes allow.
    public static func permissions(of member: Member, of community: borrowing Community) -> Permission {
        guard member.role == .bot else { return member.role.permissions }
        guard let bot = community.program(member.id), let owner = community.members[bot.owner] else { return [] }
        return owner.role.permissions.intersection(bot.scopes.permissions)
    }

    /// What a member may do in a room: the role's table, with the room role in its place, and the room's own
    /// overrides last. Admins and the owner keep theirs everywhere; a room role reaches no further than its room. A bot
    /// has of its owner's what its scopes cover and the room does not deny to bots.
    public static func permissions(of member: Member, in room: Room, of community: borrowing Community) -> Permission {
        if member.role == .bot {
            guard let bot = community.program(member.id), let owner = community.members[bot.owner] else { return [] }
            return permissions(of: owner, in: room, of: community).intersection(bot.scopes.permissions)
                .subtracting(room.rules.overrides[.bot]?.deny ?? [])
        }
        if member.role.rank >= Role.admin.rank { return .all }
        let role = community.membership(of: member.id, in: room.id)?.role ?? member.role
        var granted = member.role.permissions.subtracting(.roomScoped)
        granted.formUnion(role.permissions.intersection(.roomScoped))
        if let adjustment = room.rules.overrides[role] {
            granted.formUnion(adjustment.allow.intersection(.roomScoped))
            granted.subtract(adjustment.deny)
        }
        return granted
    }

    private static func visible(_ id: RoomID?, to member: Member, of community: Community) throws(Refusal) -> Room {
        guard let id, let room = community.rooms[id], canSee(id, member.id, of: community) else { throw .notFound }
        return room
    }

    /// As ``visible(_:to:of:)``, but a bot without the scope to read may write where it is.
    private static func enterable(_ id: RoomID?, to member: Member, of community: Community) throws(Refusal) -> Room {
        if member.role == .bot, let id, let room = community.rooms[id],
            community.membership(of: member.id, in: id) != nil
        {
            return room
        }
        return try visible(id, to: member, of: community)
    }

    private static func check(
        _ permission: Permission, granted: Permission, member: Member, at now: UnixMilliseconds
    ) throws(Refusal) {
        guard granted.isSuperset(of: permission) else { throw Refusal(.forbidden, "You may not do this here.") }
        if let until = member.mutedUntil, until > now, !permission.isDisjoint(with: .silencedByMute) {
            throw Refusal(.muted, "You are muted for now.", retryAfterMilliseconds: until == .max ? nil : until - now)
        }
    }

    private static func checkRoom(
        _ room: Room, _ permission: Permission, _ member: Member, _ community: Community, at now: UnixMilliseconds
    ) throws(Refusal) {
        if let until = community.restriction(of: member.id, in: room.id).mutedUntil, until > now,
            !permission.isDisjoint(with: .silencedByMute)
        {
            throw Refusal(
                .muted, "You are muted in this room for now.", retryAfterMilliseconds: until == .max ? nil : until - now
            )
        }
        if room.isArchived, !permission.isDisjoint(with: .endedByArchive) {
            throw Refusal(.archived, "This room is archived; it can be read but not written to.")
        }
    }
}
