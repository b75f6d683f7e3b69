import LyceumProtocol

/// What became of a recommendation.
public enum FeedbackAction: String, Sendable, CaseIterable, Codable {
    case shown, opened, joined, replied, answered, followed, dismissed, muted
}

extension Recommender {
    /// Takes what a member did with an item; an impression of somebody else, or an old one, is ignored.
    ///
    /// - Parameter term: With `muted`, the term of the reason of which less is wanted.
    /// - Returns: Whether the impression was known.
    @discardableResult
    public mutating func feedback(
        _ action: FeedbackAction, impression number: UInt64, by member: MemberID, at now: UnixMilliseconds,
        term: String? = nil
    ) -> Bool {
        guard let impression = impressions.impression(number, of: member) else { return false }
        experiments.count(action, of: impression)
        switch action {
        case .shown:
            break
        case .opened, .joined, .replied, .answered, .followed:
            learn(impression, number, isWanted: true)
            if impression.surface == .experts, impression.isPublic, case .member(let expert) = impression.subject {
                asks[expert, default: DecayedSum()].add(1, at: Phase(now, .day))
            }
        case .dismissed:
            preferences[member, default: Preferences()].dismiss(impression.subject, at: now)
            learn(impression, number, isWanted: false)
        case .muted:
            mute(impression, term)
            learn(impression, number, isWanted: false)
        }
        return true
    }

    private mutating func mute(_ impression: Impression, _ term: String?) {
        if let term, impression.surface.featureNames.contains(term) {
            preferences[impression.viewer, default: Preferences()].dampen(impression.surface, term)
        } else {
            let wider = impression.subject.room.map(Subject.room) ?? impression.subject
            preferences[impression.viewer, default: Preferences()].wantLess(of: wider)
        }
    }

    /// A wanted item should have stood above the rest of its list, an unwanted one below.
    private mutating func learn(_ impression: Impression, _ number: UInt64, isWanted: Bool) {
        guard impression.isPublic else { return }
        let ranker = impression.surface.ranker(isIntroduction: impression.isIntroduction)
        var matrix = FeatureMatrix(width: impression.features.count)
        var chosen: [Int] = []
        for other in impressions.list(around: number, of: impression.viewer)
        where other.isPublic && other.isIntroduction == impression.isIntroduction {
            if (other.position == impression.position) == isWanted { chosen.append(matrix.count) }
            matrix.append(UInt32(other.position), ContiguousArray(other.features))
        }
        // Propensities correct for places filled at random; bounded so that one lucky showing moves little.
        rankers[keyPath: ranker].learn(matrix, chosen: chosen, importance: min(4, 1 / max(impression.propensity, 0.25)))
    }
}

extension Surface {
    func ranker(isIntroduction: Bool) -> WritableKeyPath<Rankers, LinearRanker> & Sendable {
        switch self {
        case .threads, .questions: \.threads
        case .rooms: \.rooms
        case .topics: \.topics
        case .peers: isIntroduction ? \.introductions : \.peers
        case .experts: \.experts
        }
    }

    /// The features of a candidate of which nothing is known.
    var blankRow: [Double] {
        switch self {
        case .threads, .questions: ThreadFeature.blank
        case .rooms: RoomFeature.blank
        case .topics: TopicFeature.blank
        case .peers: PeerFeature.blank
        case .experts: ExpertFeature.blank
        }
    }
}
