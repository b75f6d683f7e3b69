import Community
import LyceumProtocol

/// `message.report`: a complaint for the review queue, about a message, a question or an answer. Nobody but moderators
/// learns of it.
struct ReportMessage: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("seq", .number), .required("reason", .string(1...500)),
    ]
    static let answer: [Field] = []

    let room: RoomID?
    let seq: SequenceNumber
    let reason: String

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
        reason = try fields.string("reason")
    }

    var texts: [SubmittedText] { [SubmittedText(kind: .report, text: reason)] }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        let room = try context.room(room)
        let reported = try reported(in: room, context)
        let open = try context.transaction.reviewItem(about: seq, in: room.id).flatMap { $0.state == .open ? $0 : nil }
        if let open, try context.transaction.reports(onItem: open.id).contains(where: { $0.by == member.id }) {
            return emptyObject
        }
        var report = Report(room: room.id, seq: seq, by: member.id, at: context.now, reason: reason)
        report.verdict = context.judgement(on: .report).verdict.encoded
        let accuracy = try context.transaction.reports(by: member.id).accuracy
        var item = try open ?? newItem(reported, in: context)
        report.item = item.id
        item.reports += 1
        item.weight += accuracy
        try context.transaction.add(report)
        if open == nil { try context.add(&item, nil) } else { try context.update(&item, telling: .updated) }
        return emptyObject
    }

    /// What the queue needs to know of it.
    private struct Reported {
        let author: MemberID
        let text: String
        var thread: SequenceNumber?
        var subject = ReviewItem.Subject.message
        var about: SequenceNumber?
        var isSealed = false
    }

    private func reported(in room: Room, _ context: WriteContext) throws -> Reported {
        if let question = try context.transaction.question(seq, in: room.id) {
            guard question.state.isPublic, !question.text.isEmpty else { throw Refusal.notFound }
            return Reported(
                author: try context.transaction.author(of: question), text: question.text, subject: .question,
                about: question.qa, isSealed: question.isAnonymous)
        }
        if let answer = try context.transaction.answer(seq, in: room.id), !answer.isRemoved, !answer.text.isEmpty {
            return Reported(author: answer.author, text: answer.text, subject: .answer, about: answer.question)
        }
        let message = try context.message(seq, in: room.id)
        return Reported(author: message.event.author, text: message.text, thread: message.thread)
    }

    private func newItem(_ reported: Reported, in context: WriteContext) throws -> ReviewItem {
        guard let room else { throw Refusal.notFound }
        var item = ReviewItem(
            id: try context.transaction.makeReviewItemID(), kind: .report, room: room, member: reported.author,
            seq: seq, text: reported.text, createdAt: context.now)
        item.thread = reported.thread
        (item.subject, item.about, item.isSealed) = (reported.subject, reported.about, reported.isSealed)
        if let features = context.stage?.features(of: reported.text).features {
            item.fingerprint = Fingerprint.of(features)
        }
        return item
    }
}

/// `message.revisions`: what stood in a message before; for moderators.
struct ListRevisions: Command, ReadCommand {
    static let fields: [Field] = [.required("room", .number), .required("seq", .number)]
    static let answer: [Field] = [
        .required("revisions", .array(.object("seq of the event that replaced it, at, by, text"), atMost: 10_000))
    ]

    let room: RoomID?
    let seq: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        seq = try fields.integer("seq")
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room, try context.reader.event(seq, in: room)?.kind == .messagePosted else { throw Refusal.notFound }
        let revisions = try context.reader.revisions(of: seq, in: room)
        return object { json in
            json.field("revisions", array: revisions) { json, revision in
                json.object { json in
                    json.field("seq", revision.replacedBy)
                    json.field("at", revision.at)
                    json.field("by", revision.by.rawValue)
                    json.field("text", revision.text)
                }
            }
        }
    }
}
