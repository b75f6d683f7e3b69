import Community
import LyceumProtocol

extension ServerState {
    /// What is due once a second, whatever happens: who came and went is told to the rooms they are in.
    func everySecond(at now: UnixMilliseconds) {
        tendModeration(at: now)
        tendFiles(at: now)
        let changes = presence.takeChanges()
        guard !changes.isEmpty else { return }
        for (room, members) in roomsToTell(changes) {
            let body = object { json in
                json.field("event", SignalKind.presence.rawValue)
                json.field("room", room.rawValue)
                json.field("members", array: members) { json, entry in
                    json.object { json in
                        json.field("member", entry.0.rawValue)
                        json.field("state", entry.1.rawValue)
                    }
                }
            }
            onEveryHub { $0.signal(body, in: room) }
        }
    }

    /// The changes by room, without the rooms in which telling everybody of everybody would grow with the square.
    private func roomsToTell(
        _ changes: [(MemberID, PresenceBoard.State)]
    ) -> [RoomID: [(MemberID, PresenceBoard.State)]] {
        committed.withLock { community in
            var byRoom: [RoomID: [(MemberID, PresenceBoard.State)]] = [:]
            for change in changes {
                for room in community.roomIDs(of: change.0)
                where community.memberCount(of: room) <= Hub.chattyRoomLimit {
                    byRoom[room, default: []].append(change)
                }
            }
            return byRoom
        }
    }
}
