import Community
import LyceumProtocol

/// `poll.vote`: answers a poll, changes one's answer, or with an empty `options` or `text` takes it back. One of the
/// two has to stand there, so that a misspelt field costs nobody their vote.
struct VotePoll: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("poll", .number),
        .optional("options", .array(.integer(0...Int64(Poll.optionCounts.upperBound - 1)), atMost: 20)),
        .optional("text", .string(0...100)),
    ]
    static let answer: [Field] = [
        .required("mine", .array(.integer(0...Int64(Poll.optionCounts.upperBound - 1)), atMost: 20)),
        .optional("text", .string(1...100)),
    ]

    let room: RoomID?
    private let poll: SequenceNumber
    private let choices: [Int]
    private let text: String
    var texts: [SubmittedText] { text.isEmpty ? [] : [SubmittedText(kind: .pollAnswer, text: text)] }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        poll = try fields.integer("poll")
        choices = fields.optionalIntegers("options")?.map(Int.init) ?? []
        text = fields.optionalString("text") ?? ""
        guard fields.json["options"] != nil || fields.json["text"] != nil else {
            throw .field("options", "given where \"text\" is not")
        }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        // Or whoever has twenty bots has twenty-one votes.
        try context.require(.person)
        let member = try context.requireActor()
        let poll = try context.poll(poll, in: try context.room(room).id)
        guard poll.isOpen(at: context.now) else { throw Refusal(.conflict, "This poll is closed.") }
        var ballot = try poll.ballot(of: member.id, choices: choices, text: text, at: context.now)
        if ballot?.text.isEmpty == false {
            // The cloud is there for everybody at once, so an answer cannot wait for a moderator.
            let shown = try context.admit(text, as: .pollAnswer)
            ballot = Ballot(member: member.id, choices: choices, text: shown, at: context.now)
        }
        let earlier = try context.transaction.ballot(of: member.id, on: poll)
        if let ballot, ballot.saysTheSame(as: earlier) { return answer(ballot) }
        try context.replace(earlier, with: ballot, on: poll)
        return answer(ballot)
    }

    private func answer(_ ballot: Ballot?) -> [UInt8] { object { PollText.writeOwn(ballot, to: &$0) } }
}
