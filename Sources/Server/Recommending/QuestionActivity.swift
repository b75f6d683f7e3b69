import Activity
import Community
import LyceumProtocol

/// What an event of a Q&A session says of anybody's activity. Of anonymous questions it says nothing: their authors
/// never reach the tracker, nor does what others do to them.
struct QuestionActivity {
    enum Step {
        /// A question or an answer is told to the room.
        case told(ActivityEvent.Post)
        /// An answer counts; both by its number and its author.
        case accepted(SequenceNumber, by: MemberID)
        /// The question was taken away.
        case gone
    }

    let question: SequenceNumber
    /// Whose activity it is.
    let member: MemberID
    let step: Step
    /// Whether it is the question itself that is told.
    var isQuestion: Bool {
        if case .told(let post) = step { post.form == .question } else { false }
    }

    /// - Returns: `nil` for what is nobody's activity.
    init?(_ event: RoomEvent, _ reader: any CommunityReader) throws {
        let fields = try Fields(event)
        let seq = fields.question ?? event.seq
        guard let question = try reader.question(seq, in: event.room), !question.isAnonymous else { return nil }
        self.question = seq
        switch (event.kind, fields.change) {
        case (.questionAsked, _) where fields.state == Question.State.open.rawValue:
            member = question.author
            step = .told(try Self.post(.question, seq, event, fields, reader))
        case (.questionUpdated, .approved?),
            (.questionUpdated, .reopened?) where fields.tellsAuthor:
            member = question.author
            step = .told(try Self.post(.question, seq, event, fields, reader))
        case (.questionUpdated, .answered?):
            member = event.author
            var post = try Self.post(.answer, seq, event, fields, reader)
            post.replyTo = question.author
            step = .told(post)
        case (.questionUpdated, .accepted?):
            guard let accepted = fields.accepted, let answer = try reader.answer(accepted, in: event.room) else {
                return nil
            }
            member = event.author
            step = .accepted(accepted, by: answer.author)
        case (.questionUpdated, .withdrawn?), (.questionUpdated, .removed?):
            member = question.author
            step = .gone
        default: return nil
        }
    }

    /// A text that was taken out of its event since stands in the revisions, so that deriving all anew gives the same.
    private static func post(
        _ form: ActivityEvent.Post.Form, _ question: SequenceNumber, _ event: RoomEvent, _ fields: Fields,
        _ reader: any CommunityReader
    ) throws -> ActivityEvent.Post {
        let text = fields.isTakenOut ? try reader.revisions(of: event.seq, in: event.room).first?.text : fields.text
        return ActivityEvent.Post(form: form, thread: question, text: text ?? "")
    }

    private struct Fields {
        let question, accepted: SequenceNumber?
        let change: QuestionChange.Kind?
        let state: String?
        let text: String
        let tellsAuthor: Bool
        let isTakenOut: Bool

        init(_ event: RoomEvent) throws {
            (question, accepted, change, state, text, tellsAuthor, isTakenOut) = try event.body.withUnsafeBytes {
                bytes in
                let json = try JSONObject(parsing: bytes)
                let answer = try json["answer"].map { try JSONObject($0) }
                return (
                    json["question"]?.integer, json["accepted"]?.integer,
                    json["change"]?.string.flatMap(QuestionChange.Kind.init(rawValue:)), json["state"]?.string,
                    answer?["text"]?.string ?? json["text"]?.string ?? "", json["author"] != nil,
                    json["removed"]?.bool ?? false
                )
            }
        }
    }
}
