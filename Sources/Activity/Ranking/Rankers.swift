/// What is recommended.
public enum Surface: String, CaseIterable, Sendable, Codable {
    case rooms, threads, questions, topics, peers, experts
}

/// The weight vectors that the surfaces rank by; they start as shipped and learn from what members do.
public struct Rankers: Sendable, Equatable {
    public internal(set) var threads = LinearRanker(start: ThreadFeature.start)
    public internal(set) var rooms = LinearRanker(start: RoomFeature.start)
    /// Anyone to talk to next, and members never met: people choose the two differently.
    public internal(set) var peers = LinearRanker(start: PeerFeature.start)
    public internal(set) var introductions = LinearRanker(start: PeerFeature.start)
    public internal(set) var experts = LinearRanker(start: ExpertFeature.start)

    public internal(set) var topics = LinearRanker(start: TopicFeature.start)

    public init() {}
}
