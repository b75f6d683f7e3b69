import LyceumProtocol

/// Accounts, sessions and rooms.
extension Client {
    /// Makes an account. It does not sign in.
    /// - Returns: The member, and the token of a first session.
    public func register(
        name: String, password: String, invite: String? = nil
    ) async throws -> (member: MemberID, token: String) {
        try await connect()
        let reply = try await send("account.register") { json in
            json.field("name", name)
            json.field("password", password)
            json.field("invite", invite)
        }
        let member = reply.object("member")?.integer("id") ?? reply.integer("member")
        guard let member, let token = reply.string("token") else {
            throw ClientError.unexpectedReply(reply.description)
        }
        return (MemberID(member), token)
    }

    /// Ends the session; the client stops.
    public func signOut() async throws {
        try await send("session.close")
        stop()
    }

    public func createRoom(
        name: String, title: String, kind: String = "public", topic: String? = nil
    ) async throws -> RoomEntry {
        try await enter("room.create") { json in
            json.field("name", name)
            json.field("title", title)
            json.field("kind", kind)
            json.field("topic", topic)
        }
    }

    public func join(_ room: RoomID, invite: String? = nil) async throws -> RoomEntry {
        try await enter("room.join", isRepeatable: true) { json in
            json.field("room", room.rawValue)
            json.field("invite", invite)
        }
    }

    public func leave(_ room: RoomID) async throws {
        try await send("room.leave") { $0.field("room", room.rawValue) }
        positions.left(room)
    }

    public func openDirect(with members: [MemberID]) async throws -> RoomEntry {
        try await enter("direct.open", isRepeatable: true) { json in
            json.field("members", array: members) { $0.value($1.rawValue) }
        }
    }

    private func enter(
        _ command: String, isRepeatable: Bool = false, _ fields: @Sendable (inout JSONWriter) -> Void
    ) async throws -> RoomEntry {
        let entry = try RoomEntry(inReply: try await send(command, isRepeatable: isRepeatable, fields))
        entered(entry)
        return entry
    }

    /// What may be changed of a room; `nil` leaves it as it is.
    public struct RoomChange: Sendable {
        public var title: String?
        public var topic: String?
        public var slowModeSeconds: Int64?
        public var isAnnouncement: Bool?
        public var isArchived: Bool?

        public init(
            title: String? = nil, topic: String? = nil, slowModeSeconds: Int64? = nil, isAnnouncement: Bool? = nil,
            isArchived: Bool? = nil
        ) {
            self.title = title
            self.topic = topic
            self.slowModeSeconds = slowModeSeconds
            self.isAnnouncement = isAnnouncement
            self.isArchived = isArchived
        }
    }

    public func update(_ room: RoomID, _ change: RoomChange) async throws {
        try await send("room.update") { json in
            json.field("room", room.rawValue)
            json.field("title", change.title)
            json.field("topic", change.topic)
            json.field("slow_mode_s", change.slowModeSeconds)
            if let flag = change.isAnnouncement { json.field("members_only_post", flag) }
            if let flag = change.isArchived { json.field("archived", flag) }
        }
    }

    /// Public rooms and one's own private ones.
    public func rooms(after: Int64? = nil, limit: Int? = nil) async throws -> Page<JSONText> {
        let reply = try await send("room.list", isRepeatable: true) { json in
            json.field("after", after)
            json.field("limit", limit)
        }
        return try Page(reply, "rooms") { $0 }
    }

    public func members(of room: RoomID, after: Int64? = nil, limit: Int? = nil) async throws -> Page<RoomMember> {
        let reply = try await send("room.members", isRepeatable: true) { json in
            json.field("room", room.rawValue)
            json.field("after", after)
            json.field("limit", limit)
        }
        return try Page(reply, "members") { try RoomMember($0) }
    }

    /// A code that lets others into the room.
    public func invite(to room: RoomID, expiresAfter seconds: Int64? = nil, uses: Int64? = nil) async throws -> String {
        let reply = try await send("room.invite") { json in
            json.field("room", room.rawValue)
            json.field("expires_s", seconds)
            json.field("uses", uses)
        }
        guard let code = reply.string("invite") else { throw ClientError.unexpectedReply(reply.description) }
        return code
    }

    /// Lets one member into the room.
    public func invite(_ member: MemberID, to room: RoomID) async throws {
        try await send("room.invite") { json in
            json.field("room", room.rawValue)
            json.field("member", member.rawValue)
        }
    }

    public func markRead(_ room: RoomID, seq: SequenceNumber, thread: SequenceNumber? = nil) async throws {
        try await send("read.mark", isRepeatable: true) { json in
            json.field("room", room.rawValue)
            json.field("seq", seq)
            json.field("thread", thread)
        }
    }

    public func typing(in room: RoomID) async throws { try await send("typing") { $0.field("room", room.rawValue) } }

    public func setPresence(_ state: String) async throws {
        try await send("presence.set", isRepeatable: true) { $0.field("state", state) }
    }
}
