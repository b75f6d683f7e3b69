import Activity
import LyceumProtocol

/// Lists for one member.
extension ActivityCore {
    /// How long a list is that is pushed.
    static let listLength = 10

    /// The list for one surface, best first, ready to be told.
    func items(
        _ surface: Surface, for viewer: Viewer, limit: Int = listLength, room: RoomID? = nil, question: String? = nil,
        at now: UnixMilliseconds
    ) -> (subjects: [Subject], items: [RecommendationItem]) {
        let request = RecommendationRequest(
            viewer: viewer.id, surface: surface, room: room, question: question, limit: limit, now: now)
        return items(of: recommender.propose(request, from: tracker, gate: viewer.gate), for: viewer, at: now)
    }

    /// What would stand in a list, without counting it as shown.
    func proposal(_ surface: Surface, for viewer: Viewer, at now: UnixMilliseconds) -> Recommender.Proposal {
        let request = RecommendationRequest(viewer: viewer.id, surface: surface, limit: Self.listLength, now: now)
        return recommender.propose(request, from: tracker, gate: viewer.gate)
    }

    /// The items of a list, which count as shown.
    func items(
        of proposal: Recommender.Proposal, for viewer: Viewer, at now: UnixMilliseconds
    ) -> (subjects: [Subject], items: [RecommendationItem]) {
        // Seeded by who asks and when: what others are shown draws nothing from it.
        var random = SplitMix64(viewer: viewer.id, now: now)
        let list = recommender.present(proposal, gate: viewer.gate, names: viewer.names, random: &random)
        return (list.map(\.subject), list.map { RecommendationItem($0) })
    }
}

extension SplitMix64 {
    /// Seeded for one list of one member.
    init(viewer: MemberID, now: UnixMilliseconds) {
        self.init(seed: UInt64(bitPattern: viewer.rawValue) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: now))
    }
}
