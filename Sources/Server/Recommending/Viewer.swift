import Activity
import Community
import LyceumProtocol

/// What one member may be shown, asked of the one gate.
struct Viewer {
    let id: MemberID
    private let server: ServerState
    private let now: UnixMilliseconds
    private let rooms: Set<RoomID>
    private let readsPublic: Bool

    init(_ id: MemberID, _ server: ServerState) {
        self.id = id
        self.server = server
        now = server.now()
        (rooms, readsPublic) = server.committed.withLock { community in
            (
                community.roomIDs(of: id),
                community.members[id]?.role.permissions.contains(.readPublic) ?? false
            )
        }
    }

    /// Whether they get recommendations at all: they want them, and may read what these are made of.
    var isServed: Bool {
        readsPublic && server.committed.withLock { $0.privacy(of: id).isCounted && $0.members[id] != nil }
    }

    func canRead(_ room: RoomID) -> Bool {
        rooms.contains(room) || server.committed.withLock { Gate.canSee(room, id, of: $0) }
    }

    var gate: RecommendationGate {
        RecommendationGate(
            // Asked for every private room there is; almost all are answered by the set.
            canRead: { canRead($0) },
            isJoined: { rooms.contains($0) },
            mayShow: { member in
                server.committed.withLock { Gate.mayShow(member, to: id, of: $0, at: now) }
            })
    }

    var names: DisplayNames {
        DisplayNames(
            room: { room in
                server.committed.withLock { community in
                    community.rooms[room].map { $0.title.isEmpty ? $0.name : $0.title } ?? ""
                }
            },
            member: { member in server.committed.withLock { $0.members[member]?.name ?? "" } })
    }
}
