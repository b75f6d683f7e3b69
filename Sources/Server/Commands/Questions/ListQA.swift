import Community
import LyceumProtocol

/// `qa.list`: a room's sessions and the questions of one, as the asking member may see them: everybody what is public
/// and their own, hosts and moderators everything.
///
/// Sorted by `votes` (for less against, then the older first), `new`, `old`, or `controversial`
/// (``VoteCounts/controversy``).
struct ListQA: Command, ReadCommand {
    static let fields: [Field] = [
        .required("room", .number), .optional("qa", .number),
        .optional("state", .word(Question.State.allCases.map(\.rawValue))), .optional("label", .string(1...50)),
        .optional("sort", .word(QuestionOrder.allCases.map(\.rawValue))), .optional("offset", .integer(0...10_000)),
        .optional("limit", .integer(1...500)),
    ]
    static let answer: [Field] = [
        .required("sessions", .array(.object(QuestionText.sessionFields), atMost: 50)),
        .optional("qa", .object(QuestionText.sessionFields + ": the one asked for, or else the newest that is open")),
        .required("hosting", .boolean),
        .required("questions", .array(.object(QuestionText.questionFields), atMost: 500)),
        .required("total", .position), .optional("next", .number), .required("seq", .position),
    ]
    private static let mostSessions = 50

    let room: RoomID?
    private let qa: SequenceNumber?
    private let state: Question.State?
    private let label: String?
    private let order: QuestionOrder
    private let offset: Int
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        qa = fields.optionalInteger("qa")
        state = fields.optionalString("state").flatMap(Question.State.init(rawValue:))
        label = fields.optionalString("label")
        order = fields.optionalString("sort").flatMap(QuestionOrder.init(rawValue:)) ?? .votes
        offset = Int(fields.optionalInteger("offset") ?? 0)
        limit = Int(fields.optionalInteger("limit") ?? 200)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room else { throw Refusal.notFound }
        let sessions = try context.reader.qaSessions(in: room, limit: Self.mostSessions)
        let chosen = try chosen(of: sessions, in: room, context.reader)
        let isHosting = chosen.map { session in
            context.community { Gate.mayHold(session, context.member, of: $0) }
        }
        let board = try chosen.map {
            try QuestionBoard(of: $0, for: context.member, isHosting: isHosting ?? false, context.reader)
        }
        let questions = (board?.questions ?? []).filter {
            (state == nil || $0.state == state) && label.map($0.labels.contains) ?? true
        }.sorted(by: order.precedes)
        let page = questions.dropFirst(offset).prefix(limit)
        let head = try context.reader.events(in: room, before: .max, limit: 1, messagesOnly: false).last?.seq ?? 0
        return object { json in
            json.field("sessions", array: sessions) { json, session in
                json.object { QASettings.write(session, to: &$0) }
            }
            if let chosen { json.field("qa", object: { QASettings.write(chosen, to: &$0) }) }
            json.field("hosting", isHosting ?? false)
            json.field("questions", array: page) { json, question in
                json.object { QuestionText.write(question, board?.view(of: question) ?? .init(), to: &$0) }
            }
            json.field("total", questions.count)
            if offset + limit < questions.count { json.field("next", offset + limit) }
            // The room's newest event that this answer knows of: what comes after it is news.
            json.field("seq", head)
        }
    }

    private func chosen(
        of sessions: [QASession], in room: RoomID, _ reader: any CommunityReader
    ) throws -> QASession? {
        if let qa {
            guard let session = try reader.qaSession(qa, in: room) else { throw Refusal.notFound }
            return session
        }
        return sessions.first { $0.state == .open } ?? sessions.first
    }
}

/// A session's questions as one member sees them, read from one snapshot.
struct QuestionBoard {
    let questions: [Question]
    private let own: Set<SequenceNumber>
    private let answers: [SequenceNumber: [QuestionAnswer]]
    private let mine: [SequenceNumber: Int64]

    init(of session: QASession, for member: MemberID, isHosting: Bool, _ reader: any CommunityReader) throws {
        let all = try reader.questions(of: session.seq, in: session.room)
        let own = try reader.ownQuestions(of: session.seq, in: session.room, by: member)
        self.own = own
        questions = all.filter { isHosting || $0.state.isPublic && !$0.text.isEmpty || own.contains($0.seq) }
        answers = Dictionary(grouping: try reader.answers(inQA: session.seq, of: session.room), by: \.question)
        mine = Self.effective(try reader.votes(of: member, inQA: session.seq, of: session.room), all)
    }

    /// What counts of a member's votes for each question: their own on it, else their newest on one merged into it, as
    /// ``QuestionReader/vote(of:on:in:)`` has it for one.
    private static func effective(_ votes: [QuestionVote], _ questions: [Question]) -> [SequenceNumber: Int64] {
        let into = Dictionary(questions.compactMap { question in question.into.map { (question.seq, $0) } }) { $1 }
        var newest: [SequenceNumber: QuestionVote] = [:]
        for vote in votes {
            var place: SequenceNumber? = vote.question
            while let seq = place {
                let other = newest[seq]
                let isDirect = vote.question == seq
                let goesBefore = other.map { other in
                    isDirect || other.question != seq && (other.at, other.question) < (vote.at, vote.question)
                }
                if goesBefore ?? true { newest[seq] = vote }
                place = into[seq]
            }
        }
        return newest.mapValues(\.value)
    }

    func view(of question: Question) -> QuestionText.View {
        .init(mine: mine[question.seq] ?? 0, isOwn: own.contains(question.seq), answers: answers[question.seq] ?? [])
    }
}
