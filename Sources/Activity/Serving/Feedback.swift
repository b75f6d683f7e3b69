import LyceumProtocol

/// What became of a recommendation.
public enum FeedbackAction: String, Sendable, CaseIterable, Codable {
    case shown, opened, joined, replied, answered, followed, dismissed, muted
}

/// What a member did with a recommendation, and all that is learnt from it: it can be stored, and learnt from again.
public struct Feedback: Sendable, Codable {
    public let action: FeedbackAction
    public let surface: Surface
    public var subject: Subject { Subject(key: key) ?? .topic(key) }
    var isWanted: Bool { action != .dismissed && action != .muted }
    private let key: String
    /// With ``FeedbackAction/muted``, the term of the reason of which less is wanted.
    let term: String?
    let arm: String
    let source: Exploration.Source
    let propensity: Double
    let isPublic, isIntroduction: Bool
    /// The features of the whole list, row after row; empty where nothing may be learnt.
    private let features: [Float]
    /// The rows that should have stood above the rest.
    let chosen: [Int]

    init(_ action: FeedbackAction, of impression: Impression, among list: [Impression], term: String?) {
        self.action = action
        self.term = term
        surface = impression.surface
        key = impression.subject.key
        arm = impression.arm
        source = impression.source
        propensity = impression.propensity
        isPublic = impression.isPublic
        isIntroduction = impression.isIntroduction
        let comparable =
            impression.isPublic && action != .shown
            ? list.filter { $0.isPublic && $0.isIntroduction == impression.isIntroduction } : []
        // A wanted item should have stood above the rest of its list, an unwanted one below.
        let isWanted = action != .dismissed && action != .muted
        chosen = comparable.indices.filter { (comparable[$0].position == impression.position) == isWanted }
        features = comparable.flatMap { $0.features.map { Float($0) } }
    }

    /// The list as the ranker saw it; `nil` if the surface has other features by now.
    func matrix(width: Int) -> FeatureMatrix? {
        let rows = features.count / width
        guard rows > 0, features.count == rows * width, chosen.allSatisfy({ $0 >= 0 && $0 < rows }) else { return nil }
        var matrix = FeatureMatrix(width: width)
        for row in 0..<rows {
            matrix.append(UInt32(row), ContiguousArray(features[row * width..<(row + 1) * width].map(Double.init)))
        }
        return matrix
    }
}

extension Recommender {
    /// What `action` on an impression says; `nil` for an impression of somebody else, or an old one.
    public func feedback(
        _ action: FeedbackAction, impression number: UInt64, by member: MemberID, term: String? = nil
    ) -> Feedback? {
        impressions.impression(number, of: member).map {
            Feedback(action, of: $0, among: impressions.list(around: number, of: member), term: term)
        }
    }

    /// Learns from what a member did with an item.
    public mutating func take(_ feedback: Feedback, by member: MemberID, at now: UnixMilliseconds) {
        experiments.count(feedback)
        switch feedback.action {
        case .shown: return
        case .opened, .joined, .replied, .answered, .followed:
            if feedback.surface == .experts, feedback.isPublic, case .member(let expert) = feedback.subject {
                asks[expert, default: DecayedSum()].add(1, at: Phase(now, .day))
            }
        case .dismissed: preferences[member, default: Preferences()].dismiss(feedback.subject, at: now)
        case .muted: mute(feedback, by: member)
        }
        learn(feedback)
    }

    private mutating func mute(_ feedback: Feedback, by member: MemberID) {
        if let term = feedback.term, feedback.surface.featureNames.contains(term) {
            preferences[member, default: Preferences()].dampen(feedback.surface, term)
        } else {
            let wider = feedback.subject.room.map(Subject.room) ?? feedback.subject
            preferences[member, default: Preferences()].wantLess(of: wider)
        }
    }

    private mutating func learn(_ feedback: Feedback) {
        guard feedback.isPublic, let matrix = feedback.matrix(width: feedback.surface.featureNames.count) else {
            return
        }
        let ranker = feedback.surface.ranker(isIntroduction: feedback.isIntroduction)
        // Propensities correct for places filled at random; bounded so that one lucky showing moves little.
        rankers[keyPath: ranker].learn(
            matrix, chosen: feedback.chosen, importance: min(4, 1 / max(feedback.propensity, 0.25)))
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
