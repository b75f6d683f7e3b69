import Community
import LyceumProtocol

/// Sessions, questions and answers as the wire has them, in events and in answers alike.
enum QuestionText {
    // MARK: Sessions

    /// What an event tells of a session, besides which one it is.
    static let session: [Field] = [
        .required("title", .string(1...200)), .required("state", .word(QASession.State.allCases.map(\.rawValue))),
        .required("host", .number), .required("hosts", .array(.number, atMost: 21)), .optional("starts_at", .number),
        .optional("ends_at", .number), .optional("opened_at", .number), .optional("closed_at", .number),
        .required("anonymous_allowed", .boolean), .required("premoderated", .boolean),
        .required("downvotes", .boolean), .required("self_votes", .boolean), .required("member_answers", .boolean),
        .required("concurrent", .boolean), .required("question_chars", .integer(QASession.questionCharactersRange)),
        .required("questions_per_member", .integer(0...1000)),
        .required("labels", .array(.string(1...50), atMost: 20)),
    ]
    static let sessionFields = "seq room " + session.map(\.name).joined(separator: " ")

    static func write(_ session: QASession, to json: inout JSONWriter) {
        json.field("title", session.title)
        json.field("state", session.state.rawValue)
        json.field("host", session.host.rawValue)
        json.field("hosts", array: [session.host] + session.cohosts) { $0.value($1.rawValue) }
        json.field("starts_at", session.startsAt)
        json.field("ends_at", session.endsAt)
        json.field("opened_at", session.openedAt)
        json.field("closed_at", session.closedAt)
        json.field("anonymous_allowed", session.rules.anonymousAllowed)
        json.field("premoderated", session.rules.premoderated)
        json.field("downvotes", session.rules.downvotes)
        json.field("self_votes", session.rules.selfVotes)
        json.field("member_answers", session.rules.memberAnswers)
        json.field("concurrent", session.rules.concurrent)
        json.field("question_chars", session.rules.questionCharacters)
        json.field("questions_per_member", session.rules.questionsPerMember)
        json.field("labels", array: session.labels) { $0.value($1) }
    }

    // MARK: Questions

    static let questionFields =
        "seq room qa text state slot at by anonymous own votes up down mine labels into thread accepted answered_at "
        + "answers[{\(answerFields)}]; by only of a named author, own only of one's own, text absent where a "
        + "moderator took it away"
    static let answerFields = "seq by at text spoken message mentor accepted"

    /// What the one who asks sees besides the question itself.
    struct View {
        var mine: Int64 = 0
        var isOwn = false
        var answers: [QuestionAnswer] = []
    }

    static func write(_ question: Question, _ view: View, to json: inout JSONWriter) {
        json.field("seq", question.seq)
        json.field("room", question.room.rawValue)
        json.field("qa", question.qa)
        if !question.text.isEmpty { json.field("text", question.text) }
        json.field("state", question.state.rawValue)
        json.field("slot", question.slot?.rawValue)
        json.field("at", question.askedAt)
        writeAuthor(question, to: &json)
        if view.isOwn { json.field("own", true) }
        write(question.counts, to: &json)
        json.field("mine", view.mine)
        json.field("labels", array: question.labels) { $0.value($1) }
        json.field("into", question.into)
        json.field("thread", question.thread)
        json.field("accepted", question.accepted)
        json.field("answered_at", question.answeredAt)
        write(view.answers, to: question, &json)
    }

    /// A question that a search has found. It has an author wherever messages have one, so that it reads like one: 0
    /// where it is anonymous, as in the room.
    static let foundFields = "seq room qa text state at by anonymous votes up down accepted answers[{\(answerFields)}]"

    static func writeFound(_ question: Question, _ answers: [QuestionAnswer], to json: inout JSONWriter) {
        json.field("seq", question.seq)
        json.field("room", question.room.rawValue)
        json.field("qa", question.qa)
        json.field("text", question.text)
        json.field("state", question.state.rawValue)
        json.field("at", question.askedAt)
        json.field("by", question.author.rawValue)
        if question.isAnonymous { json.field("anonymous", true) }
        write(question.counts, to: &json)
        json.field("accepted", question.accepted)
        write(answers, to: question, &json)
    }

    private static func write(_ answers: [QuestionAnswer], to question: Question, _ json: inout JSONWriter) {
        json.field("answers", array: answers.filter { !$0.isRemoved }) { json, answer in
            json.object { write(answer, isAccepted: answer.seq == question.accepted, to: &$0) }
        }
    }

    private static func writeAuthor(_ question: Question, to json: inout JSONWriter) {
        if question.isAnonymous {
            json.field("anonymous", true)
        } else {
            json.field("by", question.author.rawValue)
        }
    }

    static func write(_ counts: VoteCounts, to json: inout JSONWriter) {
        json.field("votes", counts.net)
        json.field("up", counts.up)
        json.field("down", counts.down)
    }

    static func write(_ answer: QuestionAnswer, isAccepted: Bool, to json: inout JSONWriter) {
        json.field("seq", answer.seq)
        json.field("by", answer.author.rawValue)
        json.field("at", answer.at)
        if !answer.text.isEmpty { json.field("text", answer.text) }
        if answer.isSpoken { json.field("spoken", true) }
        json.field("message", answer.message)
        if answer.isByMentor { json.field("mentor", true) }
        if isAccepted { json.field("accepted", true) }
    }

    // MARK: Events

    static let asked: [Field] = [
        .required("qa", .number), .required("state", .word(["submitted", "open"])),
        .optional("text", .string(0...4000)),
        .optional("anonymous", .boolean), .optional("removed", .boolean),
    ]
    static let updated: [Field] = [
        .required("qa", .number), .required("question", .number),
        .required("change", .word(QuestionChange.Kind.allCases.map(\.rawValue))),
        .required("from", .word(Question.State.allCases.map(\.rawValue))),
        .required("state", .word(Question.State.allCases.map(\.rawValue))),
        .optional("slot", .word(Question.Slot.allCases.map(\.rawValue))), .optional("reason", .string(1...500)),
        .optional("text", .string(0...4000)), .optional("author", .number), .optional("anonymous", .boolean),
        .optional("into", .number), .optional("thread", .number), .optional("accepted", .number),
        .required("labels", .array(.string(1...50), atMost: 20)), .optional("answer", .object(answerFields)),
        .optional("undoes", .word(QuestionChange.Kind.allCases.map(\.rawValue))), .optional("removed", .boolean),
    ]
    static let tally: [Field] = [
        .required("qa", .number), .required("question", .number), .required("votes", .integer(-(1 << 53)...1 << 53)),
        .required("up", .position), .required("down", .position),
    ]

    static func writeAsked(_ question: Question, to json: inout JSONWriter) {
        json.field("qa", question.qa)
        json.field("state", question.state.rawValue)
        if question.textSeq != nil { json.field("text", question.text) }
        if question.isAnonymous { json.field("anonymous", true) }
    }

    /// What goes into a `question.updated` event besides how the question stands now.
    struct News {
        var reason: String?
        /// Whether the event is the first to tell the text, and with it who asked.
        var tellsText = false
        var answer: QuestionAnswer?
        var undoes: QuestionChange.Kind?
    }

    static func writeUpdated(
        _ question: Question, _ change: QuestionChange.Kind, from: Question.State, _ news: News,
        to json: inout JSONWriter
    ) {
        json.field("qa", question.qa)
        json.field("question", question.seq)
        json.field("change", change.rawValue)
        json.field("from", from.rawValue)
        json.field("state", question.state.rawValue)
        json.field("slot", question.slot?.rawValue)
        json.field("reason", news.reason)
        if news.tellsText {
            json.field("text", question.text)
            if !question.isAnonymous { json.field("author", question.author.rawValue) }
        }
        if question.isAnonymous { json.field("anonymous", true) }
        json.field("into", question.into)
        json.field("thread", question.thread)
        json.field("accepted", question.accepted)
        json.field("labels", array: question.labels) { $0.value($1) }
        if let answer = news.answer {
            json.field("answer", object: { write(answer, isAccepted: answer.seq == question.accepted, to: &$0) })
        }
        json.field("undoes", news.undoes?.rawValue)
    }
}
