import Community
import LyceumProtocol

/// `question.vote`: one vote a member and question; a later one takes its place, 0 takes it back.
///
/// The room is not told of each vote but of the counts, at most once in 250 ms.
struct VoteOnQuestion: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("question", .number), .required("value", .integer(-1...1)),
    ]
    static let answer: [Field] = [
        .required("question", .number), .required("mine", .integer(-1...1)),
        .required("votes", .integer(-(1 << 53)...1 << 53)), .required("up", .position), .required("down", .position),
    ]

    let room: RoomID?
    private let question: SequenceNumber
    private let value: Int64

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        question = try fields.integer("question")
        value = try fields.integer("value")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        guard let question = try context.transaction.question(question, in: room.id) else { throw Refusal.notFound }
        try check(question, member, in: context)
        let counts = try context.vote(value, on: question, by: member.id)
        return object { json in
            json.field("question", question.seq)
            json.field("mine", value)
            QuestionText.write(counts, to: &json)
        }
    }

    private func check(_ question: Question, _ member: Member, in context: WriteContext) throws {
        // Or whoever has twenty bots has twenty-one votes.
        try context.require(.person)
        let session = try context.qaSession(question.qa, in: question.room)
        // What the member cannot see yet does not exist for them.
        if question.textSeq == nil, !Gate.mayHold(session, member.id, of: context.community) { throw Refusal.notFound }
        try context.checkOpen(session)
        guard question.state == .open || question.state == .live else {
            let details = object { json in
                json.field("state", question.state.rawValue)
                json.field("into", question.into)
            }
            throw Refusal(
                .conflict, "Nobody votes on a question that is \(question.state.rawValue).", details: details)
        }
        guard value >= 0 || session.rules.downvotes else {
            throw Refusal(.forbidden, "There are no votes against questions in this session.")
        }
        if !session.rules.selfVotes, try context.transaction.author(of: question) == member.id {
            throw Refusal(.forbidden, "Nobody votes on their own question in this session.")
        }
    }
}

extension WriteContext {
    /// Puts a member's vote in the place of what counted of theirs before.
    func vote(_ value: Int64, on question: Question, by member: MemberID) throws -> VoteCounts {
        let before = try transaction.vote(of: member, on: question.seq, in: question.room)
        var counts = question.counts
        counts.count(before, times: -1)
        counts.count(value)
        let vote = QuestionVote(question: question.seq, member: member, value: value, at: now)
        try transaction.put(vote, in: question.room)
        if counts != question.counts {
            try transaction.put(counts, of: question.seq, in: question.room)
            note(.changed(.questions))
        }
        if !question.isAnonymous, before != value {
            if before != 0 { try note(.unvoted, by: member, in: question.room, thread: question.seq) }
            if value != 0 { try note(.voted, by: member, in: question.room, thread: question.seq, detail: "\(value)") }
        }
        return counts
    }
}
