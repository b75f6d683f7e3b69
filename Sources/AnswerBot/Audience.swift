import LyceumClient
import LyceumProtocol

/// Who gets to read an answer, and whether they may see where it comes from.
///
/// Told by the public interface: whoever is in another room sees it. Of those who are not, guests see no public rooms,
/// so where one of them reads along nothing is brought in from elsewhere.
struct Audience {
    /// Rooms with more members than this get answers from themselves alone: it would take too long to ask.
    private static let limit = 400

    let client: Client
    let room: RoomID
    /// `nil` for who asked anonymously.
    let asking: MemberID?
    /// Whether the one who asks is the only reader.
    let isAlone: Bool

    init(of client: Client, in room: RoomID, asking: MemberID?, isAlone: Bool) {
        self.client = client
        self.room = room
        self.asking = asking
        self.isAlone = isAlone
    }

    /// - Parameter source: Another room, a public one.
    func maySee(_ source: RoomID) async throws -> Bool {
        guard let asking else { return false }
        let after = try await client.members(of: source, after: asking.rawValue - 1, limit: 1).elements
        guard after.first?.id == asking else { return false }
        return isAlone ? true : try await !hasGuests()
    }

    private func hasGuests() async throws -> Bool {
        let page = try await client.members(of: room, limit: Int(Self.limit))
        guard page.next == nil else { return true }
        let ids = page.elements.map(\.id.rawValue)
        for start in stride(from: 0, to: ids.count, by: 200) {
            let part = Array(ids[start..<min(start + 200, ids.count)])
            let members = try await client.send("member.get", isRepeatable: true) { json in
                json.field("members", array: part) { $0.value($1) }
            }.objects("members")
            if members.contains(where: { $0.string("role") == "guest" }) { return true }
        }
        return false
    }
}
