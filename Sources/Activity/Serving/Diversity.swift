import LyceumProtocol

/// Keeps one room or one person from filling a list.
enum Diversity {
    static let perRoom = 4
    static let perStarter = 2

    /// The first `limit` of `ranked`, at most ``perRoom`` of a room and ``perStarter`` by a starter, with an unanswered
    /// question among threads if there is one; what was passed over fills the end.
    static func choose(_ ranked: [Recommender.Ranked], _ request: RecommendationRequest) -> [Recommender.Ranked] {
        let limit = max(0, request.limit)
        guard request.surface == .threads || request.surface == .questions, request.room == nil else {
            return request.surface == .peers ? mixed(ranked, request) : Array(ranked.prefix(limit))
        }
        var rooms: [RoomID: Int] = [:]
        var starters: [MemberID: Int] = [:]
        var chosen: [Recommender.Ranked] = []
        var passed: [Recommender.Ranked] = []
        for item in ranked where chosen.count < limit {
            let room = item.subject.room.map { rooms[$0, default: 0] } ?? 0
            let starter = item.starter.map { starters[$0, default: 0] } ?? 0
            guard room < perRoom, starter < perStarter else {
                passed.append(item)
                continue
            }
            if let room = item.subject.room { rooms[room, default: 0] += 1 }
            if let starter = item.starter { starters[starter, default: 0] += 1 }
            chosen.append(item)
        }
        chosen += passed.prefix(limit - chosen.count)
        admitQuestion(&chosen, ranked)
        return chosen
    }

    private static func admitQuestion(_ chosen: inout [Recommender.Ranked], _ ranked: [Recommender.Ranked]) {
        guard chosen.count >= 3, !chosen.contains(where: { $0.source != .ranked }),
            let question = ranked.first(where: { $0.source != .ranked })
        else { return }
        chosen[chosen.count - 1] = question
    }

    /// People one knows and people one does not, in turn: the two are scored by different rankers.
    private static func mixed(_ ranked: [Recommender.Ranked], _ request: RecommendationRequest) -> [Recommender.Ranked]
    {
        var known = ranked.filter { !$0.list.isIntroduction }[...]
        var new = ranked.filter { $0.list.isIntroduction }[...]
        var chosen: [Recommender.Ranked] = []
        while chosen.count < request.limit {
            let isKnownTurn = chosen.count % 2 == 0
            let first = isKnownTurn ? known.popFirst() : new.popFirst()
            guard let next = first ?? (isKnownTurn ? new.popFirst() : known.popFirst()) else { break }
            chosen.append(next)
        }
        return chosen
    }
}
