import Community
import LyceumProtocol
import Transport

/// Where a client left off, as `session.open` carries it.
struct ResumeRequest: Sendable {
    let rooms: [Cursor]
    let me: (epoch: String, seq: SequenceNumber)?
    /// Streams that are not resumed here, such as the moderators', which `review.subscribe` goes on with.
    let others: [String]

    init(_ value: JSONValue?) throws(JSONError) {
        var rooms: [Cursor] = []
        var me: (epoch: String, seq: SequenceNumber)?
        var others: [String] = []
        for element in value?.elements ?? [] {
            let json = try JSONObject(element)
            guard let epoch = json["epoch"]?.string, let seq = json["seq"]?.integer, seq >= 0 else {
                throw .field("resume", "an array of cursors")
            }
            if json["stream"]?.string == "me" {
                me = (epoch, seq)
            } else if let stream = json["stream"]?.string, stream.utf8.count <= 20 {
                others.append(stream)
            } else if let room = json["room"]?.integer {
                rooms.append(Cursor(room: RoomID(room), epoch: epoch, seq: seq))
            } else {
                throw .field("resume", "an array of cursors")
            }
        }
        // A room told twice would be heard twice.
        guard Set(rooms.map(\.room)).count == rooms.count else { throw .field("resume", "one cursor for each room") }
        self.rooms = rooms
        self.me = me
        self.others = others
    }
}

/// The answer to `session.open` and the replays that follow it, prepared off the loop from one snapshot.
struct SignInAnswer: Sendable {
    /// Events of one room that are replayed at most; behind by more, a client reloads.
    private static let replayLimit = 2000
    /// Bytes of all replays together; must leave room in the outbox for what happens next.
    private static let replayBytes = 512 * 1024

    /// About what an entry of a room takes of that.
    private static let entryBytes = 400

    let reply: [UInt8]
    let replays: [Chunk]
    /// The newest events that the answer or its replay tells of, by room.
    let heads: [RoomID: SequenceNumber]
    let me: SequenceNumber

    private enum Resumed {
        case replay(events: Int)
        case reset(epoch: String, seq: SequenceNumber)
        case gone
    }

    /// What the community, as it is on disk, says of the member.
    private struct View {
        let member: Member
        let epoch: String
        let rooms: [Room]
        let readMarks: [RoomID: SequenceNumber]
        let isBanned: Bool
    }

    static func prepare(
        _ session: Session, token: String?, resume: ResumeRequest, replays: Bool, bot: BotSession?,
        _ server: ServerState
    ) -> Result<SignInAnswer, Refusal> {
        do {
            return .success(
                try server.store.read { reader in
                    // Taken inside the read: the store's snapshot is at least as new, and what it has beyond is cut.
                    let view: View? = server.committed.withLock { community in
                        guard community.session(session.id) != nil, let member = community.members[session.member]
                        else {
                            return nil
                        }
                        let isBanned = member.isBanned(at: server.now())
                        let rooms = isBanned ? [] : community.roomIDs(of: member.id).sorted()
                        return View(
                            member: member, epoch: community.epoch, rooms: rooms.compactMap { community.rooms[$0] },
                            readMarks: isBanned ? [:] : community.readMarks(of: member.id), isBanned: isBanned)
                    }
                    guard let view else { throw Refusal(.unauthenticated, "The session has ended.") }
                    return try SignInAnswer(session, token, resume, replays, bot, view, reader, server)
                })
        } catch let error as StoreError {
            return .failure(server.refusal(for: error))
        } catch {
            return .failure(Refusal(error))
        }
    }

    private init(
        _ session: Session, _ token: String?, _ resume: ResumeRequest, _ replaying: Bool,
        _ bot: BotSession?, _ view: View, _ reader: any CommunityReader, _ server: ServerState
    ) throws {
        var chunks: [Chunk] = []
        var budget = max(0, Self.replayBytes - view.rooms.count * Self.entryBytes)
        let rooms = Dictionary(uniqueKeysWithValues: view.rooms.map { ($0.id, $0) })
        let resumed: [(RoomID, Resumed)] = try resume.rooms.map { cursor in
            guard let room = rooms[cursor.room], bot?.hearsRooms ?? true else { return (cursor.room, .gone) }
            return (room.id, try Self.replay(cursor, room, view.epoch, reader, &budget, &chunks))
        }
        let resumedMe = try resume.me.map { me in
            try Self.replayMe(me, view.member, view.epoch, reader, &budget, &chunks)
        }
        let mentions = try reader.unreadMentions(of: view.member.id, after: view.readMarks)
        reply = server.committed.withLock { community in
            object { json in
                json.field("session", session.id.rawValue)
                json.field("token", token)
                Self.write(view.member, to: &json)
                json.field(
                    "me",
                    object: { json in
                        json.field("epoch", view.epoch)
                        json.field("seq", view.member.meSeq)
                    })
                json.field("rooms", array: view.rooms) { json, room in
                    json.object { json in
                        RoomEntry.write(
                            room, for: view.member.id, mentions: mentions[room.id] ?? 0, of: community, to: &json)
                    }
                }
                Self.write(resumed, resumedMe, resume.others, to: &json)
                if view.isBanned { json.field("appeal_only", true) }
                if let bot { json.field("bot", object: { bot.write(to: &$0, server.settings.limits) }) }
            }
        }
        replays = replaying ? chunks : []
        heads = rooms.mapValues(\.seq)
        me = view.member.meSeq
    }

    private static func write(_ member: Member, to json: inout JSONWriter) {
        json.field(
            "member",
            object: { json in
                json.field("id", member.id.rawValue)
                json.field("name", member.name)
                json.field("role", member.role.rawValue)
                json.field("roles", array: [member.role]) { $0.value($1.rawValue) }
            })
    }

    private enum Place {
        case room(RoomID), stream(String)
    }

    private static func write(
        _ rooms: [(RoomID, Resumed)], _ me: Resumed?, _ others: [String], to json: inout JSONWriter
    ) {
        let streams = (me.map { [("me", $0)] } ?? []) + others.map { ($0, .gone) }
        json.name("resumed")
        json.array(rooms.map { (Place.room($0.0), $0.1) } + streams.map { (.stream($0.0), $0.1) }) { json, entry in
            json.object { json in
                switch entry.0 {
                case .room(let room): json.field("room", room.rawValue)
                case .stream(let name): json.field("stream", name)
                }
                switch entry.1 {
                case .replay(let events): json.field("replay", events)
                case .gone: json.field("gone", true)
                case .reset(let epoch, let seq):
                    json.field(
                        "reset",
                        object: { json in
                            json.field("epoch", epoch)
                            json.field("seq", seq)
                        })
                }
            }
        }
    }

    /// All events after the cursor up to the room's head, or a reset: never a part.
    private static func replay(
        _ cursor: Cursor, _ room: Room, _ epoch: String, _ reader: any CommunityReader, _ budget: inout Int,
        _ chunks: inout [Chunk]
    ) throws -> Resumed {
        let missing = room.seq - cursor.seq
        guard cursor.epoch == epoch, missing >= 0, missing <= replayLimit else {
            return .reset(epoch: epoch, seq: room.seq)
        }
        if missing == 0 { return .replay(events: 0) }
        let events = try reader.events(
            in: room.id, after: cursor.seq, limit: Int(missing), maximumBytes: budget)
        return append(events.map(\.body), expected: Int(missing), &budget, &chunks)
            ?? .reset(epoch: epoch, seq: room.seq)
    }

    private static func replayMe(
        _ cursor: (epoch: String, seq: SequenceNumber), _ member: Member, _ epoch: String,
        _ reader: any CommunityReader, _ budget: inout Int, _ chunks: inout [Chunk]
    ) throws -> Resumed {
        let missing = member.meSeq - cursor.seq
        guard cursor.epoch == epoch, missing >= 0, missing <= replayLimit else {
            return .reset(epoch: epoch, seq: member.meSeq)
        }
        let events = try reader.meEvents(of: member.id, after: cursor.seq, limit: Int(missing))
        return append(events.map(\.body), expected: Int(missing), &budget, &chunks)
            ?? .reset(epoch: epoch, seq: member.meSeq)
    }

    private static func append(
        _ bodies: [[UInt8]], expected: Int, _ budget: inout Int, _ chunks: inout [Chunk]
    ) -> Resumed? {
        let bytes = bodies.reduce(0) { $0 + $1.count }
        guard bodies.count == expected, bytes <= budget else { return nil }
        budget -= bytes
        if !bodies.isEmpty { chunks.append(Chunk(texts: bodies)) }
        return .replay(events: bodies.count)
    }
}
