import LyceumProtocol

/// A room as one member sees it, in the reply that signs in, lists or joins.
public struct RoomEntry: Sendable, Hashable {
    public let id: RoomID
    public let name: String
    public let title: String
    public let kind: String
    public let topic: String
    public let epoch: String
    public let seq: SequenceNumber
    public let readSeq: SequenceNumber
    public let unread: Int64
    public let mentions: Int64
    /// The member's role there.
    public let role: String
    public let slowModeSeconds: Int64
    public let isAnnouncement: Bool
    public let isArchived: Bool

    /// - Throws: ``JSONError`` if it is not a room's entry.
    public init(_ json: JSONText) throws {
        self = try json.read { room in
            RoomEntry(
                id: try room.room("id"), name: room["name"]?.string ?? "", title: room["title"]?.string ?? "",
                kind: try room.string("kind"), topic: room["topic"]?.string ?? "",
                epoch: room["epoch"]?.string ?? "", seq: try room.integer("seq"),
                readSeq: room["read_seq"]?.integer ?? 0, unread: room["unread"]?.integer ?? 0,
                mentions: room["mentions"]?.integer ?? 0, role: room["role"]?.string ?? "",
                slowModeSeconds: room["slow_mode_s"]?.integer ?? 0,
                isAnnouncement: room["members_only_post"]?.bool ?? false, isArchived: room["archived"]?.bool ?? false)
        }
    }

    private init(
        id: RoomID, name: String, title: String, kind: String, topic: String, epoch: String, seq: SequenceNumber,
        readSeq: SequenceNumber, unread: Int64, mentions: Int64, role: String, slowModeSeconds: Int64,
        isAnnouncement: Bool, isArchived: Bool
    ) {
        self.id = id
        self.name = name
        self.title = title
        self.kind = kind
        self.topic = topic
        self.epoch = epoch
        self.seq = seq
        self.readSeq = readSeq
        self.unread = unread
        self.mentions = mentions
        self.role = role
        self.slowModeSeconds = slowModeSeconds
        self.isAnnouncement = isAnnouncement
        self.isArchived = isArchived
    }

    /// The entry in the reply of a command that entered a room.
    init(inReply reply: JSONText) throws { try self.init(reply.object("entry") ?? reply) }
}

/// What signing in gave.
public struct SignIn: Sendable {
    public let session: Int64
    public let member: MemberID
    public let name: String
    /// Opens the same session again; `nil` if the client came with a token, which stays good.
    public let token: String?
    public let rooms: [RoomEntry]
    /// All of it.
    public let json: JSONText

    init(_ json: JSONText) throws {
        self.json = json
        let member = json.object("member") ?? JSONText([])
        self.member = try member.read { try $0.member("id") }
        name = member.string("name") ?? ""
        session = json.integer("session") ?? 0
        token = json.string("token")
        rooms = try json.objects("rooms").map { try RoomEntry($0) }
    }

    /// Whether the events of rooms come; a bot may have asked for its own stream alone.
    var hearsRooms: Bool {
        guard let bot = json.object("bot") else { return true }
        return bot.strings("intents").contains("messages") && bot.strings("scopes").contains("read")
    }
}

/// A member of a room.
public struct RoomMember: Sendable, Hashable {
    public let id: MemberID
    public let name: String
    public let role: String

    public init(id: MemberID, name: String, role: String) {
        self.id = id
        self.name = name
        self.role = role
    }

    init(_ json: JSONText) throws {
        self = try json.read { member in
            RoomMember(id: try member.member("id"), name: try member.string("name"), role: try member.string("role"))
        }
    }
}

/// What became of a post.
public struct PostReceipt: Sendable, Hashable {
    /// `nil` if it was held for review.
    public let seq: SequenceNumber?
    public let at: UnixMilliseconds
    public let verdict: String
    /// Whether an earlier sending under the same nonce had posted it already.
    public let isDuplicate: Bool

    init(_ json: JSONText) throws {
        seq = json.integer("seq")
        at = json.integer("at") ?? 0
        verdict = json.string("verdict") ?? ""
        isDuplicate = json.bool("duplicate") ?? false
    }
}

/// One page of a longer list.
public struct Page<Element: Sendable>: Sendable {
    public let elements: [Element]
    /// Where the following page begins; `nil` at the end.
    public let next: Int64?

    init(_ reply: JSONText, _ name: StaticString, _ element: (JSONText) throws -> Element) throws {
        elements = try reply.objects(name).map(element)
        next = reply.integer("next")
    }
}

/// One search result.
public struct SearchResult: Sendable, Hashable {
    public let room: RoomID
    public let seq: SequenceNumber
    public let text: String

    init(_ json: JSONText) throws {
        self = try json.read { hit in
            SearchResult(room: try hit.room("room"), seq: try hit.integer("seq"), text: try hit.string("text"))
        }
    }

    private init(room: RoomID, seq: SequenceNumber, text: String) {
        self.room = room
        self.seq = seq
        self.text = text
    }
}
