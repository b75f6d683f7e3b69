import LyceumProtocol

/// Newest times, first times and strongest items: what is a maximum over a member's events and not a sum.
///
/// A maximum cannot be taken back by subtraction, so when an event is forgotten the extremes of its author are wiped and
/// noted again from the record.
extension Engine {
    @inline(__always) mutating func note(_ contribution: Contribution, _ instant: Instant) {
        switch contribution {
        case .post(let author, let thread, let room, _):
            notePost(profile(of: author), author, thread, room, instant)
        case .asked(let author, let thread):
            let profile = profile(of: author)
            if instant.at >= profiles[profile].askedAt {
                profiles[profile].askedAt = instant.at
                profiles[profile].lastAsked = thread
            }
        case .topic(let term, let author, _):
            let topic = topic(of: term)
            topics[topic].heat.hear(author, instant)
            if instant.at > topicLinks.time(of: topic) { topicLinks.place(topic, at: instant.at, in: &activeTopics) }
        case .contact(let from, let to, _):
            let profile = profile(of: from)
            if let position = profiles[profile].contacts.position(of: to) {
                profiles[profile].contacts.update(at: position) { $0.last = max($0.last, instant.at) }
            }
        case .edge(let member, let item, let weight):
            noteEdge(member, item, weight, instant)
        default:
            break
        }
    }

    private mutating func notePost(
        _ profile: UInt32, _ author: UInt32, _ thread: UInt32, _ room: UInt32, _ instant: Instant
    ) {
        threads[thread].heat.hear(author, instant)
        rooms[room].heat.hear(author, instant)
        profiles[profile].first = min(profiles[profile].first, instant.at)
        if instant.at >= profiles[profile].last {
            profiles[profile].last = instant.at
            profiles[profile].lastRoom = room
            profiles[profile].lastThread = thread
            activeLinks.place(profile, at: instant.at, in: &activeProfiles)
        }
        guard let position = profiles[profile].rooms.position(of: room) else { return }
        var first = UnixMilliseconds.max
        profiles[profile].rooms.update(at: position) {
            first = $0.first
            $0.first = min(first, instant.at)
            $0.last = max($0.last, instant.at)
        }
        guard instant.at < first else { return }
        if first == .max {
            rooms[room].arrivals.add(1, at: instant.week)
        } else {
            rooms[room].arrivals.adjust(by: -1, at: Phase(first, .week))
            rooms[room].arrivals.adjust(by: 1, at: instant.week)
        }
    }

    mutating func forgetArrival(_ profile: UInt32, _ room: UInt32) {
        guard let position = profiles[profile].rooms.position(of: room) else { return }
        let first = profiles[profile].rooms.value(at: position).first
        guard first != .max else { return }
        rooms[room].arrivals.remove(1, at: Phase(first, .week))
        profiles[profile].rooms.update(at: position) {
            $0.first = .max
            $0.last = .min
        }
    }

    /// Wipes the extremes of `member`; ``note(_:_:)`` over their events sets them again.
    mutating func wipeExtremes(of member: UInt32) {
        wipeEdges(of: member)
        let profile = members[member].profile
        guard profile != Member.none else { return }
        profiles[profile].first = .max
        profiles[profile].last = .min
        profiles[profile].lastRoom = Member.none
        profiles[profile].lastThread = Member.none
        profiles[profile].askedAt = .min
        profiles[profile].lastAsked = Member.none
        activeLinks.unlink(profile, from: &activeProfiles)
        for entry in profiles[profile].rooms.entries {
            forgetArrival(profile, entry.key)
            rooms[entry.key].heat.silence(member)
        }
        for position in 0..<profiles[profile].contacts.count {
            profiles[profile].contacts.update(at: position) { $0.last = .min }
        }
    }

    // MARK: Items for collaborative filtering

    /// Items a member is compared by. With the maximum and one common half-life, what falls out of the strongest can come
    /// back only by a newer event, so the bound loses nothing.
    static var itemLimit: Int { 32 }

    private mutating func noteEdge(_ member: UInt32, _ item: UInt32, _ weight: Double, _ instant: Instant) {
        let phase = instant.halfYear
        let scale = (weight * phase.factor).exponent
        var edge = ItemEdge(
            mantissa: scaled(weight * phase.factor, by: -Int32(scale)), last: instant.at, item: item,
            exponent: phase.exponent + Int32(scale))
        var edges = members[member].edges
        members[member].edges = []
        defer { members[member].edges = edges }
        if let position = edges.firstIndex(where: { $0.item == item }) {
            let old = edges[position]
            if !old.isBelow(edge) {
                edges[position].last = max(old.last, instant.at)
                return
            }
            edge.last = max(old.last, instant.at)
            if position > 1 { pairs.approach(item, edges) }
            pairs.raise(old, to: edge, among: edges)
            edges.remove(at: position)
        } else {
            if edges.count == Self.itemLimit, let weakest = edges.last {
                guard weakest.isBelow(edge) else { return }
                edges.removeLast()
                pairs.approach(weakest.item, edges)
                pairs.remove(weakest, from: edges)
            }
            pairs.approach(item, edges)
            pairs.insert(edge, into: edges)
        }
        edges.insert(edge, at: edges.firstIndex { $0.isBelow(edge) } ?? edges.count)
    }

    private mutating func wipeEdges(of member: UInt32) {
        var edges = members[member].edges
        while let edge = edges.popLast() { pairs.remove(edge, from: edges) }
        members[member].edges = []
    }
}
