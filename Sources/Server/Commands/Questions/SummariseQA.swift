import Community
import LyceumProtocol

/// `qa.summary`: what came of a session, for those who hold it. Who asked anonymously is counted nowhere by name.
struct SummariseQA: Command, ReadCommand {
    static let fields: [Field] = [.required("room", .number), .required("qa", .number)]
    static let answer: [Field] = [
        .required("qa", .object(QuestionText.sessionFields)), .required("asked", .position),
        .required("anonymous", .position), .required("answered", .position),
        .required("states", .object("state → count")),
        .required("voters", .position), .required("votes", .position), .optional("median_wait_ms", .position),
        .required("askers", .array(.object("member questions, most first"), atMost: 10)),
        .required("answerers", .array(.object("member answers, most first"), atMost: 10)),
        .required(
            "votes_over_time", .array(.object("at votes: those since the row before that still count"), atMost: 61)),
    ]

    let room: RoomID?
    private let qa: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        qa = try fields.integer("qa")
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let session = try context.qaSessionToHold(qa, in: room)
        let summary = QASummary(
            questions: try context.reader.questions(of: qa, in: session.room),
            answers: try context.reader.answers(inQA: qa, of: session.room),
            votes: try context.reader.votes(inQA: qa, of: session.room))
        return object { json in
            json.field("qa", object: { QASettings.write(session, to: &$0) })
            summary.write(to: &json)
        }
    }
}

extension ReadContext {
    /// A session, for one who holds it.
    func qaSessionToHold(_ seq: SequenceNumber, in room: RoomID?) throws -> QASession {
        guard let room, let session = try reader.qaSession(seq, in: room) else { throw Refusal.notFound }
        guard community({ Gate.mayHold(session, member, of: $0) }) else {
            throw Refusal(.forbidden, "Only its hosts and the room's moderators may do this.")
        }
        return session
    }
}

/// Figures of a session, from its record alone.
struct QASummary {
    /// At most so many rows of ``votesOverTime``.
    private static let mostRows: Int64 = 60
    private static let mostMembers = 10

    let asked: Int
    let anonymous: Int
    let answered: Int
    let states: [Question.State: Int]
    let votes: Int
    let voters: Int
    /// From asking to being answered; of an even number the mean of the middle two.
    let medianWait: UnixMilliseconds?
    let askers: [(member: MemberID, count: Int)]
    let answerers: [(member: MemberID, count: Int)]
    let votesOverTime: [(at: UnixMilliseconds, count: Int)]

    init(questions: [Question], answers: [QuestionAnswer], votes: [QuestionVote]) {
        asked = questions.count
        anonymous = questions.count(where: \.isAnonymous)
        let waits = questions.compactMap { question in question.answeredAt.map { $0 - question.askedAt } }.sorted()
        answered = waits.count
        medianWait = waits.isEmpty ? nil : (waits[(waits.count - 1) / 2] + waits[waits.count / 2]) / 2
        states = Dictionary(grouping: questions, by: \.state).mapValues(\.count)
        self.votes = votes.count
        voters = Set(votes.map(\.member)).count
        askers = Self.top(questions.filter { !$0.isAnonymous }.map(\.author))
        answerers = Self.top(answers.filter { !$0.isRemoved }.map(\.author))
        votesOverTime = Self.rows(votes.map(\.at))
    }

    private static func top(_ members: [MemberID]) -> [(member: MemberID, count: Int)] {
        let counts = Dictionary(grouping: members) { $0 }.map { (member: $0.key, count: $0.value.count) }
        return Array(counts.sorted { ($1.count, $0.member) < ($0.count, $1.member) }.prefix(mostMembers))
    }

    /// Counts by equal spans of whole minutes, so that a short session shows its minutes and a long one its course.
    private static func rows(_ times: [UnixMilliseconds]) -> [(at: UnixMilliseconds, count: Int)] {
        guard let first = times.min(), let last = times.max() else { return [] }
        let minute: Int64 = 60_000
        let span = max(1, (last - first) / minute / mostRows + 1) * minute
        let start = first / minute * minute
        let counts = Dictionary(grouping: times) { ($0 - start) / span }.mapValues(\.count)
        return (0...(last - start) / span).map { (start + $0 * span, counts[$0] ?? 0) }
    }

    func write(to json: inout JSONWriter) {
        json.field("asked", asked)
        json.field("anonymous", anonymous)
        json.field("answered", answered)
        json.field(
            "states",
            object: { json in
                for (state, count) in states.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                    json.name(dynamic: state.rawValue)
                    json.value(count)
                }
            })
        json.field("voters", voters)
        json.field("votes", votes)
        json.field("median_wait_ms", medianWait)
        write("askers", "questions", askers, to: &json)
        write("answerers", "answers", answerers, to: &json)
        json.field("votes_over_time", array: votesOverTime) { json, row in
            json.object { json in
                json.field("at", row.at)
                json.field("votes", row.count)
            }
        }
    }

    private func write(
        _ name: StaticString, _ unit: StaticString, _ members: [(member: MemberID, count: Int)],
        to json: inout JSONWriter
    ) {
        json.field(name, array: members) { json, row in
            json.object { json in
                json.field("member", row.member.rawValue)
                json.field(unit, row.count)
            }
        }
    }
}
