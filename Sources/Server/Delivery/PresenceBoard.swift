import Community
import Locking
import LyceumProtocol

/// Who is here. Ephemeral: nothing of it is stored, and changes are told in batches.
final class PresenceBoard: Sendable {
    /// How a member wants to appear while connected.
    enum Wish: String, Sendable {
        case online, away, busy, invisible
    }

    /// How a member appears to others.
    enum State: String, Sendable {
        case online, away, busy, offline
    }

    private struct Entry {
        var connections = 0
        var wish = Wish.online
        var told = State.offline

        var state: State {
            guard connections > 0 else { return .offline }
            switch wish {
            case .online: return .online
            case .away: return .away
            case .busy: return .busy
            case .invisible: return .offline
            }
        }
    }

    private struct Board {
        var entries: [MemberID: Entry] = [:]
        var changed: Set<MemberID> = []
    }

    private let board = Locked(Board())

    func state(of member: MemberID) -> State { board.withLock { $0.entries[member]?.state ?? .offline } }

    /// Whether the member has an open connection, however they want to appear.
    func isConnected(_ member: MemberID) -> Bool { board.withLock { $0.entries[member]?.connections ?? 0 > 0 } }
    func connectedMembers() -> [MemberID] {
        board.withLock { $0.entries.filter { $0.value.connections > 0 }.map(\.key) }
    }

    func connected(_ member: MemberID) { change(member) { $0.connections += 1 } }
    func disconnected(_ member: MemberID) { change(member) { $0.connections -= 1 } }
    func wish(_ wish: Wish, of member: MemberID) { change(member) { $0.wish = wish } }

    private func change(_ member: MemberID, _ body: (inout Entry) -> Void) {
        board.withLock { board in
            body(&board.entries[member, default: Entry()])
            board.changed.insert(member)
        }
    }

    /// Those who appear other than they were last told to, which counts as told now. A flap in between is nothing.
    func takeChanges() -> [(MemberID, State)] {
        board.withLock { board in
            let changed = board.changed
            board.changed.removeAll()
            return changed.compactMap { member in
                guard let entry = board.entries[member] else { return nil }
                if entry.connections == 0 {
                    board.entries[member] = nil
                } else {
                    board.entries[member]?.told = entry.state
                }
                return entry.state == entry.told ? nil : (member, entry.state)
            }
        }
    }
}
