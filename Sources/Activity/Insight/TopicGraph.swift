import LyceumProtocol

/// Two topics that the same members write about.
public struct TopicEdge: Sendable, Equatable {
    public let a, b: String
    public let similarity: Double
    /// Members who write about both; `nil` while there are too few to be named.
    public let members: Int?
}

extension Engine {
    /// Members who must share two topics before the edge is drawn.
    static var leastShared: UInt32 { 3 }

    /// The topics that go together, most alike first: an edge wherever enough members use both tags.
    public func topicGraph(limit: Int = 100) -> [TopicEdge] {
        var edges: [TopicEdge] = []
        for pair in pairs.pairs where pair.low & 1 == 1 && pair.high & 1 == 1 && pair.sum.count >= Self.leastShared {
            guard
                let similarity = pairs.similarity(pair.high, pair.low, atLeast: Self.leastShared)
            else { continue }
            let names = [terms[pair.low >> 1].name, terms[pair.high >> 1].name].sorted()
            let members = Int(pair.sum.count)
            edges.append(
                TopicEdge(
                    a: names[0], b: names[1], similarity: similarity,
                    members: members >= Self.leastShown ? members : nil))
        }
        edges.sort { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : ($0.a, $0.b) < ($1.a, $1.b) }
        return Array(edges.prefix(limit))
    }
}
