import LyceumProtocol

/// Casts votes at a stated rate, and looks how old each connection's view of them gets.
///
/// Every vote is the first of its member on its question, so a tally of n means that n votes are in it: the votes of a
/// question in the order they were sent. What a connection did not see of a question is as old as the oldest vote that
/// its next tally brings.
final class VotePacer {
    private unowned let load: LoadGenerator
    private let questions: [Int64]
    private let interval: UInt64
    private let places: [Int64: Int]
    private var next = 0
    private var nextDue: UInt64?
    /// When each vote was sent, by question.
    private var sentAt: [[UInt64]]
    /// The newest count that each connection was told, by connection and question.
    private var told: [Int64]
    /// By the first connection: when each question's newest tally was committed.
    private var lastTally: [Int64?]
    private(set) var report = VoteReport()

    init(_ votes: LoadPlan.Votes, _ load: LoadGenerator) {
        self.load = load
        questions = votes.questions
        interval = UInt64(1e9 / votes.perSecond)
        places = Dictionary(votes.questions.enumerated().map { ($1, $0) }) { $1 }
        sentAt = Array(repeating: [], count: votes.questions.count)
        told = Array(repeating: 0, count: votes.questions.count * load.connections.count)
        lastTally = Array(repeating: nil, count: votes.questions.count)
    }

    /// Casts what is due now.
    func turn() {
        guard load.isSending else { return }
        let now = LoadGenerator.now()
        var time = nextDue ?? now
        while time <= now {
            cast(at: time)
            time += interval
        }
        nextDue = time
    }

    private func cast(at time: UInt64) {
        let connections = load.connections.count
        let (round, voter) = next.quotientAndRemainder(dividingBy: connections)
        next += 1
        // Each member begins with another question, so that all are voted on at once.
        guard round < questions.count, load.connections[voter].state == .ready else { return }
        let question = (voter + round) % questions.count
        var json = JSONWriter()
        json.object { json in
            // Out of the way of the posts' numbers.
            json.field("id", 1 << 40 + Int64(next))
            json.field("do", "question.vote")
            json.field("room", load.account(of: load.connections[voter]).rooms[0])
            json.field("question", questions[question])
            json.field("value", 1)
        }
        sentAt[question].append(time)
        report.cast += 1
        load.sendFrame(ClientFrame.text, json.bytes, on: load.connections[voter])
    }

    /// Takes in a `question.tally` event.
    func told(_ payload: UnsafeRawBufferPointer, at now: UInt64, on connection: LoadConnection) {
        guard let json = try? JSONObject(parsing: payload), let count = json["up"]?.integer,
            let question = json["question"]?.integer.flatMap({ places[$0] })
        else { return }
        let place = connection.index * questions.count + question
        let seen = Int(told[place])
        if seen < sentAt[question].count, count > seen {
            let sent = sentAt[question][seen]
            report.age.record(microseconds: now > sent ? (now - sent) / 1000 : 0)
        }
        told[place] = count
        report.tallies += 1
        guard connection.index == 0, let at = json["at"]?.integer else { return }
        if let last = lastTally[question] { report.shortestGap = min(report.shortestGap ?? .max, at - last) }
        lastTally[question] = at
    }
}

/// What came of votes beside a load.
public struct VoteReport: Sendable {
    public var cast = 0
    /// `question.tally` events that came, over all connections.
    public var tallies = 0
    /// How old the oldest vote was that a tally brought to a connection.
    public var age = LatencyHistogram()
    /// Between two tallies of one question, in milliseconds of the server's clock.
    public var shortestGap: Int64?

    func write(to json: inout JSONWriter) {
        json.field("cast", cast)
        json.field("tallies", tallies)
        json.field("view_p50_ms", age.milliseconds(atShare: 0.5))
        json.field("view_p99_ms", age.milliseconds(atShare: 0.99))
        json.field("view_max_ms", Double(age.maximum) / 1000)
        json.field("shortest_gap_ms", shortestGap)
    }
}
