import LyceumProtocol

/// The counts of one poll.
///
/// Invariant: it is what adding every stored ballot of the poll to an empty one gives; adding and removing are exact
/// opposites.
public struct PollTally: Hashable, Sendable {
    /// By option: how many chose it; for ``Poll/Kind/ranked`` how many put it first.
    public private(set) var counts: [Int64]
    /// How many have voted.
    public private(set) var voters: Int64
    /// For ``Poll/Kind/ranked``: who prefers which to which.
    public private(set) var ranking: SchulzeRanking?

    public init(of poll: Poll) {
        counts = [Int64](repeating: 0, count: poll.options.count)
        voters = 0
        ranking = poll.kind == .ranked ? SchulzeRanking(options: poll.options.count) : nil
    }

    public init(counts: [Int64], voters: Int64, ranking: SchulzeRanking? = nil) {
        self.counts = counts
        self.voters = voters
        self.ranking = ranking
    }

    public mutating func add(_ ballot: Ballot) { change(ballot, by: 1) }
    public mutating func remove(_ ballot: Ballot) { change(ballot, by: -1) }

    private mutating func change(_ ballot: Ballot, by one: Int64) {
        voters += one
        let counted = ranking == nil ? ballot.choices[...] : ballot.choices.prefix(1)
        for choice in counted { counts[choice] += one }
        ranking?.count(ballot.choices, by: one)
    }
}
