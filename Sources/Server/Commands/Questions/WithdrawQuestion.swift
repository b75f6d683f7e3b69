import Community
import LyceumProtocol

/// `question.withdraw`: takes one's own question back as long as nothing has come of it; its text goes.
struct WithdrawQuestion: QuestionCommand {
    static let fields: [Field] = [.required("room", .number), .required("question", .number)]
    let step: QuestionStep
    var freesSpace: Bool { true }
    // It takes no reason.
    var texts: [SubmittedText] { [] }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        guard var question = try context.transaction.question(step.question, in: room.id),
            try context.transaction.author(of: question) == member.id
        else { throw Refusal.notFound }
        try context.check(question, for: .withdrawn)
        try context.takeOut("text", saying: question.text, of: question.textSeq, in: room.id)
        question.text = ""
        let teller = question.textSeq == nil ? MemberID(0) : question.author
        let event = try context.advance(&question, .withdrawn, by: teller) {
            ($0.state, $0.slot) = (.dismissed, nil)
        }
        return QuestionStep.reply(question, event)
    }
}

/// `question.reveal`: tells a moderator who asked an anonymous question that stands in the room or in the review queue.
/// The look is in the audit log, which says who looked and at what, and not who was seen.
struct RevealAuthor: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .optional("question", .number), .optional("item", .number),
        .required("reason", .string(1...500)),
    ]
    static let answer: [Field] = [.required("member", .object("id, name"))]

    let room: RoomID?
    private let question: SequenceNumber?
    private let item: ReviewItemID?
    private let reason: String

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        question = fields.optionalInteger("question")
        item = fields.optionalInteger("item")
        reason = try fields.string("reason")
        guard (question == nil) != (item == nil) else { throw .field("question", "given where \"item\" is not") }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let room = try context.room(room)
        let author = try author(in: room.id, context)
        guard let member = context.community.members[author] else { throw Refusal.notFound }
        try context.audit("question.reveal", room: room.id, item: item) { json in
            json.field("question", question)
            json.field("reason", reason)
        }
        return object { json in
            json.field(
                "member",
                object: { json in
                    json.field("id", member.id.rawValue)
                    json.field("name", member.name)
                })
        }
    }

    private func author(in room: RoomID, _ context: WriteContext) throws -> MemberID {
        if let item {
            let item = try context.reviewItem(item)
            guard item.room == room, item.isSealed else { throw Refusal.notFound }
            return item.member
        }
        guard let question, let sealed = try context.transaction.question(question, in: room), sealed.isAnonymous else {
            throw Refusal.notFound
        }
        return try context.transaction.author(of: sealed)
    }
}
