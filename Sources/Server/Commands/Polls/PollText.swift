import Community
import LyceumProtocol

/// Polls as JSON.
enum PollText {
    /// Words of a cloud.
    static let cloudLimit = 50

    static let fields = """
        seq, by, at, question, options, kind, multiple, anonymous, results_hidden, closes_at, closed, closed_at, \
        voters, counts, ranking, pairs, words, quiz_answer, mine, text
        """

    /// What is asked, and nothing of the answers: not which option of a quiz is right.
    static func writeWording(_ poll: Poll, to json: inout JSONWriter) {
        json.field("question", poll.question)
        json.field("options", array: poll.options) { $0.value($1) }
        json.field("kind", poll.kind.rawValue)
        if poll.kind == .multiple { json.field("multiple", true) }
        if poll.isAnonymous { json.field("anonymous", true) }
        if poll.hidesResults { json.field("results_hidden", true) }
        json.field("closes_at", poll.closesAt)
    }

    /// The counts, as far as they may be shown: the one place that decides it, for events and answers alike.
    static func writeResults(_ poll: Poll, _ results: PollResults, to json: inout JSONWriter) {
        json.field("voters", results.tally.voters)
        guard poll.showsResults else { return }
        if poll.kind == .text {
            json.field("words", array: results.words) { json, word in
                json.object { json in
                    json.field("text", word.text)
                    json.field("count", word.count)
                }
            }
        } else {
            json.field("counts", array: results.tally.counts) { $0.value($1) }
        }
        if let ranking = results.tally.ranking { write(ranking, to: &json) }
        if poll.closedAt != nil { json.field("quiz_answer", poll.rightOption) }
    }

    private static func write(_ ranking: SchulzeRanking, to json: inout JSONWriter) {
        json.field("ranking", array: ranking.places) { json, place in json.array(place) { $0.value($1) } }
        json.field("pairs", array: 0..<ranking.options) { json, a in
            json.array(0..<ranking.options) { $0.value(ranking.preferring(a, to: $1)) }
        }
    }

    /// A poll as one member sees it.
    static func write(_ poll: Poll, _ results: PollResults, _ own: Ballot?, to json: inout JSONWriter) {
        json.object { json in
            json.field("seq", poll.seq)
            json.field("by", poll.author.rawValue)
            json.field("at", poll.openedAt)
            writeWording(poll, to: &json)
            json.field("closed", poll.closedAt != nil)
            json.field("closed_at", poll.closedAt)
            writeResults(poll, results, to: &json)
            writeOwn(own, to: &json)
        }
    }

    /// What a member has voted.
    static func writeOwn(_ ballot: Ballot?, to json: inout JSONWriter) {
        json.field("mine", array: ballot?.choices ?? []) { $0.value($1) }
        if let ballot, !ballot.text.isEmpty { json.field("text", ballot.text) }
    }
}

/// What a poll has given so far.
struct PollResults {
    let tally: PollTally
    let words: [PollWord]

    init(of poll: Poll, _ reader: any CommunityReader) throws {
        tally = try reader.tally(of: poll)
        words = poll.kind == .text && poll.showsResults ? try reader.words(of: poll, limit: PollText.cloudLimit) : []
    }
}
