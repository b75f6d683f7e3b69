import Community
import LyceumProtocol

/// `qa.open`: opens a Q&A session in a room now, or at `starts_at`.
///
/// Two sessions may be open in a room at once only if both are `concurrent`; a scheduled one whose time has come waits
/// until the other is closed.
struct OpenQA: Command, WriteCommand {
    static let fields: [Field] = [.required("room", .number), .required("title", .string(1...200))] + QASettings.fields
    static let answer: [Field] = [
        .required("seq", .number), .required("at", .number), .required("qa", .object(QuestionText.sessionFields)),
    ]

    let room: RoomID?
    private let title: String
    private let settings: QASettings
    var texts: [SubmittedText] { [SubmittedText(kind: .title, text: title)] + settings.texts }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        title = try fields.string("title")
        settings = try QASettings(fields)
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let host = try context.requireActor()
        let room = try context.room(room)
        guard room.kind != .direct else { throw Refusal(.forbidden, "There are no sessions in direct rooms.") }
        var session = QASession(
            room: room.id, seq: context.nextSeq(in: room.id), title: try context.admit(title, as: .title),
            host: host.id, state: .open)
        try settings.apply(to: &session, in: context)
        if let startsAt = session.startsAt, startsAt > context.now {
            session.state = .scheduled
        } else {
            session.openedAt = context.now
            if try context.isBlocked(session) {
                throw Refusal(.conflict, "Another session is open in this room; close it first.")
            }
        }
        let opened = session
        let event = try context.append(.qaOpened, in: room.id, by: host.id) { QuestionText.write(opened, to: &$0) }
        try context.put(session)
        return object { json in
            json.field("seq", event.seq)
            json.field("at", event.at)
            json.field("qa", object: { QASettings.write(opened, to: &$0) })
        }
    }
}

/// What `qa.open` and `qa.update` may say of a session.
struct QASettings: Sendable {
    static let fields: [Field] = [
        .optional("starts_at", .position), .optional("ends_at", .position),
        .optional("cohosts", .array(.number, atMost: 20)), .optional("anonymous_allowed", .boolean),
        .optional("premoderated", .boolean), .optional("downvotes", .boolean), .optional("self_votes", .boolean),
        .optional("member_answers", .boolean), .optional("concurrent", .boolean),
        .optional("question_chars", .integer(QASession.questionCharactersRange)),
        .optional("questions_per_member", .integer(0...1000)),
        .optional("labels", .array(.string(1...50), atMost: 20)),
    ]

    let startsAt: UnixMilliseconds?
    let endsAt: UnixMilliseconds?
    let cohosts: [MemberID]?
    let labels: [String]?
    let selfVotes: Bool?
    private let flags: [(WritableKeyPath<QASession.Rules, Bool> & Sendable, Bool)]
    private let numbers: [(WritableKeyPath<QASession.Rules, Int64> & Sendable, Int64)]

    var texts: [SubmittedText] {
        labels.map { [SubmittedText(kind: .topic, text: $0.joined(separator: "\n"))] } ?? []
    }

    init(_ fields: CommandFields) throws(JSONError) {
        startsAt = fields.optionalInteger("starts_at")
        endsAt = fields.optionalInteger("ends_at")
        cohosts = fields.optionalIntegers("cohosts").map { $0.map { MemberID($0) } }
        labels = fields.json["labels"]?.elements?.compactMap(\.string)
        selfVotes = fields.optionalBool("self_votes")
        let flags: [(WritableKeyPath<QASession.Rules, Bool> & Sendable, Bool?)] = [
            (\.anonymousAllowed, fields.optionalBool("anonymous_allowed")),
            (\.premoderated, fields.optionalBool("premoderated")), (\.downvotes, fields.optionalBool("downvotes")),
            (\.selfVotes, selfVotes), (\.memberAnswers, fields.optionalBool("member_answers")),
            (\.concurrent, fields.optionalBool("concurrent")),
        ]
        let numbers: [(WritableKeyPath<QASession.Rules, Int64> & Sendable, Int64?)] = [
            (\.questionCharacters, fields.optionalInteger("question_chars")),
            (\.questionsPerMember, fields.optionalInteger("questions_per_member")),
        ]
        self.flags = flags.compactMap { path, value in value.map { (path, $0) } }
        self.numbers = numbers.compactMap { path, value in value.map { (path, $0) } }
        guard labels?.allSatisfy({ !$0.contains("\n") }) ?? true else { throw .field("labels", "without line breaks") }
        guard Set(labels ?? []).count == labels?.count ?? 0 else { throw .field("labels", "different labels") }
    }

    /// Sets what is given; refuses what does not hold together.
    func apply(to session: inout QASession, in context: WriteContext) throws {
        for (path, value) in flags { session.rules[keyPath: path] = value }
        for (path, value) in numbers { session.rules[keyPath: path] = value }
        if let startsAt { session.startsAt = startsAt == 0 ? nil : startsAt }
        if let endsAt { session.endsAt = endsAt == 0 ? nil : endsAt }
        if let cohosts {
            guard cohosts.allSatisfy({ context.community.membership(of: $0, in: session.room) != nil }) else {
                throw Refusal(.notFound, "A co-host has to be in the room.")
            }
            session.cohosts = Set(cohosts).subtracting([session.host]).sorted()
        }
        if let labels {
            let admitted = try context.admit(labels.joined(separator: "\n"), as: .topic)
            session.labels = admitted.split(separator: "\n").map(String.init)
        }
        try checkTimes(session, context.now)
        session.markAnnounced(at: context.now)
    }

    private func checkTimes(_ session: QASession, _ now: UnixMilliseconds) throws(Refusal) {
        guard let ends = session.endsAt, startsAt != nil || endsAt != nil else { return }
        guard ends > now, ends > session.startsAt ?? 0 else {
            throw Refusal(.malformed, "A session has to end after it starts, and not before now.")
        }
    }

    /// A session as answers have it.
    static func write(_ session: QASession, to json: inout JSONWriter) {
        json.field("seq", session.seq)
        json.field("room", session.room.rawValue)
        QuestionText.write(session, to: &json)
    }
}
