import Community
import LyceumProtocol

/// Tells rooms of the votes since the last telling: one event for each question, with its counts as they are.
struct TellQuestionTallies: WriteCommand {
    /// Most questions in one transaction; the rest follow at the next telling.
    private static let limit = 1000
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let untold = try context.transaction.untoldTallies(limit: Self.limit)
        for question in untold {
            try context.append(.questionTally, in: question.room, by: MemberID(0)) { json in
                json.field("qa", question.qa)
                json.field("question", question.seq)
                QuestionText.write(question.counts, to: &json)
            }
            try context.transaction.markTold(question.seq, in: question.room)
        }
        context.note(.told(.questions))
        if untold.count == Self.limit { context.note(.changed(.questions)) }
        return emptyObject
    }
}
