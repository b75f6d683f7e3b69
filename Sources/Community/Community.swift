import LyceumProtocol

/// Everything that decisions need to know of a community, in memory: members, sessions, rooms and who is in them.
///
/// A pure value: it changes only by ``apply(_:)``, and the same changes in the same order give the same community,
/// whoever applies them. The writer keeps one that runs ahead of the disk; everybody else sees one that follows it.
public struct Community: Sendable {
    /// Names the numbering of every stream here. A restore from a backup draws a new one.
    public var epoch: String
    public private(set) var members: [MemberID: Member] = [:]
    public private(set) var rooms: [RoomID: Room] = [:]
    public private(set) var sessions: [TokenHash: Session] = [:]
    /// Raised while newcomers' posts are held everywhere: until when.
    public private(set) var raidUntil: UnixMilliseconds?
    /// The newest event of the review stream.
    public private(set) var reviewSeq: SequenceNumber = 0
    public private(set) var bots: [MemberID: Bot] = [:]
    private var botsByOwner: [MemberID: Set<MemberID>] = [:]
    private var botTurns: [RoomID: BotTurns] = [:]
    /// The rooms of invocations that wait for their bot, by bot.
    private var waitingInvocations: [MemberID: [InvocationID: RoomID]] = [:]
    private var standings: [MemberID: Standing] = [:]
    /// Who is muted in, or banned from, the whole community, be it that the time has run out.
    private var restrictedMembers: Set<MemberID> = []
    private var restrictions: [RoomID: [MemberID: Restriction]] = [:]
    private var privacies: [MemberID: Privacy] = [:]
    private var blocks: [MemberID: Set<MemberID>] = [:]
    private var memberByName: [String: MemberID] = [:]
    /// By the hash of what their name looks like. Of members of older days who look alike it knows the last.
    private var memberByLook: [Int: MemberID] = [:]
    private let look: @Sendable (String) -> String
    private var publicRoomByName: [String: RoomID] = [:]
    private var roster: [RoomID: [MemberID: Membership]] = [:]
    private var roomsByMember: [MemberID: Set<RoomID>] = [:]
    private var tokenBySession: [SessionID: TokenHash] = [:]
    private var sessionsByMember: [MemberID: Set<SessionID>] = [:]
    /// By exactly who is in them. Several have the same members where somebody has left a larger one.
    private var directRooms: [Set<MemberID>: Set<RoomID>] = [:]
    public private(set) var webhooks: [WebhookID: Webhook] = [:]
    private var webhookByToken: [TokenHash: WebhookID] = [:]
    private var webhookByMember: [MemberID: WebhookID] = [:]

    /// - Parameter look: A key that names share if a reader may take one for the other.
    public init(epoch: String, look: @escaping @Sendable (String) -> String = NameRules.key) {
        self.epoch = epoch
        self.look = look
    }

    public func member(named name: String) -> Member? { memberByName[NameRules.key(of: name)].flatMap { members[$0] } }
    /// A member whose name a reader may take for `name`.
    public func member(lookingLike name: String) -> Member? {
        memberByLook[look(name).hashValue].flatMap { members[$0] }
    }
    public func publicRoom(named name: String) -> Room? {
        publicRoomByName[NameRules.key(of: name)].flatMap { rooms[$0] }
    }
    public func membership(of member: MemberID, in room: RoomID) -> Membership? { roster[room]?[member] }
    public func memberships(in room: RoomID) -> [MemberID: Membership] { roster[room] ?? [:] }
    public func memberCount(of room: RoomID) -> Int { roster[room]?.count ?? 0 }
    public func roomIDs(of member: MemberID) -> Set<RoomID> { roomsByMember[member] ?? [] }
    /// How far a member has read, by room.
    public func readMarks(of member: MemberID) -> [RoomID: SequenceNumber] {
        let rooms = roomIDs(of: member).map { ($0, membership(of: member, in: $0)?.readSeq ?? 0) }
        return Dictionary(uniqueKeysWithValues: rooms)
    }
    /// The direct room of exactly these members; of several the oldest.
    public func directRoom(of members: Set<MemberID>) -> RoomID? { directRooms[members]?.min() }
    public func session(_ id: SessionID) -> Session? { tokenBySession[id].flatMap { sessions[$0] } }
    public func sessions(of member: MemberID) -> [Session] {
        (sessionsByMember[member] ?? []).compactMap(session).sorted { $0.id.rawValue < $1.id.rawValue }
    }

    /// A member's bots, oldest first.
    public func bots(of owner: MemberID) -> [Bot] { (botsByOwner[owner] ?? []).sorted().compactMap { bots[$0] } }

    /// How many invocations wait for a bot's answer.
    public func waitingInvocations(of bot: MemberID) -> Int { waitingInvocations[bot]?.count ?? 0 }
    /// Where an invocation was made that waits for this bot's answer.
    public func room(ofInvocation id: InvocationID, of bot: MemberID) -> RoomID? { waitingInvocations[bot]?[id] }
    /// How bots have answered one another in a room, if the last one who posted is a bot.
    public func botTurns(in room: RoomID) -> BotTurns? { botTurns[room] }

    public func standing(of member: MemberID) -> Standing { standings[member] ?? Standing() }
    public func restriction(of member: MemberID, in room: RoomID) -> Restriction {
        restrictions[room]?[member] ?? Restriction()
    }

    /// Who is restricted in the whole community by something that has run out.
    public func expiredMembers(at now: UnixMilliseconds) -> [MemberID] {
        restrictedMembers.filter { id in
            [members[id]?.mutedUntil, members[id]?.bannedUntil].contains { $0.map { $0 <= now } ?? false }
        }
    }

    /// Who is restricted where by something that has run out.
    public func expiredRestrictions(at now: UnixMilliseconds) -> [(room: RoomID, member: MemberID)] {
        restrictions.flatMap { room, members in
            members.filter { [$0.value.mutedUntil, $0.value.bannedUntil].contains { $0.map { $0 <= now } ?? false } }
                .map { (room, $0.key) }
        }
    }

    /// The incoming hook behind the secret part of a URL.
    public func webhook(token: TokenHash) -> Webhook? { webhookByToken[token].flatMap { webhooks[$0] } }
    /// The incoming hook whose account a member is.
    public func webhook(speakingAs member: MemberID) -> Webhook? { webhookByMember[member].flatMap { webhooks[$0] } }

    public func privacy(of member: MemberID) -> Privacy { privacies[member] ?? Privacy() }
    public func isBlocked(_ member: MemberID, by other: MemberID) -> Bool { blocks[other]?.contains(member) ?? false }
    /// Whom a member has blocked.
    public func blocked(by member: MemberID) -> Set<MemberID> { blocks[member] ?? [] }

    /// The messages after the member's read mark, outside threads.
    public func unread(of member: MemberID, in room: RoomID) -> Int64 {
        guard let head = rooms[room]?.ordinal, let read = roster[room]?[member]?.readOrdinal else { return 0 }
        return max(0, head - read)
    }

    public mutating func apply(_ change: Change) {
        switch change {
        case .member(let member): put(member)
        case .room(let room): put(room)
        case .joined(let room, let member, let membership): join(room, member, membership)
        case .left(let room, let member): leave(room, member)
        case .read(let room, let member, let seq, let ordinal):
            update(member, in: room) { ($0.readSeq, $0.readOrdinal) = (seq, ordinal) }
        case .roomAdvanced(let room, let seq, let ordinal):
            guard let place = rooms.index(forKey: room) else { return }
            (rooms.values[place].seq, rooms.values[place].ordinal) = (seq, ordinal)
        case .meAdvanced(let member, let seq): members[member]?.meSeq = seq
        case .posted(let room, let member, let at):
            update(member, in: room) { $0.lastPostAt = at }
            noteTurn(of: member, in: room, at: at)
        case .standing(let member, let standing): standings[member] = standing
        case .restricted(let room, let member, let restriction):
            restrictions[room, default: [:]][member] = restriction.isEmpty ? nil : restriction
        case .raid(let until): raidUntil = until
        case .reviewAdvanced(let seq): reviewSeq = seq
        case .privacy(let member, let privacy): privacies[member] = privacy == Privacy() ? nil : privacy
        case .blocked(let member, let other): blocks[member, default: []].insert(other)
        case .unblocked(let member, let other): blocks[member]?.remove(other)
        case .session(let session): put(session)
        case .sessionEnded(let id): end(id)
        case .bot(let bot):
            bots[bot.member] = bot
            botsByOwner[bot.owner, default: []].insert(bot.member)
        case .botDeleted(let id):
            if let bot = bots.removeValue(forKey: id) { botsByOwner[bot.owner]?.remove(id) }
        case .invocation(let invocation):
            let room = invocation.state.isWaiting ? invocation.room : nil
            waitingInvocations[invocation.bot, default: [:]][invocation.id] = room
        case .webhook(let hook): put(hook)
        case .webhookRemoved(let id): removeWebhook(id)
        }
    }

    /// Changes a membership where it lies: every post does it twice, and an optional chain would take it out and put it
    /// back.
    @inline(__always)
    private mutating func update(_ member: MemberID, in room: RoomID, _ change: (inout Membership) -> Void) {
        guard let table = roster.index(forKey: room), let place = roster.values[table].index(forKey: member) else {
            return
        }
        change(&roster.values[table].values[place])
    }

    private mutating func noteTurn(of member: MemberID, in room: RoomID, at now: UnixMilliseconds) {
        // An account of a webhook is no bot that can be asked, but a program all the same.
        if members[member]?.role != .bot {
            if !botTurns.isEmpty { botTurns[room] = nil }
        } else {
            botTurns[room, default: BotTurns(by: member, at: now)].posted(by: member, at: now)
        }
    }

    private mutating func put(_ member: Member) {
        let old = members.updateValue(member, forKey: member.id)
        if member.mutedUntil != nil || member.bannedUntil != nil {
            restrictedMembers.insert(member.id)
        } else {
            restrictedMembers.remove(member.id)
        }
        guard old?.name != member.name else { return }
        if let old {
            memberByName[NameRules.key(of: old.name)] = nil
            memberByLook[look(old.name).hashValue] = nil
        }
        memberByName[NameRules.key(of: member.name)] = member.id
        memberByLook[look(member.name).hashValue] = member.id
    }

    private mutating func put(_ room: Room) {
        if let old = rooms[room.id], old.kind == .public { publicRoomByName[NameRules.key(of: old.name)] = nil }
        rooms[room.id] = room
        if room.kind == .public { publicRoomByName[NameRules.key(of: room.name)] = room.id }
    }

    private mutating func join(_ room: RoomID, _ member: MemberID, _ membership: Membership) {
        noteDirectRoom(room, isThere: false)
        roster[room, default: [:]][member] = membership
        roomsByMember[member, default: []].insert(room)
        noteDirectRoom(room, isThere: true)
    }

    private mutating func leave(_ room: RoomID, _ member: MemberID) {
        noteDirectRoom(room, isThere: false)
        roster[room]?[member] = nil
        roomsByMember[member]?.remove(room)
        noteDirectRoom(room, isThere: true)
    }

    /// Enters a direct room under those who are in it now, or takes it out, and leaves others with the same members.
    private mutating func noteDirectRoom(_ room: RoomID, isThere: Bool) {
        guard rooms[room]?.kind == .direct else { return }
        let members = Set(memberships(in: room).keys)
        if isThere {
            directRooms[members, default: []].insert(room)
        } else if directRooms[members]?.remove(room) != nil, directRooms[members]?.isEmpty == true {
            directRooms[members] = nil
        }
    }

    private mutating func put(_ hook: Webhook) {
        if let token = webhooks[hook.id]?.incoming?.token { webhookByToken[token] = nil }
        webhooks[hook.id] = hook
        guard let incoming = hook.incoming else { return }
        webhookByToken[incoming.token] = hook.id
        webhookByMember[incoming.member] = hook.id
    }

    private mutating func removeWebhook(_ id: WebhookID) {
        guard let incoming = webhooks.removeValue(forKey: id)?.incoming else { return }
        webhookByToken[incoming.token] = nil
        webhookByMember[incoming.member] = nil
    }

    private mutating func put(_ session: Session) {
        sessions[session.token] = session
        tokenBySession[session.id] = session.token
        sessionsByMember[session.member, default: []].insert(session.id)
    }

    private mutating func end(_ id: SessionID) {
        guard let token = tokenBySession.removeValue(forKey: id), let session = sessions.removeValue(forKey: token)
        else {
            return
        }
        sessionsByMember[session.member]?.remove(id)
    }
}

/// One change of a ``Community``, stored in the same transaction as the events that tell of it.
public enum Change: Hashable, Sendable {
    /// Added, or replaced by its id.
    case member(Member)
    /// Added, or replaced by its id; `seq` and `ordinal` go with it.
    case room(Room)
    /// Joined, or the membership's role changed.
    case joined(RoomID, MemberID, Membership)
    case left(RoomID, MemberID)
    case read(RoomID, MemberID, seq: SequenceNumber, ordinal: Int64)
    case roomAdvanced(RoomID, seq: SequenceNumber, ordinal: Int64)
    case meAdvanced(MemberID, seq: SequenceNumber)
    /// For slow mode only; not stored.
    case posted(RoomID, MemberID, at: UnixMilliseconds)
    /// Posts are stored here, strikes by the sanctions that they come from.
    case standing(MemberID, Standing)
    case restricted(RoomID, MemberID, Restriction)
    case raid(until: UnixMilliseconds?)
    case reviewAdvanced(seq: SequenceNumber)
    case privacy(MemberID, Privacy)
    /// The second is blocked by the first.
    case blocked(MemberID, MemberID)
    case unblocked(MemberID, MemberID)
    case session(Session)
    case sessionEnded(SessionID)
    /// Added, or replaced by its member; the member itself is a change of its own.
    case bot(Bot)
    case botDeleted(MemberID)
    /// Added, or replaced by its id.
    case invocation(BotInvocation)
    /// Added, or replaced by its id.
    case webhook(Webhook)
    case webhookRemoved(WebhookID)
}
