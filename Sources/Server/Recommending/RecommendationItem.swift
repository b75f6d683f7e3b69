import Activity
import Community
import LyceumProtocol

/// A recommendation ready to be told, with what must still be visible when it is.
struct RecommendationItem: Sendable {
    let key: String
    /// The whole item as a JSON object.
    let json: [UInt8]
    private let rooms: [RoomID]
    private let members: [MemberID]

    init(_ recommendation: Recommendation) {
        key = recommendation.subject.key
        var json = JSONWriter()
        json.write(recommendation)
        self.json = json.bytes
        var (rooms, members): ([RoomID], [MemberID]) = ([], [])
        switch recommendation.subject {
        case .room(let room), .thread(let room, _): rooms.append(room)
        case .member(let member): members.append(member)
        case .topic: break
        }
        for evidence in recommendation.reason.evidence {
            switch evidence {
            case .room(let room), .thread(let room, _): rooms.append(room)
            case .member(let member): members.append(member)
            case .topic, .count: break
            }
        }
        self.rooms = rooms
        self.members = members
    }

    /// Whether all of it may be told to `viewer` now; asked again just before it is.
    func isVisible(to viewer: MemberID, in community: borrowing Community, at now: UnixMilliseconds) -> Bool {
        for room in rooms where !Gate.canSee(room, viewer, of: copy community) { return false }
        for member in members where !Gate.mayShow(member, to: viewer, of: copy community, at: now) { return false }
        return true
    }
}

extension [RecommendationItem] {
    /// Those that may be told to `viewer` now.
    func visible(to viewer: MemberID, on server: ServerState) -> [RecommendationItem] {
        let now = server.now()
        return server.committed.withLock { community in
            filter { $0.isVisible(to: viewer, in: community, at: now) }
        }
    }
}

extension Surface {
    /// What one item of the list is called.
    var itemKind: String {
        switch self {
        case .rooms: "room"
        case .threads: "thread"
        case .questions: "question"
        case .topics: "topic"
        case .peers: "peer"
        case .experts: "expert"
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ recommendation: Recommendation) {
        object { json in
            json.field("kind", recommendation.surface.itemKind)
            json.field("key", recommendation.subject.key)
            json.fields(of: recommendation.subject)
            json.field("score", recommendation.score)
            json.field("impression", String(recommendation.impression))
            json.name("reason")
            json.write(recommendation.reason)
        }
    }

    /// What names a subject, as fields.
    mutating func fields(of subject: Subject) {
        switch subject {
        case .room(let room): field("room", room.rawValue)
        case .thread(let room, let root):
            field("room", room.rawValue)
            field("thread", root)
        case .member(let member): field("member", member.rawValue)
        case .topic(let name): field("topic", name)
        }
    }

    private mutating func write(_ reason: Reason) {
        object { json in
            json.field("code", reason.code)
            json.field("en", reason.en)
            json.field("zh", reason.zh)
            json.field("evidence", array: reason.evidence) { $0.write($1) }
            json.field("terms", array: reason.terms.filter { $0.contribution != 0 }) { json, term in
                json.object { json in
                    json.field("name", term.name)
                    json.field("weight", term.weight)
                    json.field("value", term.value)
                }
            }
        }
    }

    private mutating func write(_ evidence: Reason.Evidence) {
        object { json in
            switch evidence {
            case .room(let room): json.field("room", room.rawValue)
            case .thread(let room, let root):
                json.field("room", room.rawValue)
                json.field("thread", root)
            case .member(let member): json.field("member", member.rawValue)
            case .topic(let name, let weight):
                json.field("topic", name)
                json.field("weight", weight)
            case .count(let name, let count):
                json.field("count", count)
                json.field("of", name)
            }
        }
    }
}
